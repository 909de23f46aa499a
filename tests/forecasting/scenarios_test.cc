#include "forecasting/scenarios.h"

#include <cmath>

#include <gtest/gtest.h>

#include "forecasting/exponential_smoothing.h"
#include "tests/forecasting/check_forecaster.h"
#include "tests/forecasting/test_histories.h"

namespace restock {
namespace {

class ScenariosTest : public ::testing::Test {
 protected:
  ScenariosTest() : history_(GeneratedHistory(4, 6, 140)), forecaster_(14) { forecaster_.Fit(history_); }

  DemandHistory history_;
  ExponentialSmoothing forecaster_;
};

TEST_F(ScenariosTest, PathsHaveTheLevelOfTheForecast) {
  const ScenarioSet paths =
      SampleScenarios(forecaster_, history_, {.num_scenarios = 400, .num_periods = 7}, TestTargets(24, 7), Random(1));
  const Forecast forecast = forecaster_.Predict(history_, 7);
  double sampled = 0;
  for (int period = 0; period < 7; ++period) {
    for (int series = 0; series < 24; ++series) sampled += paths.Demand(period, series).mean();
  }
  EXPECT_NEAR(sampled / forecast.mean.sum(), 1, 0.05);
}

// The demand that a path brings must lie below the quantile that was forecast on it as often as the quantile says.
TEST_F(ScenariosTest, QuantilesAlongPathsAreCalibrated) {
  const auto targets = TestTargets(24, 21);
  const ScenarioSet paths =
      SampleScenarios(forecaster_, history_, {.num_scenarios = 64, .num_periods = 21}, targets, Random(1));
  for (const bool central : {false, true}) {
    for (int i = 0; i < kNumForecastQuantiles; ++i) {
      double below = 0, count = 0;
      for (int period = 0; period < 16; ++period) {
        for (const ForecastTarget& target : targets) {
          if ((target.series.size() > 1) != central) continue;
          const auto index = static_cast<int>(&target - targets.data());
          Eigen::ArrayXf demand = Eigen::ArrayXf::Zero(64);
          for (int ahead = 0; ahead < target.protection_periods[0]; ++ahead) {
            for (const int series : target.series) demand += paths.Demand(period + ahead, series);
          }
          below += static_cast<double>((demand <= paths.Forecast(period, index, kForecastFirstQuantile + i)).count());
          count += 64;
        }
      }
      EXPECT_NEAR(below / count, kForecastQuantiles[i], i >= 3 ? 0.05 : 0.10)
          << "central " << central << " quantile " << i;
    }
  }
}

TEST_F(ScenariosTest, PastOriginsStartWholeWeeksBack) {
  const ScenarioSet paths =
      SampleScenarios(forecaster_, history_, {.num_scenarios = 8, .num_periods = 7, .past_origins = true},
                      TestTargets(24, 7), Random(1));
  EXPECT_EQ(paths.origin, (std::vector<int>{140, 133, 126, 119, 140, 133, 126, 119}));
  EXPECT_EQ(paths.calendar.first_date, history_.calendar.DateOf(140));
}

TEST_F(ScenariosTest, HeldOutDemandIsWhatCame) {
  const auto sets = FollowHeldOut(forecaster_, history_, {119, 126}, 14, 3, TestTargets(24, 14));
  ASSERT_EQ(sets.size(), 2u);
  for (int series = 0; series < 24; ++series) {
    const float came = history_.demand(126 + 5, series);
    EXPECT_EQ(sets[1].Demand(5, series)[0], std::isnan(came) ? 0 : came);
  }
  EXPECT_EQ(sets[0].calendar.first_date, history_.calendar.DateOf(119));
  EXPECT_EQ(sets[0].num_path_scenarios, 1);
}

TEST_F(ScenariosTest, NothingIsSoldOnClosedDays) {
  DemandHistory history = history_;
  history.calendar.closed[142] = true;
  const ScenarioSet paths =
      SampleScenarios(forecaster_, history, {.num_scenarios = 16, .num_periods = 7}, TestTargets(24, 7), Random(1));
  EXPECT_EQ(paths.Demand(2, 0).sum(), 0);
  EXPECT_TRUE(paths.calendar.IsClosed(2));
  EXPECT_EQ(paths.Forecast(2, 0, kForecastNextMean).sum(), 0);
  EXPECT_GT(paths.Demand(3, 0).sum(), 0);
}

}  // namespace
}  // namespace restock
