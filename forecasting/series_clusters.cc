#include "forecasting/series_clusters.h"

#include <algorithm>
#include <optional>

#include "forecasting/clusters.h"
#include "forecasting/pca.h"
#include "forecasting/shape_features.h"

namespace restock {
namespace {

constexpr int kMostClusters = 8;         // that are tried
constexpr Eigen::Index kMostRows = 600;  // that the silhouette looks at: it compares each with each

/// Groups rows into any number of groups.
class Grouping {
 public:
  Grouping(ClusterMethod method, const Eigen::MatrixXd& points, const Random& random)
      : points_(points), random_(random) {
    if (method == ClusterMethod::kWard) tree_.emplace(points);
  }
  std::vector<int> Groups(int count) const { return tree_ ? tree_->Clusters(count) : KMeans(points_, count, random_); }

 private:
  const Eigen::MatrixXd& points_;
  const Random& random_;
  std::optional<WardTree> tree_;
};

/// The silhouette over rows at equal distances, where there are many.
double SilhouetteOfSome(const Eigen::MatrixXd& points, const std::vector<int>& labels) {
  const Eigen::Index step = (points.rows() + kMostRows - 1) / kMostRows;
  std::vector<Eigen::Index> rows;
  std::vector<int> chosen;
  for (Eigen::Index row = 0; row < points.rows(); row += step) {
    rows.push_back(row);
    chosen.push_back(labels[static_cast<size_t>(row)]);
  }
  return Silhouette(points(rows, Eigen::all), chosen);
}

std::vector<int> BestClusters(const Grouping& grouping, const Eigen::MatrixXd& points, double& silhouette) {
  std::vector<int> best(static_cast<size_t>(points.rows()));
  silhouette = 0;
  const int most = std::min<int>(kMostClusters, static_cast<int>(points.rows()) - 1);
  for (int count = 2; count <= most; ++count) {
    const std::vector<int> labels = grouping.Groups(count);
    const double score = SilhouetteOfSome(points, labels);
    if (score > silhouette) silhouette = score, best = labels;
  }
  return best;
}

}  // namespace

ClusterConfig ReadClusterConfig(ConfigNode clusters) {
  ClusterConfig config;
  clusters.ReadChoice<ClusterMethod>(
      "method", config.method,
      {{"none", ClusterMethod::kNone}, {"kmeans", ClusterMethod::kKMeans}, {"ward", ClusterMethod::kWard}});
  clusters.Read("count", config.count, Between(0, 1000));
  clusters.Read("variance", config.variance, AboveAndUpTo(0, 1));
  clusters.ExpectNoMoreKeys();
  return config;
}

SeriesClusters ClusterSeries(const ClusterConfig& config, const DemandHistory& history, const Random& random) {
  const ShapeFeatures shape = ShapeOf(history);
  SeriesClusters clusters;
  clusters.features = shape.names;
  clusters.label.assign(static_cast<size_t>(history.num_series()), -1);
  std::vector<Eigen::Index> known;
  for (Eigen::Index series = 0; series < history.num_series(); ++series)
    if (shape.is_known[static_cast<size_t>(series)]) known.push_back(series);
  if (known.empty() || config.method == ClusterMethod::kNone) return clusters;

  const Eigen::MatrixXd features = shape.values(known, Eigen::all);
  const Pca pca(features, config.variance);
  clusters.num_components = static_cast<int>(pca.num_components());
  clusters.explained = pca.explained();
  const Eigen::MatrixXd points = pca.Scores(features);
  const Grouping grouping(config.method, points, random);
  std::vector<int> labels;
  if (config.count > 0) {
    labels = grouping.Groups(config.count);
    clusters.silhouette = SilhouetteOfSome(points, labels);
  } else {
    labels = BestClusters(grouping, points, clusters.silhouette);
  }
  clusters.count = *std::max_element(labels.begin(), labels.end()) + 1;

  clusters.mean_features = Eigen::MatrixXd::Zero(clusters.count, features.cols());
  Eigen::VectorXd size = Eigen::VectorXd::Zero(clusters.count);
  for (size_t i = 0; i < known.size(); ++i) {
    clusters.label[static_cast<size_t>(known[i])] = labels[i];
    clusters.mean_features.row(labels[i]) += features.row(static_cast<Eigen::Index>(i));
    ++size[labels[i]];
  }
  for (int i = 0; i < clusters.count; ++i) clusters.mean_features.row(i) /= size[i];
  return clusters;
}

}  // namespace restock
