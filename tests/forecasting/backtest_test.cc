#include "forecasting/backtest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/file.h"
#include "tests/forecasting/test_histories.h"
#include "tests/temporary_folder.h"

namespace restock {
namespace {

TEST(BacktestTest, ForecastsFromTheLastOriginsOnWhatWasKnownByThen) {
  const DemandHistory history = GeneratedHistory(2, 4, 100);
  ForecasterConfig forecaster;
  forecaster.model = "exponential_smoothing";
  const BacktestConfig config = {.num_origins = 3, .horizon = 7};
  const auto results = RunBacktest(config, forecaster, history, Random(1));
  ASSERT_EQ(results.size(), 2u);  // the model itself is no rival
  EXPECT_EQ(results[0].model, "exponential_smoothing");
  EXPECT_EQ(results[1].model, "seasonal_naive");
  EXPECT_EQ(results[0].origins, (std::vector<int>{79, 86, 93}));
  EXPECT_GT(results[0].scores.count, 100);
  EXPECT_LT(results[0].scores.weighted_quantile_loss, results[1].scores.weighted_quantile_loss);

  DemandHistory changed = history;
  changed.demand.bottomRows(7).setConstant(1000);
  changed.sales = changed.demand;
  const auto same = RunBacktest(config, forecaster, changed, Random(1));
  EXPECT_EQ(same[0].forecasts[2].mean, results[0].forecasts[2].mean);
  EXPECT_THROW(RunBacktest({.num_origins = 13, .horizon = 7}, forecaster, history, Random(1)), DataError);
}

TEST(BacktestTest, ScoresDaysWithARecordAndStockOnly) {
  DemandHistory history = HistoryOf(Eigen::MatrixXf::Constant(20, 2, 3));
  history.in_stock_share(18, 0) = 0.5f;
  history.sales(19, 1) = kUnknown;
  const Eigen::MatrixXf actual = UncensoredSales(history, 18, 2);
  EXPECT_TRUE(std::isnan(actual(0, 0)));
  EXPECT_TRUE(std::isnan(actual(1, 1)));
  EXPECT_EQ(actual(0, 1), 3);
}

TEST(BacktestTest, WritesForecastsInTheUnitsOfTheFile) {
  const TemporaryFolder folder;
  DemandHistory history = HistoryOf(Eigen::MatrixXf::Constant(30, 1, 5));
  history.unit_size = 0.1;
  ForecasterConfig config;
  config.model = "seasonal_naive";
  const auto forecaster = MakeForecaster(config, Random(1));
  forecaster->Fit(history);
  WriteForecastFile(forecaster->Predict(history, 2), history, folder / "forecast.csv");
  EXPECT_THAT(ReadFile(folder / "forecast.csv"),
              ::testing::StartsWith(
                  "origin,date,warehouse,sku,mean,q0.025,q0.05,q0.1,q0.2,q0.3,q0.4,q0.5,q0.6,q0.7,q0.8,q0.9,q0.95,"
                  "q0.975\n2024-01-30,2024-01-31,store_0,item_0,0.5,"));
}

TEST(ForecasterConfigTest, ReadsItsBlockStrictly) {
  const auto read = [](const std::string& text) { return ReadForecasterConfig(ParseConfig(text, "test.yaml")); };
  EXPECT_EQ(read("{model: lstm, horizon: 28, lstm: {hidden_size: 8}}").neural.at("lstm").hidden_size, 8);
  EXPECT_THROW(read("model: crystal_ball"), ConfigError);
  EXPECT_THROW(read("lstm: {hiden_size: 8}"), ConfigError);
  EXPECT_THROW(read("lstm: {learning_rate: -1}"), ConfigError);
}

}  // namespace
}  // namespace restock
