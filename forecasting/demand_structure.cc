#include "forecasting/demand_structure.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "common/text.h"
#include "forecasting/known_values.h"

namespace restock {
namespace {

constexpr size_t kMostProducts = 300;  // that rules are looked for between

/// Mean of a covariate over the known periods of each series, 1 where none is known; none without a name.  (num_series)
std::vector<double> UnitValues(const std::string& name, const DemandHistory& history) {
  std::vector<std::string> names;
  for (const Covariate& covariate : history.covariates) {
    names.push_back(covariate.name);
    if (covariate.name != name) continue;
    std::vector<double> values;
    for (const auto column : covariate.values.topRows(history.num_periods()).colwise())
      values.push_back(MeanOfKnown(column, 1));
    return values;
  }
  if (name.empty()) return {};
  throw ConfigError(fmt::format("data.structure.value: {} is none of data.covariates.{}", Quote(name),
                                names.empty() ? " There are none." : Suggestion(name, names)));
}

double SumOf(const Eigen::MatrixXf& demand, Eigen::Index series) {
  const auto column = demand.col(series).array();
  return column.isNaN().select(0.f, column).cast<double>().sum();
}

/// The products that sell most, by name.
std::vector<std::string> LargestProducts(const DemandHistory& history) {
  std::map<std::string, double> sales;
  for (int series = 0; series < history.num_series(); ++series)
    sales[history.series[static_cast<size_t>(series)].sku] += SumOf(history.sales, series);
  std::vector<std::pair<double, std::string>> ranking;
  for (const auto& [sku, total] : sales) ranking.emplace_back(-total, sku);
  std::sort(ranking.begin(), ranking.end());
  if (ranking.size() > kMostProducts) ranking.resize(kMostProducts);
  std::vector<std::string> skus;
  for (const auto& entry : ranking) skus.push_back(entry.second);
  std::sort(skus.begin(), skus.end());
  return skus;
}

/// Infinite where nothing is known.
double MedianSale(const DemandHistory& history, int series) {
  std::vector<double> known;
  for (const float sale : history.sales.col(series))
    if (!std::isnan(sale)) known.push_back(sale);
  return known.empty() ? INFINITY : MedianOf(std::move(known));
}

}  // namespace

StructureConfig ReadStructureConfig(ConfigNode structure) {
  StructureConfig config;
  structure.Read("value", config.value);
  structure.Read("a_share", config.limits.a_share, Between(0, 1));
  structure.Read("b_share", config.limits.b_share, Between(config.limits.a_share, 1));
  structure.Read("x_variation", config.limits.x_variation, AtLeast(0));
  structure.Read("y_variation", config.limits.y_variation, AtLeast(config.limits.x_variation));
  config.clusters = ReadClusterConfig(structure.Child("clusters"));
  ConfigNode together = structure.Child("together");
  together.Read("min_support", config.together.min_support, AboveAndUpTo(0, 1));
  together.Read("min_confidence", config.together.min_confidence, Between(0, 1));
  together.Read("min_lift", config.together.min_lift, AtLeast(0));
  together.ExpectNoMoreKeys();
  structure.ExpectNoMoreKeys();
  return config;
}

DemandStructure StructureOf(const StructureConfig& config, const DemandHistory& history, const Random& random) {
  DemandStructure structure;
  const std::vector<double> unit_value = UnitValues(config.value, history);
  double total = 0;
  for (int series = 0; series < history.num_series(); ++series) {
    const DemandPattern pattern = PatternOf(history.demand.col(series).cast<double>());
    structure.demand_class.push_back(std::isfinite(pattern.mean_interval) ? NameOf(pattern.demand_class()) : "");
    const double value = unit_value.empty() ? 1 : unit_value[static_cast<size_t>(series)];
    structure.share.push_back(value * SumOf(history.demand, series));
    total += structure.share.back();
  }
  for (double& share : structure.share) share = total > 0 ? share / total : 0;
  structure.abc_xyz = AbcXyzClasses(history.demand, unit_value, config.limits);
  structure.clusters = ClusterSeries(config.clusters, history, random);
  structure.sold_together = FindAssociations(BasketsOf(history, structure.skus), config.together);
  return structure;
}

std::vector<std::vector<int>> BasketsOf(const DemandHistory& history, std::vector<std::string>& skus) {
  skus = LargestProducts(history);
  std::map<std::pair<std::string, int>, std::set<int>> baskets;  // by warehouse and period
  for (int series = 0; series < history.num_series(); ++series) {
    const Series& name = history.series[static_cast<size_t>(series)];
    const auto found = std::lower_bound(skus.begin(), skus.end(), name.sku);
    if (found == skus.end() || *found != name.sku) continue;
    const double usual = MedianSale(history, series);
    for (int period = 0; period < history.num_periods(); ++period) {
      if (history.sales(period, series) > usual)
        baskets[{name.warehouse, period}].insert(static_cast<int>(found - skus.begin()));
    }
  }
  std::vector<std::vector<int>> lists;
  for (const auto& entry : baskets) lists.emplace_back(entry.second.begin(), entry.second.end());
  return lists;
}

}  // namespace restock
