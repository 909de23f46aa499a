#include "common/demand.h"

#include <cmath>
#include <utility>

#include "common/check.h"

namespace restock {
namespace {

/// Shares are sums of floats, so that a full day may miss 1 by a rounding error.
constexpr float kFullShare = 0.9999f;

}  // namespace

bool DemandHistory::IsUncensored(int period, int column) const {
  return !std::isnan(sales(period, column)) && in_stock_share(period, column) >= kFullShare;
}

DemandHistory DemandHistory::Until(int num_first_periods) const {
  RESTOCK_CHECK_GE(num_first_periods, 0);
  RESTOCK_CHECK_LE(num_first_periods, num_periods());

  // what is written here once is copied; the tables are cut while they are copied
  DemandHistory past;
  past.calendar = calendar;
  past.unit = unit;
  past.unit_size = unit_size;
  past.currency = currency;
  past.series = series;
  past.sales = sales.topRows(num_first_periods);
  past.in_stock_share = in_stock_share.topRows(num_first_periods);
  past.demand = demand.topRows(num_first_periods);

  // plans for the future are known, what was measured later is not
  for (const Covariate& covariate : covariates) {
    const Eigen::Index rows = covariate.known_ahead ? covariate.values.rows() : num_first_periods;
    past.covariates.push_back({covariate.name, covariate.known_ahead, covariate.values.topRows(rows)});
  }
  return past;
}

namespace {

/// Start of row (a, b, ...) in an array whose last dimension is the scenarios.
size_t Offset(int row, int num_scenarios) { return static_cast<size_t>(row) * static_cast<size_t>(num_scenarios); }

}  // namespace

ScenarioSet::Row ScenarioSet::Demand(int period, int column) {
  return {&demand[Offset(period * num_series + column, num_scenarios)], num_scenarios};
}

ScenarioSet::ConstRow ScenarioSet::Demand(int period, int column) const {
  return {&demand[Offset(period * num_series + column, num_scenarios)], num_scenarios};
}

ScenarioSet::Row ScenarioSet::Forecast(int period, int target, int feature) {
  const int row = (period * num_targets() + target) * kNumForecastFeatures + feature;
  return {&forecast[Offset(row, num_scenarios)], num_scenarios};
}

ScenarioSet::ConstRow ScenarioSet::Forecast(int period, int target, int feature) const {
  const int row = (period * num_targets() + target) * kNumForecastFeatures + feature;
  return {&forecast[Offset(row, num_scenarios)], num_scenarios};
}

ScenarioSet::Row ScenarioSet::PathMean(int period, int column, int step) {
  const int row = (period * num_series + column) * path_horizon + step;
  return {&path_mean[Offset(row, num_path_scenarios)], num_path_scenarios};
}

ScenarioSet::ConstRow ScenarioSet::PathMean(int period, int column, int step) const {
  const int row = (period * num_series + column) * path_horizon + step;
  return {&path_mean[Offset(row, num_path_scenarios)], num_path_scenarios};
}

void ScenarioSet::Resize(int scenarios, int periods, int series_count, std::vector<ForecastTarget> site_targets) {
  num_scenarios = scenarios;
  num_periods = periods;
  num_series = series_count;
  targets = std::move(site_targets);
  origin.assign(static_cast<size_t>(scenarios), 0);
  demand.assign(Offset(periods * series_count, scenarios), 0.f);
  forecast.assign(Offset(periods * num_targets() * kNumForecastFeatures, scenarios), 0.f);
  ResizePathMean(0, 0);
}

void ScenarioSet::ResizePathMean(int scenarios, int horizon) {
  RESTOCK_CHECK_LE(scenarios, num_scenarios);
  num_path_scenarios = scenarios;
  path_horizon = horizon;
  path_mean.assign(Offset(num_periods * num_series * horizon, scenarios), 0.f);
}

}  // namespace restock
