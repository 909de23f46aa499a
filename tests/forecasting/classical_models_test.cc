#include <cmath>

#include <gtest/gtest.h>

#include "forecasting/exponential_smoothing.h"
#include "forecasting/seasonal_naive.h"
#include "tests/forecasting/check_forecaster.h"
#include "tests/forecasting/test_histories.h"
#include "tests/temporary_folder.h"

namespace restock {
namespace {

/// Days 0 ... num_periods - 1 of one series that repeats every week.
DemandHistory WeeklyHistory(int num_periods) {
  const float week[] = {3, 1, 4, 1, 5, 9, 2};
  Eigen::MatrixXf demand(num_periods, 1);
  for (int period = 0; period < num_periods; ++period) demand(period, 0) = week[period % 7];
  return HistoryOf(demand);
}

TEST(ClassicalModelsTest, KeepTheContract) {
  const TemporaryFolder folder;
  const DemandHistory history = GeneratedHistory(2, 3, 70);
  CheckForecaster([] { return std::make_unique<SeasonalNaive>(14); }, history, folder / "naive");
  CheckForecaster([] { return std::make_unique<ExponentialSmoothing>(14); }, history, folder / "smoothing");
}

TEST(SeasonalNaiveTest, RepeatsTheLastWeek) {
  SeasonalNaive forecaster(14);
  const DemandHistory history = WeeklyHistory(30);
  forecaster.Fit(history);
  const Forecast forecast = forecaster.Predict(history, 9);
  for (int step = 0; step < 9; ++step) {
    EXPECT_EQ(forecast.mean(step, 0), history.demand((30 + step) % 7 + 21, 0));  // the same day of the fourth week
    EXPECT_EQ(forecast.quantiles[6](step, 0), forecast.mean(step, 0));           // it was never wrong
  }
}

TEST(SeasonalNaiveTest, LooksFurtherBackWhereADayIsNotKnown) {
  DemandHistory history = WeeklyHistory(28);
  history.demand(26, 0) = kUnknown;
  history.demand(19, 0) = 40;
  SeasonalNaive forecaster(14);
  forecaster.Fit(history);
  EXPECT_EQ(forecaster.Predict(history, 7).quantiles[6](5, 0), 40);  // the median: it was mostly right before
}

TEST(SeasonalNaiveTest, QuantilesAreThoseOfItsErrors) {
  // week by week 10, 12, 14, ...: each day's forecast is 2 too low, one season ahead, and 4 two seasons ahead
  Eigen::MatrixXf demand(42, 1);
  for (int period = 0; period < 42; ++period) demand(period, 0) = static_cast<float>(10 + 2 * (period / 7));
  const DemandHistory history = HistoryOf(demand);
  SeasonalNaive forecaster(14);
  forecaster.Fit(history);
  const Forecast forecast = forecaster.Predict(history, 8);
  EXPECT_EQ(forecast.mean(0, 0), 22);  // 20 and its usual error
  EXPECT_EQ(forecast.quantiles[0](0, 0), 22);
  EXPECT_EQ(forecast.quantiles[12](0, 0), 22);
  EXPECT_EQ(forecast.quantiles[6](7, 0), 24);
}

TEST(ExponentialSmoothingTest, FindsTheWeekAndTheLevel) {
  ExponentialSmoothing forecaster(14);
  const DemandHistory history = WeeklyHistory(140);
  forecaster.Fit(history);
  const Forecast forecast = forecaster.Predict(history, 7);
  for (int step = 0; step < 7; ++step) EXPECT_NEAR(forecast.mean(step, 0), history.demand(step, 0), 1);
}

TEST(ExponentialSmoothingTest, SmoothsQuicklyWhereTheLevelJumps) {
  Eigen::MatrixXf demand(84, 2);
  for (int period = 0; period < 84; ++period) {
    demand(period, 0) = static_cast<float>((period / 21) % 2 == 0 ? 100 : 40);    // jumps
    demand(period, 1) = static_cast<float>(50 + 10 * ((period * 7919) % 5 - 2));  // noise
  }
  ExponentialSmoothing forecaster(7);
  forecaster.Fit(HistoryOf(demand));
  EXPECT_GT(forecaster.parameters()[0].smoothing, forecaster.parameters()[1].smoothing);
}

TEST(ClassicalModelsTest, SurviveOddHistories) {
  for (const float value : {0.f, 7.f, 1e9f, kUnknown}) {
    const DemandHistory history = HistoryOf(Eigen::MatrixXf::Constant(30, 2, value));
    SeasonalNaive naive(7);
    ExponentialSmoothing smoothing(7);
    for (Forecaster* forecaster : {static_cast<Forecaster*>(&naive), static_cast<Forecaster*>(&smoothing)}) {
      forecaster->Fit(history);
      const Forecast forecast = forecaster->Predict(history, 7);
      const float expected = std::isnan(value) ? 0 : value;
      EXPECT_NEAR(forecast.mean(6, 1), expected, 1e-3f * expected) << forecaster->name();
      EXPECT_NEAR(forecast.quantiles[12](6, 1), expected, 1e-3f * expected) << forecaster->name();
    }
  }
  ExponentialSmoothing smoothing(7);
  EXPECT_THROW(smoothing.Fit(HistoryOf(Eigen::MatrixXf::Ones(3, 1))), DataError);
}

}  // namespace
}  // namespace restock
