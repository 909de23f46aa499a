#include "forecasting/path_forecaster.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <vector>

#include "common/check.h"
#include "common/distributions.h"
#include "common/parallel.h"
#include "forecasting/path_follower.h"

namespace restock {
namespace {

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

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
  return PredictWith(history, num_periods, [](int, float level) { return level; });
}

Forecast PathForecaster::PredictWith(const DemandHistory& history, int num_periods,
                                     const std::function<float(int step, float level)>& own_level) const {
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
        forecast.quantiles[i](step, series) =
            closed ? 0 : model->Quantile(steps, series, 0, step, own_level(step, forecast.levels[i]));
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
    CommonScores scores(dependence().of_draws, groups, family);
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
    PathFollower follower(history, dependence(), scenarios, paths);
    for (int period = 0; period < paths.num_periods; ++period) {
      follower.WritePeriod(*model, period, origin + period);
      if (period + 1 < paths.num_periods)
        model->Observe(DemandOf(paths, period, scenarios, history.calendar.IsClosed(origin + period)));
    }
  }
}

}  // namespace restock
