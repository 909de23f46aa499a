#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include <gtest/gtest.h>

#include "common/file.h"
#include "forecasting/forecaster.h"
#include "forecasting/scenarios.h"

namespace restock {

/// One target per series over three periods, and one of all series over five.
inline std::vector<ForecastTarget> TestTargets(int num_series, int num_periods) {
  std::vector<ForecastTarget> targets;
  ForecastTarget all;
  for (int series = 0; series < num_series; ++series) {
    targets.push_back({{series}, std::vector<int>(static_cast<size_t>(num_periods), 3)});
    all.series.push_back(series);
  }
  all.protection_periods.assign(static_cast<size_t>(num_periods), 5);
  targets.push_back(all);
  return targets;
}

/// What every forecaster promises. `make` gives one that is not fitted; `history` has at least 42 days.
inline void CheckForecaster(const std::function<std::unique_ptr<Forecaster>()>& make, const DemandHistory& history,
                            const std::filesystem::path& file) {
  const auto forecaster = make();
  forecaster->Fit(history);

  // quantiles are ordered, not negative, and finite
  const Forecast forecast = forecaster->Predict(history, 10);
  ASSERT_EQ(forecast.mean.rows(), 10);
  ASSERT_EQ(forecast.quantiles.size(), kForecastLevels.size());
  EXPECT_TRUE(forecast.mean.allFinite());
  EXPECT_GE(forecast.mean.minCoeff(), 0);
  for (size_t i = 0; i < forecast.quantiles.size(); ++i) {
    EXPECT_TRUE(forecast.quantiles[i].allFinite());
    EXPECT_GE(forecast.quantiles[i].minCoeff(), 0);
    if (i > 0) {
      EXPECT_GE((forecast.quantiles[i] - forecast.quantiles[i - 1]).minCoeff(), 0);
    }
  }

  // fitted again, or saved and loaded, it says the same
  const auto again = make();
  again->Fit(history);
  EXPECT_EQ(again->Predict(history, 10).mean, forecast.mean);
  forecaster->Save(file);
  const auto loaded = make();
  loaded->Load(file);
  EXPECT_EQ(loaded->Predict(history, 10).mean, forecast.mean);
  EXPECT_EQ(loaded->Predict(history, 10).quantiles[9], forecast.quantiles[9]);

  // paths are whole units, and the same for the same seed
  const auto targets = TestTargets(history.num_series(), 8);
  const ScenarioRequest request = {
      .num_scenarios = 12, .num_periods = 8, .past_origins = true, .path_horizon = 4, .num_path_scenarios = 3};
  const ScenarioSet paths = SampleScenarios(*forecaster, history, request, targets, Random(1));
  const ScenarioSet same = SampleScenarios(*loaded, history, request, targets, Random(1));
  EXPECT_EQ(paths.demand, same.demand);
  EXPECT_EQ(paths.forecast, same.forecast);
  EXPECT_EQ(paths.path_mean, same.path_mean);
  EXPECT_NE(paths.demand, SampleScenarios(*forecaster, history, request, targets, Random(2)).demand);
  for (const float demand : paths.demand) {
    EXPECT_GE(demand, 0);
    EXPECT_EQ(demand, std::round(demand));
  }

  // origins lie whole seasons apart, so one calendar fits all
  for (const int origin : paths.origin) EXPECT_EQ((history.num_periods() - origin) % history.calendar.season(), 0);

  // demand from period 3 on changes no forecast at or before it, and does change later ones
  ScenarioSet changed = paths;
  for (int period = 3; period < 8; ++period) {
    for (int series = 0; series < history.num_series(); ++series) changed.Demand(period, series) += 25;
  }
  forecaster->Follow(history, changed);
  bool later_changed = false;
  for (int period = 0; period < 8; ++period) {
    for (int target = 0; target < paths.num_targets(); ++target) {
      for (int feature = 0; feature < kNumForecastFeatures; ++feature) {
        const bool equal = (changed.Forecast(period, target, feature) == paths.Forecast(period, target, feature)).all();
        if (period <= 3) {
          EXPECT_TRUE(equal) << "period " << period << " target " << target << " feature " << feature;
        }
        later_changed = later_changed || !equal;
      }
    }
    for (int series = 0; series < history.num_series() && period <= 3; ++series) {
      for (int step = 0; step < 4; ++step) {
        EXPECT_TRUE((changed.PathMean(period, series, step) == paths.PathMean(period, series, step)).all());
      }
    }
  }
  EXPECT_TRUE(later_changed);

  // neither does demand of the history after the origin
  DemandHistory other = history;
  other.demand.bottomRows(7).array() += 50;
  other.sales = other.demand;
  ScenarioSet held_out =
      FollowHeldOut(*forecaster, history, {history.num_periods() - 7}, 7, 0, TestTargets(history.num_series(), 7))
          .front();
  const ScenarioSet of_other =
      FollowHeldOut(*forecaster, other, {history.num_periods() - 7}, 7, 0, TestTargets(history.num_series(), 7))
          .front();
  for (int target = 0; target < held_out.num_targets(); ++target) {
    EXPECT_EQ(held_out.Forecast(0, target, kForecastMean)[0], of_other.Forecast(0, target, kForecastMean)[0]);
  }
}

}  // namespace restock
