#include "forecasting/forecast_metrics.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/forecasting/test_histories.h"

namespace restock {
namespace {

/// Two periods of two series; the quantiles 0.1, 0.5, 0.9 are the median -2, +0, +2.
Forecast SmallForecast(const Eigen::MatrixXf& mean, const Eigen::MatrixXf& median) {
  Forecast forecast;
  forecast.num_periods = 2;
  forecast.levels = {0.1f, 0.5f, 0.9f};
  forecast.mean = mean;
  for (const float shift : {-2.f, 0.f, 2.f}) forecast.quantiles.push_back((median.array() + shift).matrix());
  return forecast;
}

class ForecastMetricsTest : public ::testing::Test {
 protected:
  ForecastMetricsTest() {
    Eigen::MatrixXf mean(2, 2), median(2, 2), actual(2, 2);
    mean << 5, 2, 7, 2;
    median << 4, 2, 6, 3;
    actual << 6, 1, 6, kUnknown;  // three values are scored
    Eigen::MatrixXf past(5, 2);
    past << 1, 0, 3, 0, 2, 2, 4, kUnknown, 7, 4;
    scorer_.Add(SmallForecast(mean, median), actual, past, /*season=*/2);
  }
  ForecastScorer scorer_;
};

TEST_F(ForecastMetricsTest, WapeAndBias) {
  // |6 - 4| + |6 - 6| + |1 - 2| = 3 over 13; (5 - 6) + (7 - 6) + (2 - 1) = 1 over 13
  EXPECT_NEAR(scorer_.Scores().wape, 3.0 / 13, 1e-12);
  EXPECT_NEAR(scorer_.Scores().bias, 1.0 / 13, 1e-12);
  EXPECT_EQ(scorer_.Scores().count, 3);
}

TEST_F(ForecastMetricsTest, MaseScalesBySeasonalDifferencesOfThePast) {
  // first series: |2 - 1|, |4 - 3|, |7 - 2| -> 7 / 3; second: |2 - 0|, |4 - 2| (one pair unknown) -> 2
  EXPECT_NEAR(scorer_.Scores().mase, (2 / (7.0 / 3) + 0 + 1 / 2.0) / 3, 1e-6);
}

TEST_F(ForecastMetricsTest, RmsseStartsAtTheFirstSaleAndIsAMeanOverSeries) {
  // first series: differences 2, -1, 2, 3 -> 18 / 4; errors -1 and 1 -> 1
  // second: from its first sale on no pair of neighbours is known, so it does not count
  EXPECT_NEAR(scorer_.Scores().rmsse, std::sqrt(1 / 4.5), 1e-6);
}

TEST_F(ForecastMetricsTest, WeightedQuantileLossAndCoverage) {
  // differences y - q: for q0.1: 4, 2, 1; for q0.5: 2, 0, -1; for q0.9: 0, -2, -3
  // losses: 0.1 * 7 = 0.7; 0.5 * 3 = 1.5; 0.1 * 5 = 0.5  -> mean 0.9, doubled, over 13
  EXPECT_NEAR(scorer_.Scores().weighted_quantile_loss, 2 * 0.9 / 13, 1e-6);
  EXPECT_NEAR(scorer_.Scores().coverage[0], 0, 1e-12);
  EXPECT_NEAR(scorer_.Scores().coverage[1], 2.0 / 3, 1e-12);
  EXPECT_NEAR(scorer_.Scores().coverage[2], 1, 1e-12);
}

TEST(ForecastScorerTest, HasNothingToSayAboutNothing) { EXPECT_TRUE(std::isnan(ForecastScorer().Scores().wape)); }

}  // namespace
}  // namespace restock
