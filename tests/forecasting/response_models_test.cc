#include <cmath>

#include <gtest/gtest.h>

#include "common/distributions.h"
#include "forecasting/forecast_blend.h"
#include "forecasting/forecaster_config.h"
#include "forecasting/linear_regression.h"
#include "forecasting/score_functions.h"
#include "forecasting/similar_periods.h"
#include "tests/forecasting/check_forecaster.h"
#include "tests/forecasting/test_histories.h"
#include "tests/temporary_folder.h"

namespace restock {
namespace {

std::unique_ptr<Forecaster> Make(const std::string& model, int horizon) {
  ForecasterConfig config;
  config.model = model;
  config.horizon = horizon;
  return MakeForecaster(config, Random(1));
}

/// Every model but the network, which has its own test.
class EveryForecaster : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Names, EveryForecaster,
                         ::testing::Values("exponential_smoothing", "seasonal_naive", "count_regression",
                                           "linear_regression", "similar_periods", "response_blend", "automatic"),
                         [](const auto& test) { return test.param; });

TEST_P(EveryForecaster, KeepsTheContract) {
  const TemporaryFolder folder;
  CheckForecaster([] { return Make(GetParam(), 14); }, GeneratedHistory(2, 3, 70), folder / "model");
}

TEST_P(EveryForecaster, MakesSenseOfOddHistories) {
  for (const float value : {0.f, 7.f, 1e9f, kUnknown}) {
    DemandHistory history = HistoryOf(Eigen::MatrixXf::Constant(40, 3, value));
    history.demand.col(1).head(39).setConstant(kUnknown);             // one period is known
    for (int i = 0; i < 40; i += 3) history.demand(i, 2) = kUnknown;  // gaps
    history.covariates = {{"nothing", true, Eigen::MatrixXf::Constant(45, 3, kUnknown)},
                          {"constant", true, Eigen::MatrixXf::Constant(45, 3, 1)}};
    const auto forecaster = Make(GetParam(), 7);
    forecaster->Fit(history);
    const Forecast forecast = forecaster->Predict(history, 9);
    const float expected = std::isnan(value) ? 0 : value;
    for (const int series : {0, 2}) EXPECT_NEAR(forecast.mean(8, series), expected, 0.03f * expected + 0.01f);
    EXPECT_TRUE(forecast.mean.allFinite());
    EXPECT_TRUE(forecast.quantiles[12].allFinite());
  }
  EXPECT_THROW(Make(GetParam(), 7)->Fit(HistoryOf(Eigen::MatrixXf::Ones(1, 1))), DataError);
}

/// Two stores that sell 200 and 50 at price 1; demand falls with the square of the price. Prices change every few days
/// and are known for ten days more.
DemandHistory PricedHistory() {
  RandomStream stream = Random(7).At(0);
  Eigen::MatrixXf demand(84, 2), log_price(94, 2);
  for (int series = 0; series < 2; ++series) {
    for (int period = 0; period < 94; ++period) {
      const double price = (period / 3 + series) % 4 == 0 ? 0.7 : 1.0;
      log_price(period, series) = static_cast<float>(std::log(price));
      const double mean = (series == 0 ? 200 : 50) * std::pow(price, -2);
      if (period < 84) demand(period, series) = static_cast<float>(std::round(mean * std::exp(0.05 * stream.Normal())));
    }
  }
  DemandHistory history = HistoryOf(demand);
  history.series = {{"north", "milk", ""}, {"south", "milk", ""}};
  history.covariates = {{"log_price", true, log_price}};
  return history;
}

TEST(ResponseModelsTest, KnowThatALowPriceSellsMore) {
  const DemandHistory history = PricedHistory();
  for (const std::string model : {"linear_regression", "similar_periods", "response_blend"}) {
    const auto forecaster = Make(model, 7);
    forecaster->Fit(history);
    const Forecast forecast = forecaster->Predict(history, 10);
    for (int series = 0; series < 2; ++series) {
      for (int step = 0; step < 10; ++step) {
        const double expected =
            (series == 0 ? 200 : 50) * std::exp(-2 * history.covariates[0].values(84 + step, series));
        EXPECT_NEAR(forecast.mean(step, series) / expected, 1, 0.08) << model << " " << series << " " << step;
        EXPECT_LT(forecast.quantiles[0](step, series), expected);
        EXPECT_GT(forecast.quantiles[12](step, series), expected);
      }
    }
  }
}

TEST(ResponseModelsTest, DoNotExtrapolateBeyondWhatWasSeen) {
  DemandHistory history = PricedHistory();
  history.covariates[0].values.bottomRows(10).setConstant(-6);  // nearly free
  for (const std::string model : {"linear_regression", "similar_periods", "response_blend"}) {
    const auto forecaster = Make(model, 7);
    forecaster->Fit(history);
    EXPECT_LT(forecaster->Predict(history, 10).mean.col(0).maxCoeff(), 3.5 * history.demand.col(0).maxCoeff()) << model;
  }
}

TEST(ResponseModelsTest, BandwidthsFollowHowMuchPlansVary) {
  DemandHistory history = PricedHistory();
  SimilarPeriods similar(7);
  similar.Fit(history);
  // prices are ln 0.7 one day in four: standard deviation 0.3567 sqrt(3 / 16) = 0.1545
  EXPECT_NEAR(similar.bandwidths()[0], 0.3 * 0.1545, 1e-3);
  history.covariates[0].values = (history.covariates[0].values.array() < 0).cast<float>();
  similar.Fit(history);
  EXPECT_EQ(similar.bandwidths()[0], 0.5);  // a flag
}

// Of a lognormal the best is exp(mu - sigma^2) (the median of the density over y).
TEST(ResponseModelsTest, TheBestForecastForPercentageErrorIsLow) {
  Eigen::VectorXd levels(199), quantiles(199);
  for (Eigen::Index i = 0; i < 199; ++i) {
    levels[i] = static_cast<double>(i + 1) / 200;
    quantiles[i] = std::exp(3 + 0.4 * NormalQuantile(levels[i]));
  }
  EXPECT_NEAR(BestForPercentageError(levels, quantiles), std::exp(3 - 0.16), 0.2);
}

}  // namespace
}  // namespace restock
