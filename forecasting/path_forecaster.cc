#include "forecasting/path_forecaster.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>
#include <vector>

#include "common/check.h"
#include "common/distributions.h"
#include "common/parallel.h"
#include "forecasting/count_quantiles.h"

namespace restock {
namespace {

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

double NormalProbability(double value) { return std::erfc(-value / std::numbers::sqrt2) / 2; }

/// Scenarios of a set that start after the same number of periods.
std::map<int, std::vector<int>> ScenariosByOrigin(const ScenarioSet& paths) {
  std::map<int, std::vector<int>> groups;
  for (int scenario = 0; scenario < paths.num_scenarios; ++scenario) {
    groups[paths.origin[static_cast<size_t>(scenario)]].push_back(scenario);
  }
  return groups;
}

/// Demand of one period of the given scenarios, not known where nothing could be sold.  (num_paths, num_series)
Eigen::MatrixXf DemandOf(const ScenarioSet& paths, int period, const std::vector<int>& scenarios, bool closed) {
  Eigen::MatrixXf demand =
      Eigen::MatrixXf::Constant(static_cast<Eigen::Index>(scenarios.size()), paths.num_series, kUnknown);
  if (closed) return demand;
  for (int series = 0; series < paths.num_series; ++series) {
    demand.col(series) = paths.Demand(period, series)(scenarios);
  }
  return demand;
}

/// Nothing is sold on closed days.
void ApplyCalendar(const Calendar& calendar, int first_period, StepDistributions& steps) {
  for (int step = 0; step < steps.mean.cols(); ++step) {
    if (!calendar.IsClosed(first_period + step)) continue;
    steps.mean.col(step).setZero();
    steps.variance.col(step).setZero();
  }
}

/// Mean and standard deviation of the demand of each path and series summed over the first so many periods.
struct SumMoments {
  Eigen::MatrixXf mean;       // (num_paths, num_series)
  Eigen::MatrixXf deviation;  // (num_paths, num_series)
};

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

/// Follows the scenarios that share an origin.
class Follower {
 public:
  Follower(const DemandHistory& history, const ErrorDependence& dependence, const std::vector<int>& scenarios,
           ScenarioSet& paths)
      : history_(history), dependence_(dependence), groups_(history.series), scenarios_(scenarios), paths_(paths) {
    num_planned_ = static_cast<int>(std::lower_bound(scenarios.begin(), scenarios.end(), paths.num_path_scenarios) -
                                    scenarios.begin());
    if (paths.path_horizon == 0) num_planned_ = 0;
  }

  /// Writes what `model` knows before `period` of the paths, which is period `absolute` of the history's calendar.
  void WritePeriod(const PathModel& model, int period, int absolute) {
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

 private:
  void WritePathMean(const StepDistributions& steps, int period, int series) {
    if (num_planned_ == 0) return;
    for (int step = 0; step < paths_.path_horizon; ++step) {
      auto row = paths_.PathMean(period, series, step);
      for (int path = 0; path < num_planned_; ++path)
        row[scenarios_[static_cast<size_t>(path)]] = steps.mean(path, step);
    }
  }

  void WriteTarget(const std::map<int, SumMoments>& sums, int period, int index) {
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

  const DemandHistory& history_;
  const ErrorDependence& dependence_;
  SeriesGroups groups_;
  const std::vector<int>& scenarios_;
  ScenarioSet& paths_;
  int num_planned_ = 0;  // of these scenarios have a path mean
};

/// Normal scores of all series in one period of many paths, with errors in common.
class CommonScores {
 public:
  CommonScores(const CommonShares& shares, const SeriesGroups& groups, const Random& random)
      : shares_(shares), groups_(groups), random_(random) {}

  /// Draws what series have in common.
  void StartPeriod(int period, int num_paths) {
    period_ = static_cast<uint64_t>(period);
    all_ = Draw("all", 1, num_paths);
    warehouse_ = Draw("warehouse", groups_.num_warehouses, num_paths);
    sku_ = Draw("sku", groups_.num_skus, num_paths);
  }

  /// Of one series.  (num_paths)
  Eigen::ArrayXd Scores(int series) const {
    RandomStream stream = random_.Stream("own").Child(period_).At(static_cast<uint64_t>(series));
    Eigen::ArrayXd scores(all_.rows());
    for (double& score : scores) score = stream.Normal();
    scores *= std::sqrt(1 - shares_.all - shares_.warehouse - shares_.sku);
    scores += std::sqrt(shares_.all) * all_.col(0);
    scores += std::sqrt(shares_.warehouse) * warehouse_.col(groups_.warehouse[static_cast<size_t>(series)]);
    scores += std::sqrt(shares_.sku) * sku_.col(groups_.sku[static_cast<size_t>(series)]);
    return scores;
  }

 private:
  Eigen::ArrayXXd Draw(const char* name, int count, int num_paths) const {
    Eigen::ArrayXXd scores(num_paths, count);
    const Random family = random_.Stream(name).Child(period_);
    for (int column = 0; column < count; ++column) {
      RandomStream stream = family.At(static_cast<uint64_t>(column));
      for (double& score : scores.col(column)) score = stream.Normal();
    }
    return scores;
  }

  const CommonShares& shares_;
  const SeriesGroups& groups_;
  const Random& random_;
  uint64_t period_ = 0;
  Eigen::ArrayXXd all_, warehouse_, sku_;  // (num_paths, number of groups)
};

/// The whole-number demand that is nearest, not below zero.
float WholeUnits(float demand) { return std::max(0.f, std::round(demand)); }

}  // namespace

Forecast PathForecaster::Predict(const DemandHistory& history, int num_periods) const {
  Forecast forecast;
  forecast.num_periods = num_periods;
  forecast.levels = kForecastLevels;
  forecast.mean.resize(num_periods, history.num_series());
  forecast.quantiles.assign(forecast.levels.size(), forecast.mean);
  const auto model = Start(history, history.num_periods(), 1);
  ParallelFor(history.num_series(), 0, [&](int series) {
    StepDistributions steps;
    model->Predict(series, num_periods, steps);
    for (int step = 0; step < num_periods; ++step) {
      const bool closed = history.calendar.IsClosed(history.num_periods() + step);
      forecast.mean(step, series) = closed ? 0 : steps.mean(0, step);
      for (size_t i = 0; i < forecast.levels.size(); ++i) {
        forecast.quantiles[i](step, series) = closed ? 0 : model->Quantile(steps, series, 0, step, forecast.levels[i]);
      }
    }
  });
  return forecast;
}

void PathForecaster::Sample(const DemandHistory& history, const Random& random, ScenarioSet& paths) const {
  RESTOCK_CHECK_EQ(paths.num_series, history.num_series());
  const SeriesGroups groups(history.series);
  for (const auto& [origin, scenarios] : ScenariosByOrigin(paths)) {
    const auto num_paths = static_cast<int>(scenarios.size());
    const auto model = Start(history, origin, num_paths);
    const Random family = random.Child(static_cast<uint64_t>(origin));
    CommonScores scores(dependence_.of_draws, groups, family);
    for (int period = 0; period < paths.num_periods; ++period) {
      scores.StartPeriod(period, num_paths);
      const bool closed = history.calendar.IsClosed(origin + period);
      ParallelFor(paths.num_series, 0, [&, &scenarios = scenarios](int series) {
        StepDistributions steps;
        model->Predict(series, 1, steps);
        const Eigen::ArrayXd normal = scores.Scores(series);
        auto demand = paths.Demand(period, series);
        for (int path = 0; path < num_paths; ++path) {
          const auto probability = static_cast<float>(NormalProbability(normal[path]));
          demand[scenarios[static_cast<size_t>(path)]] =
              closed ? 0 : WholeUnits(model->Quantile(steps, series, path, 0, probability));
        }
      });
      if (period + 1 < paths.num_periods)
        model->Observe(DemandOf(paths, period, scenarios, history.calendar.IsClosed(origin + period)));
    }
  }
}

void PathForecaster::Follow(const DemandHistory& history, ScenarioSet& paths) const {
  RESTOCK_CHECK_EQ(paths.num_series, history.num_series());
  for (const auto& [origin, scenarios] : ScenariosByOrigin(paths)) {
    const auto model = Start(history, origin, static_cast<int>(scenarios.size()));
    Follower follower(history, dependence_, scenarios, paths);
    for (int period = 0; period < paths.num_periods; ++period) {
      follower.WritePeriod(*model, period, origin + period);
      if (period + 1 < paths.num_periods)
        model->Observe(DemandOf(paths, period, scenarios, history.calendar.IsClosed(origin + period)));
    }
  }
}

}  // namespace restock
