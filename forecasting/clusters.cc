#include "forecasting/clusters.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

namespace restock {
namespace {

constexpr int kStarts = 10;
constexpr int kMostIterations = 100;
constexpr double kInfinite = std::numeric_limits<double>::infinity();

std::vector<int> InOrderOfMeeting(const std::vector<int>& labels) {
  std::map<int, int> number;
  std::vector<int> ordered;
  for (const int label : labels) {
    const int next = static_cast<int>(number.size());
    ordered.push_back(number.try_emplace(label, next).first->second);
  }
  return ordered;
}

/// Centres far apart: each is a row drawn in proportion to its squared distance from those before.
Eigen::MatrixXd DrawCentres(const Eigen::MatrixXd& points, int num_clusters, RandomStream& stream) {
  Eigen::MatrixXd centres(num_clusters, points.cols());
  centres.row(0) = points.row(stream.UniformInt(static_cast<int>(points.rows())));
  Eigen::VectorXd distance = (points.rowwise() - centres.row(0)).rowwise().squaredNorm();
  for (int cluster = 1; cluster < num_clusters; ++cluster) {
    double left = stream.Uniform() * distance.sum();
    Eigen::Index row = 0;
    while (row + 1 < points.rows() && (left -= distance[row]) >= 0) ++row;
    centres.row(cluster) = points.row(row);
    distance = distance.cwiseMin((points.rowwise() - centres.row(cluster)).rowwise().squaredNorm());
  }
  return centres;
}

/// Gives each row the nearest centre; returns the sum of squared distances.
double Assign(const Eigen::MatrixXd& points, const Eigen::MatrixXd& centres, std::vector<int>& labels) {
  double sum = 0;
  for (Eigen::Index row = 0; row < points.rows(); ++row) {
    Eigen::Index nearest = 0;
    sum += (centres.rowwise() - points.row(row)).rowwise().squaredNorm().minCoeff(&nearest);
    labels[static_cast<size_t>(row)] = static_cast<int>(nearest);
  }
  return sum;
}

void MoveCentres(const Eigen::MatrixXd& points, const std::vector<int>& labels, Eigen::MatrixXd& centres) {
  Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(centres.rows(), centres.cols());
  Eigen::VectorXd count = Eigen::VectorXd::Zero(centres.rows());
  for (Eigen::Index row = 0; row < points.rows(); ++row) {
    sum.row(labels[static_cast<size_t>(row)]) += points.row(row);
    ++count[labels[static_cast<size_t>(row)]];
  }
  for (Eigen::Index i = 0; i < centres.rows(); ++i)
    if (count[i] > 0) centres.row(i) = sum.row(i) / count[i];
}

/// What merging two groups adds to the sum of squares within groups.
struct Group {
  Eigen::RowVectorXd mean;
  double size = 1;
  double CostWith(const Group& other) const {
    return size * other.size / (size + other.size) * (mean - other.mean).squaredNorm();
  }
};

struct Merge {
  double cost = 0;
  int kept = 0, gone = 0;
};

/// All merges until one group is left, found along chains of nearest neighbours.
std::vector<Merge> MergeAll(const Eigen::MatrixXd& points) {
  std::vector<Group> groups;
  for (Eigen::Index row = 0; row < points.rows(); ++row) groups.push_back({points.row(row), 1});
  std::vector<int> alive(groups.size()), chain;
  for (size_t i = 0; i < alive.size(); ++i) alive[i] = static_cast<int>(i);
  std::vector<Merge> merges;
  while (alive.size() > 1) {
    if (chain.empty()) chain.push_back(alive.front());
    const int end = chain.back(), before = chain.size() > 1 ? chain[chain.size() - 2] : -1;
    const Group& group = groups[static_cast<size_t>(end)];
    int nearest = before;
    double least = before >= 0 ? group.CostWith(groups[static_cast<size_t>(before)]) : kInfinite;
    for (const int other : alive) {
      if (other == end) continue;
      const double cost = group.CostWith(groups[static_cast<size_t>(other)]);
      if (cost < least) least = cost, nearest = other;
    }
    if (nearest != before) {
      chain.push_back(nearest);
      continue;
    }
    const int kept = std::min(end, before), gone = std::max(end, before);
    Group& into = groups[static_cast<size_t>(kept)];
    const Group& from = groups[static_cast<size_t>(gone)];
    into.mean = (into.size * into.mean + from.size * from.mean) / (into.size + from.size);
    into.size += from.size;
    merges.push_back({least, kept, gone});
    chain.resize(chain.size() - 2);
    std::erase(alive, gone);
  }
  return merges;
}

}  // namespace

std::vector<int> KMeans(const Eigen::MatrixXd& points, int num_clusters, const Random& random) {
  const auto num_rows = static_cast<int>(points.rows());
  if (num_rows == 0) return {};
  num_clusters = std::clamp(num_clusters, 1, num_rows);
  std::vector<int> best;
  double least = kInfinite;
  for (int start = 0; start < kStarts; ++start) {
    RandomStream stream = random.Stream("k-means").At(static_cast<uint64_t>(start));
    Eigen::MatrixXd centres = DrawCentres(points, num_clusters, stream);
    std::vector<int> labels(static_cast<size_t>(num_rows)), before;
    double sum = Assign(points, centres, labels);
    for (int iteration = 0; iteration < kMostIterations && labels != before; ++iteration) {
      before = labels;
      MoveCentres(points, labels, centres);
      sum = Assign(points, centres, labels);
    }
    if (sum < least) least = sum, best = labels;
  }
  return InOrderOfMeeting(best.empty() ? std::vector<int>(static_cast<size_t>(num_rows)) : best);
}

WardTree::WardTree(const Eigen::MatrixXd& points) : num_rows_(static_cast<size_t>(points.rows())) {
  if (num_rows_ == 0) return;
  std::vector<Merge> merges = MergeAll(points);
  std::stable_sort(merges.begin(), merges.end(), [](const Merge& a, const Merge& b) { return a.cost < b.cost; });
  for (const Merge& merge : merges) merges_.emplace_back(merge.kept, merge.gone);
}

std::vector<int> WardTree::Clusters(int num_clusters) const {
  // the cheapest merges, each row belonging to the smallest of its group
  const size_t num_merges =
      merges_.size() - std::min(merges_.size(), static_cast<size_t>(std::max(1, num_clusters) - 1));
  std::vector<int> parent(num_rows_);
  for (size_t i = 0; i < parent.size(); ++i) parent[i] = static_cast<int>(i);
  const auto root = [&](int row) {
    while (parent[static_cast<size_t>(row)] != row) row = parent[static_cast<size_t>(row)];
    return row;
  };
  for (size_t i = 0; i < num_merges; ++i) {
    const int a = root(merges_[i].first), b = root(merges_[i].second);
    parent[static_cast<size_t>(std::max(a, b))] = std::min(a, b);
  }
  std::vector<int> labels;
  for (int row = 0; row < static_cast<int>(parent.size()); ++row) labels.push_back(root(row));
  return InOrderOfMeeting(labels);
}

double Silhouette(const Eigen::MatrixXd& points, const std::vector<int>& labels) {
  const int num_clusters = labels.empty() ? 0 : *std::max_element(labels.begin(), labels.end()) + 1;
  if (num_clusters < 2) return 0;
  Eigen::VectorXd size = Eigen::VectorXd::Zero(num_clusters);
  for (const int label : labels) ++size[label];
  double sum = 0;
  for (Eigen::Index row = 0; row < points.rows(); ++row) {
    const int own = labels[static_cast<size_t>(row)];
    if (size[own] < 2) continue;
    Eigen::VectorXd distance = Eigen::VectorXd::Zero(num_clusters);
    for (Eigen::Index other = 0; other < points.rows(); ++other)
      distance[labels[static_cast<size_t>(other)]] += (points.row(row) - points.row(other)).norm();
    const double within = distance[own] / (size[own] - 1);
    double next = kInfinite;
    for (int cluster = 0; cluster < num_clusters; ++cluster)
      if (cluster != own) next = std::min(next, distance[cluster] / size[cluster]);
    const double larger = std::max(within, next);
    if (larger > 0) sum += (next - within) / larger;
  }
  return sum / static_cast<double>(points.rows());
}

}  // namespace restock
