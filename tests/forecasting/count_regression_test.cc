#include "forecasting/count_regression.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/forecasting/check_forecaster.h"
#include "tests/forecasting/test_histories.h"
#include "tests/temporary_folder.h"

namespace restock {
namespace {

TEST(CountRegressionTest, KeepsTheContractOfForecasters) {
  const TemporaryFolder folder;
  CheckForecaster([] { return std::make_unique<CountRegression>(14); }, GeneratedHistory(2, 3, 70), folder / "model");
}

TEST(CountRegressionTest, MakesSenseOfOddHistories) {
  for (const float value : {0.f, 7.f, 1e9f, kUnknown}) {
    DemandHistory history = HistoryOf(Eigen::MatrixXf::Constant(30, 2, value));
    history.demand.col(1).head(29).setConstant(kUnknown);  // one period is known
    CountRegression forecaster(7);
    forecaster.Fit(history);
    const Forecast forecast = forecaster.Predict(history, 9);
    const float expected = std::isnan(value) ? 0 : value;
    EXPECT_NEAR(forecast.mean(8, 0), expected, 0.02f * expected + 0.01f);
    EXPECT_TRUE(forecast.mean.allFinite());
    EXPECT_TRUE(forecast.quantiles[12].allFinite());
  }
  CountRegression forecaster(7);
  EXPECT_THROW(forecaster.Fit(HistoryOf(Eigen::MatrixXf::Ones(7, 1))), DataError);
}

// Counts of known weights: log mean = 0.5 + 0.8 x, r = 2 exp(0.5 x).
TEST(CountLikelihoodTest, FindsTheWeightsThatMadeTheCounts) {
  RandomStream stream = Random(3).At(0);
  constexpr int kCount = 20'000;
  Eigen::MatrixXf regressors(kCount, 2);
  Eigen::VectorXf counts(kCount);
  for (int i = 0; i < kCount; ++i) {
    const double x = stream.Normal();
    regressors.row(i) << static_cast<float>(x), 1;
    counts[i] = static_cast<float>(stream.NegativeBinomial(std::exp(0.5 + 0.8 * x), 2 * std::exp(0.5 * x)));
  }
  const CountWeights weights = FitCountWeights(regressors, counts, 0.1);
  EXPECT_NEAR(weights.mean[0], 0.8, 0.03);
  EXPECT_NEAR(weights.mean[1], 0.5, 0.03);
  EXPECT_NEAR(weights.dispersion[0], 0.5, 0.1);
  EXPECT_NEAR(weights.dispersion[1], std::log(2), 0.1);
}

// Quantiles of many series of different means, each seen for a few weeks, hold what they promise.
TEST(CountRegressionTest, QuantilesAreCalibrated) {
  RandomStream stream = Random(4).At(0);
  constexpr int kSeries = 500, kPast = 70, kAhead = 7;
  Eigen::MatrixXf demand(kPast + kAhead, kSeries);
  for (int series = 0; series < kSeries; ++series) {
    const double mean = 0.1 + 4 * stream.Uniform();
    for (int i = 0; i < demand.rows(); ++i) {
      demand(i, series) = static_cast<float>(stream.NegativeBinomial(i % 7 == 5 ? 2 * mean : mean, 1.5));
    }
  }
  CountRegression forecaster(kAhead);
  const DemandHistory past = HistoryOf(demand).Until(kPast);
  forecaster.Fit(past);
  const Forecast forecast = forecaster.Predict(past, kAhead);

  // the fifth day sells twice as much
  EXPECT_NEAR(forecast.mean.row(5).mean() / forecast.mean.row(4).mean(), 2, 0.15);

  // a share of at most q lies below each quantile of level q, and of at least q not above it
  for (size_t level = 0; level < kForecastLevels.size(); ++level) {
    double below = 0, up_to = 0;
    for (int series = 0; series < kSeries; ++series) {
      for (int step = 0; step < kAhead; ++step) {
        below += demand(kPast + step, series) < forecast.quantiles[level](step, series) ? 1 : 0;
        up_to += demand(kPast + step, series) <= forecast.quantiles[level](step, series) ? 1 : 0;
      }
    }
    EXPECT_LE(below / (kSeries * kAhead), kForecastLevels[level] + 0.02) << level;
    EXPECT_GE(up_to / (kSeries * kAhead), kForecastLevels[level] - 0.02) << level;
  }
}

}  // namespace
}  // namespace restock
