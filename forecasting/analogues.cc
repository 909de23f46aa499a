#include "forecasting/analogues.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace restock {
namespace {

double MeanOfKnown(const Eigen::Ref<const Eigen::VectorXf>& values) {
  const auto known = values.array() == values.array();
  return known.any() ? known.select(values.array(), 0.f).cast<double>().sum() / static_cast<double>(known.count())
                     : NAN;
}

/// Gower's dissimilarity of a series to all others: NaN attributes do not count.
std::vector<double> Dissimilarities(const DemandHistory& history, int series) {
  const size_t num_series = history.series.size();
  std::vector<double> sum(num_series), weight(num_series);
  const auto add = [&](size_t other, double difference) {
    if (std::isnan(difference)) return;
    sum[other] += difference;
    ++weight[other];
  };
  const Series& own = history.series[static_cast<size_t>(series)];
  for (size_t other = 0; other < num_series; ++other) {
    const Series& theirs = history.series[other];
    add(other, own.sku == theirs.sku ? 0 : 1);
    add(other, own.warehouse == theirs.warehouse ? 0 : 1);
    if (!own.category.empty()) add(other, own.category == theirs.category ? 0 : 1);
  }
  for (const Covariate& covariate : history.covariates) {
    if (!covariate.known_ahead) continue;
    std::vector<double> means;
    for (size_t other = 0; other < num_series; ++other)
      means.push_back(MeanOfKnown(covariate.values.col(static_cast<Eigen::Index>(other))));
    double low = INFINITY, high = -INFINITY;
    for (const double mean : means)
      if (!std::isnan(mean)) low = std::min(low, mean), high = std::max(high, mean);
    for (size_t other = 0; other < num_series && high > low; ++other)
      add(other, std::abs(means[other] - means[static_cast<size_t>(series)]) / (high - low));
  }
  for (size_t other = 0; other < num_series; ++other) sum[other] /= weight[other];
  return sum;
}

/// Mean demand per series and period of each warehouse, of series that are not new.
std::map<std::string, double> WarehouseSizes(const DemandHistory& history, const std::vector<bool>& is_new) {
  std::map<std::string, std::pair<double, int>> sums;
  for (size_t i = 0; i < is_new.size(); ++i) {
    const double mean = MeanOfKnown(history.demand.col(static_cast<Eigen::Index>(i)));
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

std::vector<Analogue> FindAnalogues(const DemandHistory& history, int series, const std::vector<bool>& is_new,
                                    const std::vector<int>& cluster, int count) {
  const std::vector<double> distance = Dissimilarities(history, series);
  std::vector<int> nearest;
  for (int other = 0; other < history.num_series(); ++other)
    if (other != series && !is_new[static_cast<size_t>(other)]) nearest.push_back(other);
  std::stable_sort(nearest.begin(), nearest.end(),
                   [&](int a, int b) { return distance[static_cast<size_t>(a)] < distance[static_cast<size_t>(b)]; });
  if (static_cast<int>(nearest.size()) > count) nearest.resize(static_cast<size_t>(count));

  // the cluster that most of them belong to, of equal ones that of the nearest
  std::map<int, int> votes;
  for (const int other : nearest) ++votes[cluster[static_cast<size_t>(other)]];
  int chosen = nearest.empty() ? 0 : cluster[static_cast<size_t>(nearest.front())];
  for (const auto& [label, number] : votes)
    if (number > votes[chosen]) chosen = label;

  const std::map<std::string, double> sizes = WarehouseSizes(history, is_new);
  const auto size_of = [&](int column) {
    const auto found = sizes.find(history.series[static_cast<size_t>(column)].warehouse);
    return found != sizes.end() && found->second > 0 ? found->second : NAN;
  };
  std::vector<Analogue> analogues;
  for (const int other : nearest) {
    if (cluster[static_cast<size_t>(other)] != chosen) continue;
    const double scale = size_of(series) / size_of(other);
    analogues.push_back({other, std::isnan(scale) ? 1 : scale});
  }
  return analogues;
}

}  // namespace restock
