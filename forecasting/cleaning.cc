#include "forecasting/cleaning.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include <fmt/format.h>

namespace restock {
namespace {

constexpr double kNormalConsistency = 1.4826;  // standard deviation over median absolute deviation of a normal
constexpr size_t kFewestInWindow = 5;
constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

double Median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

/// Holidays, and periods in which something was planned that is not usual.
std::vector<bool> PlannedPeriods(const DemandHistory& history, int series) {
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
    const double usual = Median(known);
    for (int period = 0; period < history.num_periods(); ++period) {
      const double value = covariate.values(period, series);
      if (std::abs(value - usual) > 1e-6 * (1 + std::abs(usual))) planned[static_cast<size_t>(period)] = true;
    }
  }
  return planned;
}

void ReplaceOutliers(const CleaningConfig& config, int series, DemandHistory& history,
                     std::vector<CleaningChange>& changes) {
  const std::vector<bool> planned = PlannedPeriods(history, series);
  const Eigen::VectorXf demand = history.demand.col(series);
  for (int period = 0; period < history.num_periods(); ++period) {
    if (std::isnan(demand[period]) || planned[static_cast<size_t>(period)]) continue;
    std::vector<double> window;
    for (int near = std::max(0, period - config.window / 2);
         near <= std::min(history.num_periods() - 1, period + config.window / 2); ++near) {
      if (!std::isnan(demand[near]) && !planned[static_cast<size_t>(near)]) window.push_back(std::log1p(demand[near]));
    }
    if (window.size() < kFewestInWindow) continue;
    const double median = Median(window);
    for (double& value : window) value = std::abs(value - median);
    const double deviation = kNormalConsistency * Median(window);
    if (deviation <= 0 || std::abs(std::log1p(demand[period]) - median) <= config.limit * deviation) continue;
    float after = static_cast<float>(std::expm1(median));
    if (demand[period] == std::round(demand[period])) after = std::round(after);
    history.demand(period, series) = after;
    changes.push_back({series, period, demand[period], after, CleaningChange::Reason::kOutlier});
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

void Impute(const CleaningConfig& config, int series, DemandHistory& history, std::vector<CleaningChange>& changes) {
  const Eigen::VectorXf demand = history.demand.col(series);
  for (int period = 0; period < history.num_periods(); ++period) {
    if (!std::isnan(demand[period]) || history.calendar.IsClosed(period)) continue;
    const float after = config.imputation == Imputation::kLine ? OnLine(demand, period)
                                                               : OfSeason(demand, period, history.calendar.season());
    if (std::isnan(after)) continue;
    history.demand(period, series) = after;
    changes.push_back({series, period, kUnknown, after, CleaningChange::Reason::kImputed});
  }
}

}  // namespace

std::vector<CleaningChange> CleanDemand(const CleaningConfig& config, DemandHistory& history) {
  std::vector<CleaningChange> changes;
  for (int series = 0; series < history.num_series(); ++series) {
    if (config.replace_outliers) ReplaceOutliers(config, series, history, changes);
    if (config.imputation != Imputation::kNone) Impute(config, series, history, changes);
  }
  return changes;
}

std::string DescribeChanges(const std::vector<CleaningChange>& changes, int num_series) {
  int imputed = 0, outliers = 0;
  std::set<int> series;
  for (const CleaningChange& change : changes) {
    series.insert(change.series);
    ++(change.reason == CleaningChange::Reason::kImputed ? imputed : outliers);
  }
  return fmt::format("{} values imputed and {} outliers replaced in {} of {} series.", imputed, outliers, series.size(),
                     num_series);
}

}  // namespace restock
