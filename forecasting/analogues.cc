#include "forecasting/analogues.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "forecasting/known_values.h"

namespace restock {
namespace {

/// Mean of each series' values as a place between the least and the largest; NaN where nothing is known, none where all
/// are equal.  (num_series)
Eigen::VectorXd PlacesOf(const Eigen::MatrixXf& values) {
  Eigen::VectorXd means(values.cols());
  for (Eigen::Index series = 0; series < values.cols(); ++series) means[series] = MeanOfKnown(values.col(series), NAN);
  const auto known = means.array() == means.array();
  const double low = known.select(means.array(), INFINITY).minCoeff();
  const double high = known.select(means.array(), -INFINITY).maxCoeff();
  if (!(high > low)) return {};
  return (means.array() - low) / (high - low);
}

/// Mean demand per series and period of each warehouse, of series that are not new.
std::map<std::string, double> WarehouseSizes(const DemandHistory& history, const std::vector<bool>& is_new) {
  std::map<std::string, std::pair<double, int>> sums;
  for (size_t i = 0; i < is_new.size(); ++i) {
    const double mean = MeanOfKnown(history.demand.col(static_cast<Eigen::Index>(i)), NAN);
    if (is_new[i] || std::isnan(mean)) continue;
    auto& [sum, count] = sums[history.series[i].warehouse];
    sum += mean;
    ++count;
  }
  std::map<std::string, double> sizes;
  for (const auto& [warehouse, sum] : sums) sizes[warehouse] = sum.first / sum.second;
  return sizes;
}

}  // namespace

AnalogueFinder::AnalogueFinder(const DemandHistory& history, std::vector<bool> is_new, std::vector<int> cluster)
    : history_(history),
      is_new_(std::move(is_new)),
      cluster_(std::move(cluster)),
      sizes_(WarehouseSizes(history, is_new_)) {
  for (const Covariate& covariate : history.covariates) {
    if (!covariate.known_ahead || covariate.values.size() == 0) continue;
    if (Eigen::VectorXd places = PlacesOf(covariate.values); places.size() > 0) plans_.push_back(std::move(places));
  }
}

std::vector<double> AnalogueFinder::Dissimilarities(int series) const {
  const size_t num_series = history_.series.size();
  const Series& own = history_.series[static_cast<size_t>(series)];
  std::vector<double> dissimilarities;
  for (size_t other = 0; other < num_series; ++other) {
    const Series& theirs = history_.series[other];
    double sum = (own.sku == theirs.sku ? 0 : 1) + (own.warehouse == theirs.warehouse ? 0 : 1), count = 2;
    if (!own.category.empty()) sum += own.category == theirs.category ? 0 : 1, ++count;
    for (const Eigen::VectorXd& places : plans_) {
      const double difference = std::abs(places[static_cast<Eigen::Index>(other)] - places[series]);
      if (!std::isnan(difference)) sum += difference, ++count;
    }
    dissimilarities.push_back(sum / count);
  }
  return dissimilarities;
}

double AnalogueFinder::SizeOf(int series) const {
  const auto found = sizes_.find(history_.series[static_cast<size_t>(series)].warehouse);
  return found != sizes_.end() && found->second > 0 ? found->second : NAN;
}

std::vector<Analogue> AnalogueFinder::Find(int series, int count) const {
  const std::vector<double> distance = Dissimilarities(series);
  std::vector<int> nearest;
  for (int other = 0; other < history_.num_series(); ++other)
    if (other != series && !is_new_[static_cast<size_t>(other)]) nearest.push_back(other);
  std::stable_sort(nearest.begin(), nearest.end(),
                   [&](int a, int b) { return distance[static_cast<size_t>(a)] < distance[static_cast<size_t>(b)]; });
  if (static_cast<int>(nearest.size()) > count) nearest.resize(static_cast<size_t>(count));

  // the cluster that most of them belong to, of equal ones that of the nearest
  std::map<int, int> votes;
  for (const int other : nearest) ++votes[cluster_[static_cast<size_t>(other)]];
  int chosen = nearest.empty() ? 0 : cluster_[static_cast<size_t>(nearest.front())];
  for (const auto& [label, number] : votes)
    if (number > votes[chosen]) chosen = label;

  std::vector<Analogue> analogues;
  for (const int other : nearest) {
    if (cluster_[static_cast<size_t>(other)] != chosen) continue;
    const double scale = SizeOf(series) / SizeOf(other);
    analogues.push_back({other, std::isnan(scale) ? 1 : scale});
  }
  return analogues;
}

}  // namespace restock
