#include "forecasting/explanation.h"

#include <cmath>

#include <gtest/gtest.h>

#include "forecasting/count_regression.h"
#include "forecasting/forecast_inputs.h"
#include "forecasting/series_forecaster.h"
#include "tests/forecasting/test_histories.h"

namespace restock {
namespace {

RandomStream Stream(uint64_t seed) { return Random(seed).At(0); }

/// Random numbers for all coalitions: no structure at all.
CoalitionGame RandomGame(uint64_t seed, int num_outputs) {
  return [seed, num_outputs](const Coalition& coalition) {
    uint64_t address = 1;
    for (const bool present : coalition) address = 2 * address + (present ? 1 : 0);
    RandomStream stream = Random(seed).At(address);
    Eigen::VectorXd value(num_outputs);
    for (double& one : value) one = 10 * stream.Normal();
    return value;
  };
}

/// 5 + 1 a + 2 b + ...
Eigen::VectorXd Linear(const Coalition& coalition) {
  double sum = 5;
  for (size_t i = 0; i < coalition.size(); ++i) sum += coalition[i] ? static_cast<double>(i) + 1 : 0;
  return Eigen::VectorXd::Constant(1, sum);
}

double AdditivityError(const Attribution& shapley) {
  return (shapley.contribution.colwise().sum().transpose() - (shapley.value - shapley.baseline)).cwiseAbs().maxCoeff();
}

// Lundberg & Lee 2017, section 2: the glove game of Shapley's textbooks. One left glove, two right ones; a pair is
// worth
// 1. The left glove has 2/3, each right one 1/6.
TEST(ShapleyTest, DividesThePairOfGloves) {
  const auto gloves = [](const Coalition& c) -> Eigen::VectorXd {
    return Eigen::VectorXd::Constant(1, c[0] && (c[1] || c[2]) ? 1 : 0);
  };
  const Attribution shapley = ShapleyValues(gloves, 3, 8, Stream(1));
  EXPECT_NEAR(shapley.contribution(0), 2.0 / 3, 1e-12);
  EXPECT_NEAR(shapley.contribution(1), 1.0 / 6, 1e-12);
  EXPECT_NEAR(shapley.contribution(2), 1.0 / 6, 1e-12);
}

TEST(ShapleyTest, AddsUpWhetherExactOrSampled) {
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    for (const int num_inputs : {0, 1, 2, 5, 9, 14}) {
      for (const int num_evaluations : {2, 40, 600}) {
        const Attribution shapley = ShapleyValues(RandomGame(seed, 3), num_inputs, num_evaluations, Stream(seed));
        EXPECT_LT(AdditivityError(shapley), 1e-6) << seed << " " << num_inputs << " " << num_evaluations;
      }
    }
  }
}

TEST(ShapleyTest, SampledComesToExactInTheLimit) {
  constexpr int kInputs = 6;  // 64 coalitions, so that 63 evaluations are sampled
  const Attribution exact = ShapleyValues(RandomGame(7, 2), kInputs, 64, Stream(1));
  EXPECT_EQ(exact.standard_error.cwiseAbs().maxCoeff(), 0);
  Eigen::MatrixXd mean = Eigen::MatrixXd::Zero(kInputs, 2);
  constexpr int kRuns = 600;
  double error_of_one = 0;
  for (int run = 0; run < kRuns; ++run) {
    const Attribution sampled = ShapleyValues(RandomGame(7, 2), kInputs, 63, Random(3).At(static_cast<uint64_t>(run)));
    mean += sampled.contribution / kRuns;
    error_of_one += sampled.standard_error.mean() / kRuns;
    EXPECT_GT(sampled.standard_error.maxCoeff(), 0);
  }
  // the mean of many runs has an error smaller by the root of their number
  EXPECT_LT((mean - exact.contribution).cwiseAbs().maxCoeff(), 5 * error_of_one / std::sqrt(kRuns));
}

TEST(ShapleyTest, LinearGamesHaveTheirWeightsAndEqualInputsEqualValues) {
  for (const int num_evaluations : {40, 1024}) {
    const Attribution shapley = ShapleyValues(Linear, 10, num_evaluations, Stream(2));
    for (int input = 0; input < 10; ++input) EXPECT_NEAR(shapley.contribution(input), input + 1, 1e-9);
  }
  // only the number of inputs matters: all have the same
  const auto symmetric = [](const Coalition& c) -> Eigen::VectorXd {
    const auto count = static_cast<double>(std::count(c.begin(), c.end(), true));
    return Eigen::VectorXd::Constant(1, count * count * count);
  };
  const Attribution shapley = ShapleyValues(symmetric, 8, 256, Stream(3));
  for (int input = 0; input < 8; ++input) EXPECT_NEAR(shapley.contribution(input), 64, 1e-9);
}

TEST(LimeTest, FindsTheWeightsOfALinearGame) {
  for (const int num_evaluations : {60, 1024}) {
    const Attribution lime = LimeWeights(Linear, 10, num_evaluations, Stream(4));
    for (int input = 0; input < 10; ++input) EXPECT_NEAR(lime.contribution(input), input + 1, 1e-2);
    EXPECT_NEAR(lime.baseline[0], 5, 1e-2);
    EXPECT_NEAR(lime.fidelity[0], 1, 1e-4);
  }
}

TEST(LimeTest, SaysHowLittleALineTells) {
  const Attribution lime = LimeWeights(RandomGame(8, 1), 8, 256, Stream(5));
  EXPECT_LT(lime.fidelity[0], 0.6);
  EXPECT_GE(lime.fidelity[0], 0);
  // nothing to explain is explained in full
  const auto constant = [](const Coalition&) -> Eigen::VectorXd { return Eigen::VectorXd::Constant(1, 3); };
  EXPECT_EQ(LimeWeights(constant, 4, 16, Stream(6)).fidelity[0], 1);
  EXPECT_EQ(LimeWeights(constant, 0, 16, Stream(6)).value[0], 3);
}

/// Two items of which one is promoted in the week to come, which doubles demand; a useless covariate beside.
DemandHistory WithPlannedPromotion() {
  RandomStream stream = Random(9).At(0);
  Eigen::MatrixXf demand(120, 2), promotion = Eigen::MatrixXf::Zero(127, 2), noise = promotion;
  for (int series = 0; series < 2; ++series) {
    for (int period = 0; period < 127; ++period) {
      const bool promoted = period < 120 ? stream.Uniform() < 0.2 : series == 0;
      promotion(period, series) = promoted ? 1.f : 0.f;
      noise(period, series) = static_cast<float>(stream.Normal());
      if (period < 120) demand(period, series) = static_cast<float>(stream.Poisson(promoted ? 60 : 30));
    }
  }
  DemandHistory history = HistoryOf(demand);
  history.covariates = {{"promotion", true, promotion}, {"noise", true, noise}};
  return history;
}

TEST(ExplanationTest, NamesThePlannedPromotion) {
  const DemandHistory history = WithPlannedPromotion();
  CountRegression forecaster(7);
  forecaster.Fit(history);
  const auto explanations =
      ExplainForecasts({.num_items = 1, .items = {}, .num_evaluations = 64}, forecaster, history, 7, Random(1));
  ASSERT_EQ(explanations.size(), 1u);
  const ForecastExplanation& first = explanations.front();
  EXPECT_EQ(first.series, 0);  // furthest from usual
  EXPECT_EQ(first.inputs.front().input, "promotion");
  EXPECT_NEAR(first.inputs.front().contribution, 7 * 30, 60);
  double sum = first.baseline;
  for (const InputContribution& input : first.inputs) sum += input.contribution;
  EXPECT_NEAR(sum, first.forecast, 1e-6 * first.forecast);
  EXPECT_NEAR(first.forecast, forecaster.Predict(history, 7).mean.cast<double>().col(0).sum(), 1e-9);

  const auto lime = ExplainForecasts({.method = ExplanationMethod::kLime, .items = {"store_0/item_0"}}, forecaster,
                                     history, 7, Random(1));
  EXPECT_EQ(lime.front().inputs.front().input, "promotion");
  EXPECT_GT(lime.front().fidelity, 0.9);
}

// The naive forecast reads the last period alone.
TEST(ExplanationTest, GivesTheLastWeekWhatTheNaiveForecastTakesFromIt) {
  Eigen::MatrixXf demand = Eigen::MatrixXf::Constant(60, 1, 10);
  demand.bottomRows(7).setConstant(40);
  const DemandHistory history = HistoryOf(demand);
  SeriesForecaster naive("naive", 7);
  naive.Fit(history);
  const auto explanation = ExplainForecasts({}, naive, history, 7, Random(1)).front();
  EXPECT_NEAR(explanation.forecast, naive.Predict(history, 7).mean.cast<double>().sum(), 1e-9);
  EXPECT_EQ(explanation.inputs.front().input, "demand of the last 7 periods");
  const double moved = explanation.forecast - explanation.baseline;
  EXPECT_GT(moved, 100);
  EXPECT_NEAR(explanation.inputs.front().contribution, moved, 0.1 * moved);
}

TEST(ForecastInputsTest, LeavesOutWhatIsAsUsual) {
  const ForecastInputs constant(HistoryOf(Eigen::MatrixXf::Constant(60, 2, 3)), {0, 1});
  EXPECT_TRUE(constant.names().empty());
  DemandHistory history = WithPlannedPromotion();
  history.covariates[1].values.bottomRows(7).setConstant(kUnknown);
  const ForecastInputs inputs(history, {0});
  const auto& names = inputs.names();
  EXPECT_NE(std::find(names.begin(), names.end(), "promotion"), names.end());
  EXPECT_EQ(std::find(names.begin(), names.end(), "noise"), names.end());
  EXPECT_EQ(std::find(names.begin(), names.end(), "holidays"), names.end());
  // all as it is: nothing changes; another series never does
  EXPECT_EQ(inputs.With(Coalition(names.size(), true)).demand, history.demand);
  EXPECT_EQ(inputs.With(Coalition(names.size(), false)).demand.col(1), history.demand.col(1));
}

TEST(ExplanationTest, NamesItemsThatAreNotThere) {
  const DemandHistory history = WithPlannedPromotion();
  SeriesForecaster naive("naive", 7);
  naive.Fit(history);
  EXPECT_THROW(ExplainForecasts({.items = {"store_9/item_0"}}, naive, history, 7, Random(1)), DataError);
}

}  // namespace
}  // namespace restock
