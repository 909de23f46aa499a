#include "forecasting/cleaning.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "forecasting/impute_neighbours.h"
#include "forecasting/known_values.h"

namespace restock {
namespace {

constexpr double kNormalConsistency = 1.4826;  // standard deviation over median absolute deviation of a normal
constexpr size_t kFewestInWindow = 5;
constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

/// Median and scaled median absolute deviation.
struct Robust {
  double median = 0;
  double deviation = 0;
};

Robust RobustMoments(std::vector<double> values) {
  const double median = MedianOf(values);
  for (double& value : values) value = std::abs(value - median);
  return {median, kNormalConsistency * MedianOf(std::move(values))};
}

double OnScale(OutlierScale scale, double demand) {
  if (scale == OutlierScale::kLog) return std::log1p(std::max(0.0, demand));
  return scale == OutlierScale::kSquareRoot ? std::sqrt(std::max(0.0, demand)) : demand;
}

double FromScale(OutlierScale scale, double value) {
  if (scale == OutlierScale::kLog) return std::expm1(value);
  return scale == OutlierScale::kSquareRoot ? value * value : value;
}

/// Holidays, and periods in which something was planned that is not usual.
std::vector<bool> PlannedPeriods(const CleaningConfig& config, const DemandHistory& history, int series) {
  std::vector<bool> planned(static_cast<size_t>(history.num_periods()));
  for (int period = 0; period < history.num_periods(); ++period)
    planned[static_cast<size_t>(period)] = history.calendar.IsHoliday(period);
  for (const Covariate& covariate : history.covariates) {
    if (!covariate.known_ahead) continue;
    std::vector<double> known;
    for (int period = 0; period < history.num_periods(); ++period) {
      if (!std::isnan(covariate.values(period, series))) known.push_back(covariate.values(period, series));
    }
    if (known.empty()) continue;
    const Robust usual = RobustMoments(std::move(known));
    const double limit = config.limit * usual.deviation + 1e-6 * (1 + std::abs(usual.median));
    for (int period = 0; period < history.num_periods(); ++period) {
      const double value = covariate.values(period, series);
      if (std::abs(value - usual.median) > limit) planned[static_cast<size_t>(period)] = true;
    }
  }
  return planned;
}

void ReplaceOutliers(const CleaningConfig& config, int series, DemandHistory& history,
                     std::vector<DataChange>& changes) {
  const std::vector<bool> planned = PlannedPeriods(config, history, series);
  const Eigen::VectorXf demand = history.demand.col(series);
  const int reach = config.window / 2, last = history.num_periods() - 1;
  for (int period = 0; period <= last; ++period) {
    if (std::isnan(demand[period]) || planned[static_cast<size_t>(period)]) continue;
    std::vector<double> window;
    for (int near = std::max(0, period - reach); near <= std::min(last, period + reach); ++near) {
      if (!std::isnan(demand[near]) && !planned[static_cast<size_t>(near)])
        window.push_back(OnScale(config.scale, demand[near]));
    }
    if (window.size() < kFewestInWindow) continue;
    const Robust usual = RobustMoments(std::move(window));
    const double distance = std::abs(OnScale(config.scale, demand[period]) - usual.median);
    if (usual.deviation <= 0 || distance <= config.limit * usual.deviation) continue;
    float after = static_cast<float>(FromScale(config.scale, usual.median));
    if (demand[period] == std::round(demand[period])) after = std::round(after);
    history.demand(period, series) = after;
    changes.push_back({series, period, demand[period], after, DataStep::kOutlier});
  }
}

/// The straight line between the known periods around, NaN where there is none on one side.
float OnLine(const Eigen::VectorXf& demand, int period) {
  Eigen::Index before = period, after = period;
  while (before >= 0 && std::isnan(demand[before])) --before;
  while (after < demand.size() && std::isnan(demand[after])) ++after;
  if (before < 0 || after == demand.size()) return kUnknown;
  const float share = static_cast<float>(period - before) / static_cast<float>(after - before);
  return (1 - share) * demand[before] + share * demand[after];
}

/// Mean of the nearest known periods of the same phase before and after; the line where there is none.
float OfSeason(const Eigen::VectorXf& demand, int period, int season) {
  float sum = 0;
  int count = 0;
  for (const int way : {-season, season}) {
    Eigen::Index other = period + way;
    while (other >= 0 && other < demand.size() && std::isnan(demand[other])) other += way;
    if (other < 0 || other >= demand.size()) continue;
    sum += demand[other];
    ++count;
  }
  const float line = OnLine(demand, period);
  return count == 0 || std::isnan(line) ? line : sum / static_cast<float>(count);
}

/// Periods of the gap around one that is not known, closed days among them.
Eigen::Index LengthOfGap(const Eigen::VectorXf& demand, Eigen::Index period) {
  Eigen::Index before = period, after = period;
  while (before >= 0 && std::isnan(demand[before])) --before;
  while (after < demand.size() && std::isnan(demand[after])) ++after;
  return after - before - 1;
}

/// `known`: demand of all series before anything was imputed; `neighbours`: of these, null where they are not asked.
void Impute(const CleaningConfig& config, const Eigen::MatrixXf& known, const NeighbourImputation* neighbours,
            int series, DemandHistory& history, std::vector<DataChange>& changes) {
  const Eigen::VectorXf demand = known.col(series);
  if (!demand.array().isNaN().any()) return;
  const Eigen::VectorXf of_neighbours =
      neighbours != nullptr ? neighbours->Estimate(series, config.num_neighbours) : Eigen::VectorXf();
  for (int period = 0; period < history.num_periods(); ++period) {
    if (!std::isnan(demand[period]) || history.calendar.IsClosed(period)) continue;
    if (config.longest_gap > 0 && LengthOfGap(demand, period) > config.longest_gap) continue;
    const float line = OnLine(demand, period);
    if (std::isnan(line)) continue;  // before the first known, or after the last
    float after = config.imputation == Imputation::kSeason ? OfSeason(demand, period, history.calendar.season()) : line;
    if (neighbours != nullptr && !std::isnan(of_neighbours[period])) after = of_neighbours[period];
    history.demand(period, series) = after;
    changes.push_back({series, period, kUnknown, after, DataStep::kImputed});
  }
}

}  // namespace

void ReadCleaning(ConfigNode& data, CleaningConfig& config) {
  ConfigNode missing = data.Child("missing");
  missing.ReadChoice<Imputation>("method", config.imputation,
                                 {{"none", Imputation::kNone},
                                  {"line", Imputation::kLine},
                                  {"season", Imputation::kSeason},
                                  {"neighbours", Imputation::kNeighbours}});
  missing.Read("num_neighbours", config.num_neighbours, Between(1, 1000));
  missing.Read("longest_gap", config.longest_gap, AtLeast(0));
  ConfigNode outliers = data.Child("outliers");
  outliers.ReadChoice("method", config.replace_outliers, {{"none", false}, {"hampel", true}});
  outliers.Read("window", config.window, Between(5, 999));
  if (config.window % 2 == 0) outliers.Fail("window", "must be odd, so that it has a middle.");
  outliers.Read("limit", config.limit, Above(0));
  outliers.ReadChoice<OutlierScale>(
      "scale", config.scale,
      {{"log", OutlierScale::kLog}, {"sqrt", OutlierScale::kSquareRoot}, {"linear", OutlierScale::kLinear}});
  outliers.ExpectNoMoreKeys();
}

std::vector<DataChange> CleanDemand(const CleaningConfig& config, DemandHistory& history) {
  std::vector<DataChange> changes;
  for (int series = 0; series < history.num_series(); ++series) {
    if (config.replace_outliers) ReplaceOutliers(config, series, history, changes);
  }
  if (config.imputation == Imputation::kNone) return changes;
  const Eigen::MatrixXf known = history.demand;
  std::optional<NeighbourImputation> neighbours;
  if (config.imputation == Imputation::kNeighbours) neighbours.emplace(known);
  for (int series = 0; series < history.num_series(); ++series)
    Impute(config, known, neighbours ? &*neighbours : nullptr, series, history, changes);
  return changes;
}

}  // namespace restock
