#include "forecasting/path_follower.h"

#include <algorithm>

#include "common/parallel.h"
#include "forecasting/count_quantiles.h"

namespace restock {
namespace {

/// Nothing is sold on closed days.
void ApplyCalendar(const Calendar& calendar, int first_period, StepDistributions& steps) {
  for (int step = 0; step < steps.mean.cols(); ++step) {
    if (!calendar.IsClosed(first_period + step)) continue;
    steps.mean.col(step).setZero();
    steps.variance.col(step).setZero();
  }
}

/// Adds up the steps of one series; `sums` by length of the sum.
void AddUpSteps(const StepDistributions& steps, const ErrorDependence& dependence, int series,
                std::map<int, SumMoments>& sums) {
  const Eigen::Index num_paths = steps.mean.rows();
  Eigen::MatrixXf deviation(num_paths, steps.mean.cols());
  Eigen::ArrayXf mean = Eigen::ArrayXf::Zero(num_paths);
  Eigen::ArrayXf variance = Eigen::ArrayXf::Zero(num_paths);
  int step = 0;
  for (auto& [length, sum] : sums) {
    for (; step < length; ++step) {
      deviation.col(step) = dependence.Scale(step) * steps.variance.col(step).cwiseSqrt();
      Eigen::ArrayXf earlier = Eigen::ArrayXf::Zero(num_paths);
      for (int other = 0; other < step; ++other) {
        earlier += dependence.Correlation(step, other) * deviation.col(other).array();
      }
      mean += steps.mean.col(step).array();
      variance += deviation.col(step).array() * (deviation.col(step).array() + 2 * earlier);
    }
    sum.mean.col(series) = mean;
    sum.deviation.col(series) = variance.max(0).sqrt();
  }
}

/// Mean and variance of a target: the sum of its series, which have errors in common.
class TargetMoments {
 public:
  TargetMoments(const SumMoments& sums, const ForecastTarget& target, const SeriesGroups& groups,
                const CommonShares& shares) {
    mean = Eigen::ArrayXf::Zero(sums.mean.rows());
    variance = mean;
    Eigen::ArrayXf all = mean;
    std::map<int, Eigen::ArrayXf> by_warehouse, by_sku;
    for (const int series : target.series) {
      const Eigen::ArrayXf deviation = sums.deviation.col(series);
      mean += sums.mean.col(series).array();
      variance += (1 - shares.all - shares.warehouse - shares.sku) * deviation.square();
      all += deviation;
      Add(deviation, by_warehouse[groups.warehouse[static_cast<size_t>(series)]]);
      Add(deviation, by_sku[groups.sku[static_cast<size_t>(series)]]);
    }
    // errors in common add up before they are squared
    variance += shares.all * all.square();
    for (const auto& [unused, deviation] : by_warehouse) variance += shares.warehouse * deviation.square();
    for (const auto& [unused, deviation] : by_sku) variance += shares.sku * deviation.square();
  }

  Eigen::ArrayXf mean;      // (num_paths)
  Eigen::ArrayXf variance;  // (num_paths)

 private:
  static void Add(const Eigen::ArrayXf& term, Eigen::ArrayXf& sum) {
    if (sum.size() == 0) sum = Eigen::ArrayXf::Zero(term.size());
    sum += term;
  }
};

int ProtectionPeriods(const ForecastTarget& target, int period) {
  return std::max(1, target.protection_periods[static_cast<size_t>(period)]);
}

}  // namespace

PathFollower::PathFollower(const DemandHistory& history, const ErrorDependence& dependence,
                           const std::vector<int>& scenarios, ScenarioSet& paths)
    : history_(history), dependence_(dependence), groups_(history.series), scenarios_(scenarios), paths_(paths) {
  num_planned_ = static_cast<int>(std::lower_bound(scenarios.begin(), scenarios.end(), paths.num_path_scenarios) -
                                  scenarios.begin());
  if (paths.path_horizon == 0) num_planned_ = 0;
}

void PathFollower::WritePeriod(const PathModel& model, int period, int absolute) {
  // sums over the lengths that some target asks for
  const auto num_paths = static_cast<Eigen::Index>(scenarios_.size());
  std::map<int, SumMoments> sums;
  sums[1];
  for (const ForecastTarget& target : paths_.targets) sums[ProtectionPeriods(target, period)];
  for (auto& [unused, sum] : sums) {
    sum.mean.resize(num_paths, paths_.num_series);
    sum.deviation.resize(num_paths, paths_.num_series);
  }
  const int longest = sums.rbegin()->first;
  const int num_steps = std::max(longest, num_planned_ > 0 ? paths_.path_horizon : 0);
  ParallelFor(paths_.num_series, 0, [&](int series) {
    StepDistributions steps;
    model.Predict(series, num_steps, steps);
    ApplyCalendar(history_.calendar, absolute, steps);
    AddUpSteps(steps, dependence_, series, sums);
    WritePathMean(steps, period, series);
  });

  // quantiles of each target
  ParallelFor(paths_.num_targets(), 0, [&](int target) { WriteTarget(sums, period, target); });
}

void PathFollower::WritePathMean(const StepDistributions& steps, int period, int series) {
  if (num_planned_ == 0) return;
  for (int step = 0; step < paths_.path_horizon; ++step) {
    auto row = paths_.PathMean(period, series, step);
    for (int path = 0; path < num_planned_; ++path) row[scenarios_[static_cast<size_t>(path)]] = steps.mean(path, step);
  }
}

void PathFollower::WriteTarget(const std::map<int, SumMoments>& sums, int period, int index) {
  const ForecastTarget& target = paths_.targets[static_cast<size_t>(index)];
  const TargetMoments moments(sums.at(ProtectionPeriods(target, period)), target, groups_, dependence_.of_sums);
  Eigen::ArrayXf next_mean = Eigen::ArrayXf::Zero(moments.mean.size());
  for (const int series : target.series) next_mean += sums.at(1).mean.col(series).array();

  std::vector<float> quantiles(kNumForecastQuantiles);
  for (size_t path = 0; path < scenarios_.size(); ++path) {
    const int scenario = scenarios_[path];
    const auto row = static_cast<Eigen::Index>(path);
    MatchedQuantiles(moments.mean[row], moments.variance[row], kForecastQuantiles, quantiles);
    paths_.Forecast(period, index, kForecastMean)[scenario] = moments.mean[row];
    paths_.Forecast(period, index, kForecastNextMean)[scenario] = next_mean[row];
    for (int i = 0; i < kNumForecastQuantiles; ++i) {
      paths_.Forecast(period, index, kForecastFirstQuantile + i)[scenario] = quantiles[static_cast<size_t>(i)];
    }
  }
}

}  // namespace restock
