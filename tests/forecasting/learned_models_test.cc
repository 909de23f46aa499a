// Models of one series that learn a curve, a likelihood or weights: cases with a known answer.

#include <cmath>

#include <gtest/gtest.h>

#include "forecasting/automatic_choice.h"
#include "forecasting/series_models.h"
#include "tests/forecasting/test_histories.h"

namespace restock {
namespace {

Eigen::VectorXd FitAndForecast(const std::string& name, const Eigen::VectorXd& demand, int season, int num_steps) {
  const auto model = MakeSeriesModel(name);
  model->Fit({demand, season});
  return ForecastAfter(*model, demand, num_steps);
}

// 10 + 2 t: time slows down beyond the fit by 0.9, 0.81, ...: 10 + 2 (49 + 0.9), 10 + 2 (49 + 0.9 + 0.81).
TEST(PolynomialRegressionTest, CarriesALineOnMoreAndMoreSlowly) {
  Eigen::VectorXd line(50);
  for (Eigen::Index t = 0; t < 50; ++t) line[t] = 10 + 2 * static_cast<double>(t);
  const Eigen::VectorXd forecast = FitAndForecast("polynomial_regression", line, 1, 60);
  EXPECT_NEAR(forecast[0], 109.8, 1e-3);
  EXPECT_NEAR(forecast[1], 111.42, 1e-3);
  EXPECT_NEAR(forecast[59], 10 + 2 * (49 + 9), 0.1);
}

TEST(PolynomialRegressionTest, TakesADegreeThatTheDataAskFor) {
  RandomStream stream = Random(3).At(0);
  Eigen::VectorXd flat(60), bent(60);
  for (Eigen::Index t = 0; t < 60; ++t) {
    flat[t] = 100 + stream.Normal();
    bent[t] = 100 + 0.05 * static_cast<double>((t - 30) * (t - 30)) + stream.Normal();
  }
  const auto degree = [](const Eigen::VectorXd& demand) {
    const auto model = MakeSeriesModel("polynomial_regression");
    model->Fit({demand, 1});
    // coefficients stand from the third parameter on
    int last = 0;
    for (int i = 0; i <= 3; ++i) last = model->parameters()[static_cast<size_t>(2 + i)] != 0 ? i : last;
    return last;
  };
  EXPECT_EQ(degree(flat), 0);
  EXPECT_GE(degree(bent), 2);
}

// m0 = 2, phi = 0.5, alpha = 0.3, no season: 2 -> 0.4 + 1 + 0.3 * 4 = 2.6; then 2 + 0.8 * 0.6 = 2.48 is expected.
TEST(CountStateSpaceTest, ByHand) {
  const auto model = MakeSeriesModel("count_state_space");
  model->Restore({2, 0.5, 0.3, 1});
  Eigen::VectorXd demand(1);
  demand << 4;
  const Eigen::VectorXd forecast = ForecastAfter(*model, demand, 2);
  EXPECT_NEAR(forecast[0], 2.6, 1e-12);
  EXPECT_NEAR(forecast[1], 2.48, 1e-12);
  // what is not known leaves the mean to fall back: 0.4 + 0.5 * 2.6 + 0.3 * 2.6
  demand.conservativeResize(2);
  demand[1] = kUnknown;
  EXPECT_NEAR(ForecastAfter(*model, demand, 1)[0], 2.48, 1e-12);
}

TEST(CountStateSpaceTest, FollowsWhatMovesAndNotWhatIsChance) {
  RandomStream stream = Random(4).At(0);
  Eigen::VectorXd chance(300), moving(300);
  double level = 5;
  for (Eigen::Index t = 0; t < 300; ++t) {
    chance[t] = static_cast<double>(stream.Poisson(5));
    level = std::max(0.5, level + 0.6 * stream.Normal());
    moving[t] = static_cast<double>(stream.Poisson(level));
  }
  const auto alpha = [](const Eigen::VectorXd& demand) {
    const auto model = MakeSeriesModel("count_state_space");
    model->Fit({demand, 1});
    return model->parameters()[2];
  };
  // with steps of 0.6 and counts of variance 5 a Kalman filter takes 0.23 of an error
  EXPECT_LT(alpha(chance), 0.12);
  EXPECT_NEAR(alpha(moving), 0.23, 0.08);
}

TEST(StackingTest, WeighsTheModelThatIsRight) {
  // a strong week: of the members only Holt-Winters and theta know it
  const double week[] = {0.2, 0.5, 1, 1.3, 2.2, 1.2, 0.6};
  RandomStream stream = Random(5).At(0);
  Eigen::VectorXd demand(140);
  for (Eigen::Index t = 0; t < 140; ++t) demand[t] = std::round(100 * week[t % 7] * (1 + 0.05 * stream.Normal()));
  const auto model = MakeSeriesModel("stacking");
  model->Fit({demand, 7});
  const std::vector<double>& parameters = model->parameters();
  const std::vector<double> weights(parameters.end() - 6, parameters.end());
  double sum = 0;
  for (const double weight : weights) {
    EXPECT_GE(weight, 0);
    sum += weight;
  }
  EXPECT_NEAR(sum, 1, 1e-9);
  EXPECT_GT(weights[1] + weights[2], 0.8);
  const Eigen::VectorXd forecast = ForecastAfter(*model, demand, 7);
  for (Eigen::Index t = 0; t < 7; ++t) EXPECT_NEAR(forecast[t], 100 * week[t], 20);
}

TEST(AutomaticChoiceTest, TellsItsReasons) {
  RandomStream stream = Random(6).At(0);
  Eigen::MatrixXf demand(98, 6);
  for (float& value : demand.reshaped()) value = static_cast<float>(stream.Poisson(0.3));
  AutomaticChoice automatic(7);
  automatic.Fit(HistoryOf(demand));
  ASSERT_FALSE(automatic.choices().empty());
  int num_series = 0;
  for (const ClassChoice& choice : automatic.choices()) {
    num_series += choice.num_series;
    EXPECT_EQ(choice.scores.size(), CandidatesFor(choice.demand_class).size());
    double own = 0, least = 1e9;
    for (const auto& [model, score] : choice.scores) {
      least = std::min(least, score);
      if (model == choice.model) own = score;
    }
    EXPECT_EQ(own, least);
  }
  EXPECT_EQ(num_series, 6);
}

}  // namespace
}  // namespace restock
