// What every model, score and explanation promises of histories that no model was made for: a clear error, or a sane
// answer.

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "common/progress.h"
#include "forecasting/drift.h"
#include "forecasting/explanation.h"
#include "forecasting/forecast_comparison.h"
#include "forecasting/forecaster_config.h"
#include "forecasting/importance.h"
#include "forecasting/neural/network_body.h"
#include "forecasting/score_functions.h"
#include "tests/forecasting/test_histories.h"

namespace restock {
namespace {

struct OddHistory {
  std::string name;
  DemandHistory history;
};

Eigen::MatrixXf Noise(int num_periods, float scale, double unknown_share) {
  RandomStream stream = Random(17).At(0);
  Eigen::MatrixXf demand(num_periods, 3);
  for (float& value : demand.reshaped()) {
    value = scale * static_cast<float>(stream.Poisson(3));
    if (stream.Uniform() < unknown_share) value = kUnknown;
  }
  return demand;
}

std::vector<OddHistory> OddHistories() {
  const auto constant = [](int num_periods, float value) {
    return HistoryOf(Eigen::MatrixXf::Constant(num_periods, 3, value));
  };
  std::vector<OddHistory> all;
  all.push_back({"no period", constant(0, 0)});
  all.push_back({"one period", constant(1, 5)});
  all.push_back({"two periods", constant(2, 5)});
  all.push_back({"a week", constant(7, 5)});
  all.push_back({"constant", constant(60, 5)});
  all.push_back({"zeros", constant(60, 0)});
  all.push_back({"nothing known", constant(60, kUnknown)});
  all.push_back({"constant of 1e9", constant(60, 1e9f)});
  all.push_back({"large", HistoryOf(Noise(60, 1e9f, 0))});
  all.push_back({"gaps", HistoryOf(Noise(60, 1, 0.4))});
  all.push_back({"hardly known", HistoryOf(Noise(60, 1, 0.97))});
  all.push_back({"one spike", constant(60, 0)});
  all.back().history.demand(30, 1) = all.back().history.sales(30, 1) = 1e9f;
  all.push_back({"one series unknown", HistoryOf(Noise(60, 1, 0))});
  all.back().history.demand.col(1).setConstant(kUnknown);
  all.back().history.sales.col(1).setConstant(kUnknown);
  all.push_back({"unknown at the end", HistoryOf(Noise(60, 1, 0))});
  all.back().history.demand.bottomRows(20).setConstant(kUnknown);
  all.back().history.sales.bottomRows(20).setConstant(kUnknown);

  // covariates that say nothing: constant, unknown, absurd
  all.push_back({"odd covariates", HistoryOf(Noise(60, 1, 0))});
  DemandHistory& history = all.back().history;
  history.covariates = {{"constant", true, Eigen::MatrixXf::Ones(74, 3)},
                        {"unknown", true, Eigen::MatrixXf::Constant(74, 3, kUnknown)},
                        {"measured", false, Eigen::MatrixXf::Constant(60, 3, kUnknown)},
                        {"absurd", true, Eigen::MatrixXf::Zero(74, 3)}};
  history.covariates[3].values(3, 0) = 1e9f;
  history.covariates[3].values(70, 1) = -1e9f;
  return all;
}

ForecasterConfig SmallConfig(const std::string& model) {
  ForecasterConfig config{.model = model, .horizon = 7, .calibration = {}, .neural = {}};
  for (const std::string& network : NetworkNames()) {
    NeuralConfig& neural = config.neural[network] = DefaultNeuralConfig(network);
    neural.hidden_size = neural.head_size = 6;
    neural.num_updates = 3;
    neural.device = "cpu";
  }
  return config;
}

void ExpectSane(const Forecast& forecast, const std::string& what) {
  ASSERT_EQ(forecast.quantiles.size(), kForecastLevels.size()) << what;
  EXPECT_TRUE(forecast.mean.allFinite()) << what;
  EXPECT_GE(forecast.mean.minCoeff(), 0) << what;
  for (size_t i = 0; i < forecast.quantiles.size(); ++i) {
    EXPECT_TRUE(forecast.quantiles[i].allFinite()) << what;
    EXPECT_GE(forecast.quantiles[i].minCoeff(), 0) << what;
    if (i > 0) {
      EXPECT_GE((forecast.quantiles[i] - forecast.quantiles[i - 1]).minCoeff(), 0) << what;
    }
  }
}

class OddInputTest : public ::testing::TestWithParam<std::string> {
 protected:
  OddInputTest() { Progress::SetQuiet(true); }
};
INSTANTIATE_TEST_SUITE_P(Models, OddInputTest, ::testing::ValuesIn(ForecasterModels()),
                         [](const auto& test) { return test.param; });

TEST_P(OddInputTest, GivesAClearErrorOrASaneForecastAndExplanation) {
  for (const auto& [name, history] : OddHistories()) {
    const std::string what = GetParam() + ", " + name;
    SCOPED_TRACE(what);
    try {
      const auto forecaster = MakeForecaster(SmallConfig(GetParam()), Random(1));
      forecaster->Fit(history);
      const Forecast forecast = forecaster->Predict(history, 9);
      ExpectSane(forecast, what);
      // no more than ten thousand times what was ever sold
      float most = 1;
      for (const float demand : history.demand.reshaped()) most = std::isnan(demand) ? most : std::max(most, demand);
      EXPECT_LE(forecast.mean.maxCoeff(), 1e4f * most) << what;

      for (const ExplanationMethod method : {ExplanationMethod::kShapley, ExplanationMethod::kLime}) {
        const ExplainConfig config{.method = method, .num_items = 2, .items = {}, .num_evaluations = 8};
        for (const ForecastExplanation& one : ExplainForecasts(config, *forecaster, history, 9, Random(2))) {
          EXPECT_TRUE(std::isfinite(one.baseline) && std::isfinite(one.forecast)) << what;
          double sum = one.baseline;
          for (const InputContribution& input : one.inputs) sum += input.contribution;
          if (method == ExplanationMethod::kShapley) {
            EXPECT_NEAR(sum, one.forecast, 1e-6 * (1 + std::abs(one.forecast))) << what;
          }
        }
      }
      if (history.num_periods() < 9) continue;
      for (const InputImportance& input : PermutationImportance(*forecaster, history, 7, Random(3), 1))
        EXPECT_FALSE(std::isnan(input.increase)) << what << " " << input.input;
    } catch (const InputError& error) {
      EXPECT_GT(std::string(error.what()).size(), 20u) << what;  // which tells what is wrong
    }
  }
}

TEST(OddScoresTest, DriftSurvives) {
  for (const auto& [name, history] : OddHistories()) {
    // forecasts of 3, for the last weeks
    BacktestResult backtest;
    for (int origin = history.num_periods() - 28; origin + 7 <= history.num_periods(); origin += 7) {
      if (origin < 1) continue;
      const Eigen::MatrixXf three = Eigen::MatrixXf::Constant(7, history.num_series(), 3);
      backtest.origins.push_back(origin);
      backtest.forecasts.push_back({7, kForecastLevels, three, {kForecastLevels.size(), three}});
    }
    const std::vector<DriftCheck> checks = FindDrift(history, backtest);
    for (const DriftCheck& check : checks) EXPECT_TRUE(std::isfinite(check.value)) << name << " " << check.name;
    // coverage is told where something is known of the forecast periods, and only there
    bool is_known = false;
    for (const int origin : backtest.origins) is_known |= (history.demand.middleRows(origin, 7).array() >= 0).any();
    const bool tells =
        std::any_of(checks.begin(), checks.end(), [](const auto& one) { return one.kind == "coverage"; });
    EXPECT_EQ(tells, is_known) << name;
  }
}

// Every score of odd values is a number or unknown, and never infinite where its inputs are finite.
TEST(OddScoresTest, ScoresSurvive) {
  const double unknown = std::nan("");
  const std::vector<std::vector<double>> all = {
      {}, {5}, {unknown}, {0, 0, 0, 0}, {5, 5, 5, 5}, {1e9, 1e9, 0, 1e9}, {unknown, 1, unknown, 3}, {unknown, unknown}};
  const auto values = [](const std::vector<double>& list, Eigen::Index size) {
    Eigen::VectorXd result(size);
    for (Eigen::Index i = 0; i < size; ++i) result[i] = list.empty() ? 0 : list[static_cast<size_t>(i) % list.size()];
    return result;
  };
  for (const auto& actual_list : all) {
    for (const auto& past_list : all) {
      const Eigen::VectorXd actual = values(actual_list, static_cast<Eigen::Index>(actual_list.size()));
      const Eigen::VectorXd past = values(past_list, static_cast<Eigen::Index>(past_list.size()));
      for (const double forecast_value : {0.0, 5.0, 1e9}) {
        const Eigen::VectorXd forecast = Eigen::VectorXd::Constant(actual.size(), forecast_value);
        for (const double score :
             {AbsoluteScaledError(actual, forecast, past, 1), AbsoluteScaledError(actual, forecast, past, 7),
              RootSquaredScaledError(actual, forecast, past), SymmetricPercentageError(actual, forecast),
              PercentageError(actual, forecast), ScaledPinballLoss(0.9, actual, forecast, past),
              ScaledIntervalScore(0.05, actual, forecast, forecast, past, 1), Coverage(actual, forecast, forecast)}) {
          EXPECT_FALSE(std::isinf(score));
          EXPECT_FALSE(score < 0);
        }
      }
    }
  }
  for (const double actual : {0.0, 1.0, 1e9}) {
    for (const int size : {1, 2, 5}) {
      const Eigen::MatrixXd paths = Eigen::MatrixXd::Constant(size, 3, 2.0);
      EXPECT_FALSE(std::isinf(FairCrps(paths.col(0), actual)));
      EXPECT_TRUE(std::isfinite(EnergyScore(paths, Eigen::Vector3d::Constant(actual))));
      EXPECT_TRUE(std::isfinite(VariogramScore(paths, Eigen::Vector3d::Constant(actual))));
    }
  }
}

}  // namespace
}  // namespace restock
