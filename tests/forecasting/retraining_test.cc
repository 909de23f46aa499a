#include "forecasting/retraining.h"

#include <cmath>

#include <gtest/gtest.h>

#include "common/progress.h"
#include "tests/forecasting/test_histories.h"

namespace restock {
namespace {

Eigen::VectorXd Normals(int count, double mean, uint64_t address) {
  RandomStream stream = Random(21).At(address);
  Eigen::VectorXd values(count);
  for (double& value : values) value = mean + stream.Normal();
  return values;
}

// Differences 1, 2, 3: mean 2, variance 2/3 over n - 1, so that the deviation of the mean is 0.5774; t of two degrees
// at 97.5 % is 4.3027.
TEST(ForecastComparisonTest, IsThePairedTestOfStudentForOneStep) {
  const Eigen::Vector3d first(1, 1, 1), second(2, 3, 4);
  const ForecastComparison comparison = CompareLosses(first, second, 1, 0.95);
  EXPECT_DOUBLE_EQ(comparison.mean, 2);
  EXPECT_DOUBLE_EQ(comparison.relative, 2);
  EXPECT_NEAR(comparison.high, 2 + 4.3027 * 0.57735, 1e-3);
  EXPECT_NEAR(comparison.low, 2 - 4.3027 * 0.57735, 1e-3);
  EXPECT_NEAR(comparison.chance, 0.9629, 1e-3);  // P(T < 3.4641)
}

TEST(ForecastComparisonTest, ClaimsAGainNoMoreOftenThanItSays) {
  int claims = 0, found = 0;
  for (uint64_t run = 0; run < 400; ++run) {
    claims += CompareLosses(Normals(28, 5, 2 * run), Normals(28, 5, 2 * run + 1), 1, 0.9).chance < 0.1 ? 1 : 0;
    found += CompareLosses(Normals(28, 5, 2 * run), Normals(28, 4, 2 * run + 1), 1, 0.9).chance < 0.1 ? 1 : 0;
  }
  EXPECT_NEAR(claims / 400.0, 0.1, 0.05);
  EXPECT_GT(found / 400.0, 0.95);
  // and with dependence over a horizon it claims less
  const Eigen::VectorXd steps = Eigen::VectorXd::LinSpaced(28, -1.5, 0.5);
  const Eigen::VectorXd zero = Eigen::VectorXd::Zero(28);
  EXPECT_GT(CompareLosses(zero, steps, 7, 0.9).chance, CompareLosses(zero, steps, 1, 0.9).chance);
}

TEST(ForecastComparisonTest, SaysNothingOfNothing) {
  EXPECT_EQ(CompareLosses(Eigen::VectorXd(), Eigen::VectorXd(), 7, 0.9).chance, 1);
  EXPECT_TRUE(std::isinf(CompareLosses(Eigen::VectorXd::Ones(1), Eigen::VectorXd::Zero(1), 7, 0.9).high));
  EXPECT_EQ(CompareLosses(Eigen::VectorXd::Ones(9), Eigen::VectorXd::Ones(9), 7, 0.9).chance, 1);
  EXPECT_EQ(CompareLosses(Eigen::VectorXd::Ones(9), Eigen::VectorXd::Zero(9), 7, 0.9).chance, 0);
}

/// Demand that promotions double until `change`, and do not move from then on: what a regression has learned is wrong.
DemandHistory WherePromotionsStopWorking(int change) {
  RandomStream stream = Random(31).At(0);
  Eigen::MatrixXf demand(240, 8), promotion(240, 8);
  for (int period = 0; period < 240; ++period) {
    for (int series = 0; series < 8; ++series) {
      promotion(period, series) = stream.Uniform() < 0.3 ? 1.f : 0.f;
      const bool works = promotion(period, series) > 0 && period < change;
      demand(period, series) = static_cast<float>(stream.Poisson(works ? 60 : 20));
    }
  }
  DemandHistory history = HistoryOf(demand);
  history.covariates = {{"promotion", true, promotion}};
  return history;
}

const ForecasterConfig kRegression = {.model = "linear_regression", .horizon = 7, .calibration = {}, .neural = {}};

class RetrainingTest : public ::testing::Test {
 protected:
  RetrainingTest() { Progress::SetQuiet(true); }
};

TEST_F(RetrainingTest, ReplacesAModelWhoseWorldHasChanged) {
  const DemandHistory history = WherePromotionsStopWorking(120);
  const auto walk = WalkForward({.on = RetrainOn::kSchedule, .schedule = 28, .walk_periods = 120, .judged_periods = 28},
                                kRegression, 7, history, Random(1));
  ASSERT_EQ(walk.steps.size(), 17u);
  ASSERT_EQ(walk.tries.size(), 4u);
  EXPECT_EQ(walk.tries[0].period, 148);
  EXPECT_EQ(walk.tries[0].reason, "schedule");
  bool replaced = false;
  for (const RetrainTry& one : walk.tries) replaced = replaced || one.replaced;
  EXPECT_TRUE(replaced);
  EXPECT_LT(walk.gain.high, 0);  // better by more than chance
  EXPECT_GT(walk.steps.back().fitted_on, walk.steps.front().fitted_on);
  EXPECT_DOUBLE_EQ(walk.steps.front().loss, walk.steps.front().loss_of_first);
}

TEST_F(RetrainingTest, KeepsTheChampionWhereNothingChanges) {
  const DemandHistory history = WherePromotionsStopWorking(240);
  const auto walk = WalkForward(
      {.on = RetrainOn::kSchedule, .schedule = 28, .walk_periods = 120, .judged_periods = 28, .confidence = 0.99},
      kRegression, 7, history, Random(1));
  EXPECT_EQ(walk.tries.size(), 4u);
  for (const RetrainTry& one : walk.tries) EXPECT_FALSE(one.replaced);
  EXPECT_EQ(walk.gain.mean, 0);
  for (const WalkStep& step : walk.steps) EXPECT_EQ(step.fitted_on, 92);
}

TEST_F(RetrainingTest, AlarmsOfErrorsOrInputsCallForATry) {
  const RetrainConfig on_alarm = {
      .on = RetrainOn::kAlarm, .walk_periods = 120, .judged_periods = 28, .confidence = 0.99};
  const auto quiet = WalkForward(on_alarm, kRegression, 7, WherePromotionsStopWorking(240), Random(1));
  for (const RetrainTry& one : quiet.tries) EXPECT_FALSE(one.replaced) << one.reason;
  // from the middle of the walk on promotions do not work
  const auto walk = WalkForward(on_alarm, kRegression, 7, WherePromotionsStopWorking(180), Random(1));
  ASSERT_FALSE(walk.tries.empty());
  EXPECT_GE(walk.tries.front().period, 180);
  EXPECT_NE(walk.tries.front().reason.find(": "), std::string::npos);
}

TEST_F(RetrainingTest, NeedsEnoughPeriods) {
  const DemandHistory history = HistoryOf(Eigen::MatrixXf::Ones(60, 1));
  EXPECT_THROW(WalkForward({.on = RetrainOn::kSchedule, .walk_periods = 40}, kRegression, 7, history, Random(1)),
               DataError);
}

}  // namespace
}  // namespace restock
