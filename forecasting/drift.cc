#include "forecasting/drift.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace restock {
namespace {

constexpr int kNumBins = 10;
constexpr double kLargestStability = 0.2;
constexpr double kLargestSum = 5;
constexpr double kSlack = 0.5;
constexpr double kIntendedCoverage = 0.8;
constexpr double kCoverageSlack = 0.05;
constexpr double kLeastShare = 1e-4;

/// The values of all series in periods [from, until), each over its series' mean.
std::vector<double> Values(const Eigen::MatrixXf& table, int from, int until, bool relative) {
  std::vector<double> values;
  for (Eigen::Index series = 0; series < table.cols(); ++series) {
    double sum = 0, count = 0;
    for (const float value : table.col(series)) {
      if (std::isnan(value)) continue;
      sum += value;
      ++count;
    }
    const double mean = relative && sum > 0 ? sum / count : 1;
    for (int period = from; period < until; ++period) {
      if (!std::isnan(table(period, series))) values.push_back(static_cast<double>(table(period, series)) / mean);
    }
  }
  return values;
}

/// The share of the middle 80 % in where demand may lie among the levels of its forecast: demand that equals several
/// quantiles, as zeros do, lies anywhere between the levels around them.
double InsideOf(const Forecast& forecast, int step, int series, float demand) {
  double below = 0, above = 1;
  for (size_t i = 0; i < forecast.levels.size(); ++i) {
    const float quantile = forecast.quantiles[i](step, series);
    if (quantile < demand) below = static_cast<double>(forecast.levels[i]);
    if (quantile > demand) above = std::min(above, static_cast<double>(forecast.levels[i]));
  }
  return std::max(0.0, std::min(above, 0.9) - std::max(below, 0.1)) / (above - below);
}

/// Sum of errors over the sum of demand, period by period, and the share of demand within 80 % at the last origin with
/// known demand.
struct BacktestErrors {
  std::vector<double> relative_error;
  double last_coverage = std::numeric_limits<double>::quiet_NaN();
  double last_count = 0;
};

BacktestErrors ErrorsOf(const DemandHistory& history, const BacktestResult& backtest) {
  BacktestErrors errors;
  for (size_t i = 0; i < backtest.origins.size(); ++i) {
    const Forecast& forecast = backtest.forecasts[i];
    const Eigen::MatrixXf actual = UncensoredSales(history, backtest.origins[i], forecast.num_periods);
    double inside = 0, count = 0;
    for (int step = 0; step < actual.rows(); ++step) {
      double error = 0, demand = 0;
      for (int series = 0; series < actual.cols(); ++series) {
        const float value = actual(step, series);
        if (std::isnan(value)) continue;
        error += forecast.mean(step, series) - value;
        demand += value;
        inside += InsideOf(forecast, step, series, value);
        ++count;
      }
      if (demand > 0) errors.relative_error.push_back(error / demand);
    }
    if (count == 0) continue;
    errors.last_coverage = inside / count;
    errors.last_count = count;
  }
  return errors;
}

}  // namespace

double PopulationStability(std::vector<double> reference, const std::vector<double>& recent) {
  if (reference.empty() || recent.empty()) return 0;
  std::sort(reference.begin(), reference.end());

  // bins that end at different values: where many values are equal, there are fewer
  std::vector<double> ends;
  for (int bin = 1; bin < kNumBins; ++bin) {
    const double end = reference[reference.size() * static_cast<size_t>(bin) / kNumBins];
    if (ends.empty() || end > ends.back()) ends.push_back(end);
  }
  const auto shares = [&](const std::vector<double>& values) {
    std::vector<double> share(ends.size() + 1, 0.0);
    for (const double value : values) {
      const auto bin = std::upper_bound(ends.begin(), ends.end(), value) - ends.begin();
      share[static_cast<size_t>(bin)] += 1 / static_cast<double>(values.size());
    }
    return share;
  };
  const std::vector<double> before = shares(reference), now = shares(recent);
  double index = 0;
  for (size_t bin = 0; bin < before.size(); ++bin) {
    const double p = std::max(before[bin], kLeastShare), q = std::max(now[bin], kLeastShare);
    if (std::abs(p - q) > 1e-9) index += (p - q) * std::log(p / q);
  }
  return index;
}

double LargestCumulativeSum(const std::vector<double>& sequence) {
  const size_t first = sequence.size() / 3;
  if (first < 3) return 0;
  double mean = 0, squares = 0;
  for (size_t i = 0; i < first; ++i) mean += sequence[i] / static_cast<double>(first);
  for (size_t i = 0; i < first; ++i) squares += (sequence[i] - mean) * (sequence[i] - mean);
  const double deviation = std::sqrt(squares / static_cast<double>(first - 1));
  if (!(deviation > 1e-9 * std::abs(mean))) return 0;
  double up = 0, down = 0, largest = 0;
  for (size_t i = first; i < sequence.size(); ++i) {
    const double standardised = (sequence[i] - mean) / deviation;
    up = std::max(0.0, up + standardised - kSlack);
    down = std::max(0.0, down - standardised - kSlack);
    largest = std::max({largest, up, down});
  }
  return largest;
}

std::vector<DriftCheck> FindDrift(const DemandHistory& history, const BacktestResult& backtest, int recent_periods) {
  std::vector<DriftCheck> checks;
  const int num_periods = history.num_periods();
  const int from = std::max(num_periods / 2, num_periods - recent_periods);
  const auto compare = [&](const std::string& name, const Eigen::MatrixXf& table, bool relative) {
    const double value =
        PopulationStability(Values(table, 0, from, relative), Values(table, from, num_periods, relative));
    checks.push_back({"input", name, value, kLargestStability, value > kLargestStability});
  };
  compare("demand over its mean", history.demand, true);
  for (const Covariate& covariate : history.covariates) compare(covariate.name, covariate.values, false);

  if (backtest.origins.empty()) return checks;
  const BacktestErrors errors = ErrorsOf(history, backtest);
  const double sum = LargestCumulativeSum(errors.relative_error);
  checks.push_back({"error", "relative error of the mean", sum, kLargestSum, sum > kLargestSum});
  if (errors.last_count == 0) return checks;
  const double off = std::abs(errors.last_coverage - kIntendedCoverage);
  // chance alone moves the share of a few values
  const double limit = std::max(
      kCoverageSlack, 3 * std::sqrt(kIntendedCoverage * (1 - kIntendedCoverage) / std::max(errors.last_count, 1.0)));
  checks.push_back({"coverage", "of the 80 % range at the last origin", errors.last_coverage, limit, off > limit});
  return checks;
}

}  // namespace restock
