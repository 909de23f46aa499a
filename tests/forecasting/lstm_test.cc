#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "common/distributions.h"
#include "common/file.h"
#include "common/progress.h"
#include "forecasting/backtest.h"
#include "forecasting/lstm_forecaster.h"
#include "forecasting/lstm_network.h"
#include "forecasting/seasonal_level.h"
#include "tests/forecasting/check_forecaster.h"
#include "tests/forecasting/test_histories.h"
#include "tests/temporary_folder.h"

namespace restock {
namespace {

constexpr int kHorizon = 7;

LstmConfig SmallConfig() {
  LstmConfig config;
  config.hidden_size = 12;
  config.head_size = 10;
  config.num_updates = 60;
  config.device = "cpu";
  return config;
}

class LstmTest : public ::testing::Test {
 protected:
  LstmTest() { Progress::SetQuiet(true); }
  TemporaryFolder folder_;
};

TEST_F(LstmTest, KeepsTheContract) {
  LstmConfig config = SmallConfig();
  config.num_updates = 20;
  CheckForecaster([&] { return std::make_unique<LstmForecaster>(config, kHorizon, Random(1)); },
                  GeneratedHistory(2, 3, 70), folder_ / "lstm");
}

/// Negative log-likelihood of the count distribution with these moments and extra zeros.
double LossOf(const StepDistributions& steps, int step, float demand) {
  const double zero_share = steps.zero_share.size() > 0 ? steps.zero_share(0, step) : 0;
  const double mean = steps.mean(0, step) / (1 - zero_share);
  const double square = (steps.variance(0, step) + std::pow(steps.mean(0, step), 2)) / (1 - zero_share);
  const CountDistribution counts = {mean, mean * mean / (square - mean * mean - mean)};
  const double of_count = (1 - zero_share) * counts.Probability(static_cast<int64_t>(demand));
  return -std::log(of_count + (demand == 0 ? zero_share : 0));
}

// The network that acts is written in Eigen, the one that learns in LibTorch: they must be the same function. LibTorch
// says what its validation loss was; the same loss from the distributions that Eigen predicts must agree.
class LstmEqualityTest : public LstmTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(LstmEqualityTest, EigenAndLibTorchPredictTheSame) {
  const DemandHistory history = GeneratedHistory(2, 4, 90);
  LstmConfig config = SmallConfig();
  config.zero_inflated = GetParam();
  config.finish_share = 0;  // the best weights are then those of the best look
  const LstmFeatures features(history);
  const LstmTraining training = TrainLstm(config, kHorizon, features, history, Random(1));
  ASSERT_FALSE(training.metrics.empty());
  double expected = std::numeric_limits<double>::infinity();
  for (const LstmMetrics& metrics : training.metrics) expected = std::min(expected, metrics.validation_loss);

  // the validation part: targets in the last periods, forecast from every origin that reaches them
  const int num_validation = 90 / 8 < 7 ? 7 : std::min(90 / 8, kHorizon);
  const int first_target = 90 - num_validation;
  double loss = 0, weight = 0;
  for (int origin = first_target - kHorizon + 1; origin < 90; ++origin) {
    const auto model = StartLstm(training.weights, features, history, origin, 1);
    for (int series = 0; series < history.num_series(); ++series) {
      StepDistributions steps;
      model->Predict(series, kHorizon, steps);
      for (int step = 0; step < kHorizon; ++step) {
        const int target = origin + step;
        if (target < first_target || target >= 90 || std::isnan(history.demand(target, series))) continue;
        loss += history.in_stock_share(target, series) * LossOf(steps, step, history.demand(target, series));
        weight += history.in_stock_share(target, series);
      }
    }
  }
  EXPECT_NEAR(loss / weight, expected, 2e-5 * expected);
}

INSTANTIATE_TEST_SUITE_P(Heads, LstmEqualityTest, ::testing::Values("never", "always"));

TEST_F(LstmTest, EveryUpdateCounts) {
  const DemandHistory history = GeneratedHistory(2, 3, 60);
  const LstmFeatures features(history);
  LstmConfig config = SmallConfig();
  config.finish_share = 0;
  std::vector<Eigen::MatrixXf> weights;
  for (const int num_updates : {1, 19, 20, 27}) {
    config.num_updates = num_updates;
    const LstmTraining training = TrainLstm(config, kHorizon, features, history, Random(1));
    ASSERT_FALSE(training.metrics.empty());
    EXPECT_EQ(training.metrics.back().update, num_updates);
    for (const Eigen::MatrixXf& of_fewer : weights) EXPECT_NE(training.weights.out, of_fewer) << num_updates;
    weights.push_back(training.weights.out);
  }
}

// Shops may be closed for the last weeks, longer than the validation part is: what came before decides.
TEST_F(LstmTest, WeeksWithoutKnownDemandDoNotDecideWhenToStop) {
  DemandHistory history = GeneratedHistory(2, 3, 70);
  history.demand.bottomRows(21).setConstant(kUnknown);
  const LstmTraining training = TrainLstm(SmallConfig(), kHorizon, LstmFeatures(history), history, Random(1));
  ASSERT_GE(training.metrics.size(), 2u);
  EXPECT_GT(training.metrics[0].validation_loss, 1);
  EXPECT_LT(training.metrics[1].validation_loss, training.metrics[0].validation_loss);
}

TEST_F(LstmTest, WithoutKnownDemandToDecideByAllUpdatesAreMade) {
  DemandHistory history = GeneratedHistory(2, 3, 35);
  history.demand.topRows(28).setConstant(kUnknown);
  LstmConfig config = SmallConfig();
  config.num_updates = 140;  // the patience ends after 100 updates without gain
  const LstmTraining training = TrainLstm(config, kHorizon, LstmFeatures(history), history, Random(1));
  EXPECT_EQ(training.metrics.back().update, 140);
  EXPECT_LT(training.metrics.back().training_loss, training.metrics.front().training_loss);
}

TEST_F(LstmTest, ManyPathsAreManyTimesOnePath) {
  const DemandHistory history = GeneratedHistory(2, 3, 60);
  LstmConfig config = SmallConfig();
  config.num_updates = 5;
  LstmForecaster forecaster(config, kHorizon, Random(1));
  forecaster.Fit(history);
  const auto many = StartLstm(forecaster.weights(), forecaster.features(), history, 60, 5);
  const auto one = StartLstm(forecaster.weights(), forecaster.features(), history, 60, 1);
  for (int period = 0; period < 4; ++period) {
    const Eigen::RowVectorXf demand = Eigen::RowVectorXf::LinSpaced(6, 0, static_cast<float>(10 + period));
    Eigen::MatrixXf on_paths = demand.replicate(5, 1);
    on_paths.topRows(4).array() += 3;  // the others go another way
    many->Observe(on_paths);
    one->Observe(demand);
  }
  StepDistributions of_many, of_one;
  many->Predict(2, 9, of_many);
  one->Predict(2, 9, of_one);
  EXPECT_TRUE(of_many.mean.row(4).isApprox(of_one.mean.row(0), 1e-5f));
  EXPECT_TRUE(of_many.variance.row(4).isApprox(of_one.variance.row(0), 1e-4f));
  EXPECT_FALSE(of_many.mean.row(0).isApprox(of_one.mean.row(0), 1e-3f));
}

TEST_F(LstmTest, AnInterruptedFitGoesOnToTheSameBits) {
  const DemandHistory history = GeneratedHistory(2, 3, 60);
  LstmForecaster straight(SmallConfig(), kHorizon, Random(1));
  straight.Fit(history);
  straight.Save(folder_ / "straight");

  TrainLstm(SmallConfig(), kHorizon, LstmFeatures(history), history, Random(1), folder_ / "checkpoint",
            /*max_updates=*/27);
  ASSERT_TRUE(std::filesystem::exists(folder_ / "checkpoint"));
  LstmForecaster resumed(SmallConfig(), kHorizon, Random(1));
  Forecaster& forecaster = resumed;
  forecaster.FitResumable(history, folder_ / "checkpoint");
  forecaster.Save(folder_ / "resumed");

  EXPECT_EQ(ReadFile(folder_ / "straight"), ReadFile(folder_ / "resumed"));
  ASSERT_EQ(straight.metrics().size(), resumed.metrics().size());
  for (size_t i = 0; i < straight.metrics().size(); ++i) {
    EXPECT_EQ(straight.metrics()[i].training_loss, resumed.metrics()[i].training_loss);
    EXPECT_EQ(straight.metrics()[i].validation_loss, resumed.metrics()[i].validation_loss);
  }

  // a finished fit is not begun again
  LstmForecaster again(SmallConfig(), kHorizon, Random(1));
  again.FitResumable(history, folder_ / "checkpoint");
  again.Save(folder_ / "again");
  EXPECT_EQ(ReadFile(folder_ / "straight"), ReadFile(folder_ / "again"));
}

TEST_F(LstmTest, AddsZerosWhereTheDataHaveThem) {
  // half of the days sell nothing, the others about fifty: no negative binomial looks like that
  Eigen::MatrixXf demand(84, 4);
  RandomStream stream = Random(3).At(0);
  for (float& value : demand.reshaped()) value = stream.Uniform() < 0.5 ? 0.f : static_cast<float>(stream.Poisson(50));
  LstmConfig config = SmallConfig();
  config.num_updates = 160;
  LstmForecaster forecaster(config, kHorizon, Random(1));
  forecaster.Fit(HistoryOf(demand));
  EXPECT_TRUE(forecaster.weights().zero_inflated);
  const Forecast forecast = forecaster.Predict(HistoryOf(demand), 1);
  EXPECT_EQ(forecast.quantiles[3].maxCoeff(), 0);   // 0.2
  EXPECT_GT(forecast.quantiles[9].minCoeff(), 30);  // 0.8
}

TEST_F(LstmTest, SurvivesOddHistories) {
  LstmConfig config = SmallConfig();
  config.num_updates = 20;
  for (const float value : {0.f, 7.f, 1e6f}) {
    Eigen::MatrixXf demand = Eigen::MatrixXf::Constant(40, 3, value);
    demand.col(1).setConstant(kUnknown);
    LstmForecaster forecaster(config, kHorizon, Random(1));
    forecaster.Fit(HistoryOf(demand));
    const Forecast forecast = forecaster.Predict(HistoryOf(demand), kHorizon);
    EXPECT_TRUE(forecast.mean.allFinite()) << value;
    EXPECT_TRUE(forecast.quantiles.back().allFinite()) << value;
  }
  LstmForecaster forecaster(config, kHorizon, Random(1));
  EXPECT_THROW(forecaster.Fit(HistoryOf(Eigen::MatrixXf::Ones(10, 2))), DataError);
}

TEST_F(LstmTest, RefusesOtherSeriesThanItsOwn) {
  LstmConfig config = SmallConfig();
  config.num_updates = 2;
  LstmForecaster forecaster(config, kHorizon, Random(1));
  forecaster.Fit(GeneratedHistory(2, 3, 60));
  EXPECT_THROW(forecaster.Predict(GeneratedHistory(3, 3, 60), 7), DataError);
}

// Promotions are known ahead and lift demand: the LSTM can know that, the classical models cannot.
TEST_F(LstmTest, BeatsTheClassicalModelsOnGeneratedDemand) {
  const DemandHistory history = GeneratedHistory(3, 8, 126, /*seed=*/5);
  ForecasterConfig config;
  config.lstm.num_updates = 120;
  config.lstm.device = "cpu";
  const auto results = RunBacktest({.num_origins = 1, .horizon = 14}, config, history, Random(1));
  ASSERT_EQ(results.size(), 3u);
  EXPECT_LT(results[0].scores.weighted_quantile_loss, 0.97 * results[1].scores.weighted_quantile_loss);
  EXPECT_LT(results[0].scores.weighted_quantile_loss, 0.97 * results[2].scores.weighted_quantile_loss);
}

}  // namespace
}  // namespace restock
