#include "forecasting/cleaning.h"

#include <cmath>

#include <gtest/gtest.h>

#include "forecasting/box_cox.h"
#include "forecasting/forecaster_config.h"
#include "forecasting/stl.h"
#include "tests/forecasting/test_histories.h"

namespace restock {
namespace {

DemandHistory OneSeries(std::initializer_list<float> values) {
  return HistoryOf(Eigen::Map<const Eigen::VectorXf>(values.begin(), static_cast<Eigen::Index>(values.size())));
}

TEST(CleaningTest, ImputesByALineAndLeavesZerosEndsAndClosedDays) {
  DemandHistory history = OneSeries({kUnknown, 4, kUnknown, kUnknown, 10, 0, kUnknown, 2, kUnknown});
  history.calendar.closed[6] = true;
  const auto changes = CleanDemand({.imputation = Imputation::kLine}, history);
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_FLOAT_EQ(history.demand(2, 0), 6);
  EXPECT_FLOAT_EQ(history.demand(3, 0), 8);
  EXPECT_EQ(history.demand(5, 0), 0);
  for (const int period : {0, 6, 8}) EXPECT_TRUE(std::isnan(history.demand(period, 0)));
  EXPECT_TRUE(std::isnan(history.sales(2, 0)));  // sales stay as they were recorded
  DataReport report;
  report.Add(changes);
  EXPECT_EQ(Describe(report, 1, 1, "piece"), "missing value imputed: 2 values in 1 of 1 series\n");
}

TEST(CleaningTest, ImputesFromTheSeriesThatAreMostAlike) {
  // series 1 sells twice what series 0 does, series 2 the opposite of it
  Eigen::MatrixXf demand(20, 3);
  for (int i = 0; i < 20; ++i) {
    demand(i, 0) = static_cast<float>(10 + i % 4);
    demand(i, 1) = 2 * demand(i, 0);
    demand(i, 2) = 30 - demand(i, 0);
  }
  demand(7, 0) = kUnknown;  // 13
  DemandHistory history = HistoryOf(demand);
  const auto changes = CleanDemand({.imputation = Imputation::kNeighbours}, history);
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_NEAR(history.demand(7, 0), 13, 1e-4);
  // without anybody alike it is the line
  DemandHistory alone = HistoryOf(demand.leftCols(1));
  CleanDemand({.imputation = Imputation::kNeighbours}, alone);
  EXPECT_FLOAT_EQ(alone.demand(7, 0), 11);
}

TEST(CleaningTest, LongGapsStay) {
  DemandHistory history = OneSeries({1, kUnknown, 3, kUnknown, kUnknown, 6});
  EXPECT_EQ(CleanDemand({.imputation = Imputation::kLine, .longest_gap = 1}, history).size(), 1u);
  EXPECT_EQ(history.demand(1, 0), 2);
  EXPECT_TRUE(std::isnan(history.demand(3, 0)));
}

// A window of 3, 4, 4, 5, 9, 5, 4: median 4, median absolute deviation 1, so three standard deviations are 4.4 units,
// but on the scale of logarithms 3 * 1.4826 * (log 6 - log 5) = 0.81 above log 5.
TEST(CleaningTest, TheScaleDecidesWhatIsFarAway) {
  const auto cleaned = [](OutlierScale scale) {
    DemandHistory history = OneSeries({3, 4, 4, 5, 9, 5, 4});
    return CleanDemand({.replace_outliers = true, .scale = scale}, history).size();
  };
  EXPECT_EQ(cleaned(OutlierScale::kLinear), 1u);  // 5 units away
  EXPECT_EQ(cleaned(OutlierScale::kLog), 0u);     // log 10 - log 5 = 0.69
}

TEST(CleaningTest, AForecasterNeverSeesWhatLaterDemandSaysOfEarlier) {
  Eigen::MatrixXf demand(60, 1);
  for (int i = 0; i < 60; ++i) demand(i, 0) = static_cast<float>(20 + i % 5);
  demand(30, 0) = kUnknown;
  demand(50, 0) = 300;
  const DemandHistory history = HistoryOf(demand);
  ForecasterConfig config;
  config.model = "naive";
  config.cleaning = {.imputation = Imputation::kLine, .replace_outliers = true};
  const auto forecaster = MakeForecaster(config, Random(1));
  forecaster->Fit(history);
  // after the gap but before the next known period there is nothing to draw a line to
  EXPECT_FLOAT_EQ(forecaster->Predict(history.Until(31), 1).mean(0, 0),
                  forecaster->Predict(history.Until(30), 1).mean(0, 0));
  // the spike is gone as soon as it is seen, and its forecast is near the usual 22
  EXPECT_LT(forecaster->Predict(history.Until(51), 1).mean(0, 0), 30);
  // and paths that begin at an origin see demand as it was cleaned then
  ScenarioSet paths;
  paths.Resize(4, 3, 1, {});
  paths.origin.assign(4, 51);
  forecaster->Sample(history, Random(1), paths);
  for (const float value : paths.demand) EXPECT_LT(value, 60);
}

TEST(CleaningTest, ImputesByTheSameWeekday) {
  Eigen::MatrixXf demand(21, 1);
  for (int i = 0; i < 21; ++i) demand(i, 0) = static_cast<float>(i % 7 == 3 ? 30 + i : 5);
  demand(10, 0) = kUnknown;  // between 33 and 47
  DemandHistory history = HistoryOf(demand);
  CleanDemand({.imputation = Imputation::kSeason}, history);
  EXPECT_FLOAT_EQ(history.demand(10, 0), 40);
}

TEST(CleaningTest, ReplacesASpikeButNoPromotion) {
  Eigen::MatrixXf demand(40, 1), promotion = Eigen::MatrixXf::Zero(40, 1);
  for (int i = 0; i < 40; ++i) demand(i, 0) = static_cast<float>(20 + i % 5);
  demand(12, 0) = demand(25, 0) = 300;
  promotion(25, 0) = 1;
  DemandHistory history = HistoryOf(demand);
  history.covariates = {{"promotion", true, promotion}};
  const auto changes = CleanDemand({.replace_outliers = true}, history);
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].period, 12);
  EXPECT_EQ(changes[0].before, 300);
  EXPECT_NEAR(changes[0].after, 22, 1);
  EXPECT_EQ(history.demand(25, 0), 300);
}

TEST(CleaningTest, LeavesIntermittentAndOddDemandAlone) {
  Eigen::MatrixXf rare = Eigen::MatrixXf::Zero(40, 1);
  rare(5, 0) = 3;
  rare(30, 0) = 8;
  for (const Eigen::MatrixXf& demand : {rare, Eigen::MatrixXf(Eigen::MatrixXf::Constant(1, 1, 5)),
                                        Eigen::MatrixXf(Eigen::MatrixXf::Constant(9, 2, 1e9f)),
                                        Eigen::MatrixXf(Eigen::MatrixXf::Constant(9, 2, kUnknown))}) {
    DemandHistory history = HistoryOf(demand);
    EXPECT_TRUE(CleanDemand({.imputation = Imputation::kSeason, .replace_outliers = true}, history).empty());
  }
}

TEST(BoxCoxTest, GoesThereAndBack) {
  for (const double lambda : {-0.5, 0.0, 0.3, 1.0, 2.0}) {
    EXPECT_NEAR(InverseBoxCox(BoxCox(7.3, lambda), lambda), 7.3, 1e-9);
  }
  EXPECT_NEAR(BoxCox(9, 0.5), 4, 1e-12);
  EXPECT_NEAR(BoxCox(std::exp(2), 0), 2, 1e-12);
}

TEST(BoxCoxTest, ChoosesTheLogarithmWhereSpreadGrowsWithTheLevel) {
  Eigen::VectorXd growing(84), steady(84);
  const double week[] = {0.5, 0.8, 1, 1.1, 1.6, 1.2, 0.8};
  for (Eigen::Index i = 0; i < 84; ++i) {
    const double level = 10 * std::exp(0.5 * static_cast<double>(i / 7));
    growing[i] = level * week[i % 7];
    steady[i] = 100 + level / 10 + 20 * week[i % 7];
  }
  EXPECT_NEAR(ChooseLambda(growing, 7), 0, 0.02);
  EXPECT_NEAR(ChooseLambda(steady, 7), 1, 0.3);
  EXPECT_EQ(ChooseLambda(Eigen::VectorXd::Zero(40), 7), 1);
  EXPECT_EQ(ChooseLambda(Eigen::VectorXd::Constant(40, 5), 7), 1);
}

TEST(StlTest, SeparatesALineAndAWeek) {
  Eigen::VectorXd demand(140), week(140);
  const double days[] = {-3, -2, 0, 1, 5, 1, -2};
  for (Eigen::Index i = 0; i < 140; ++i) {
    week[i] = days[i % 7];
    demand[i] = 50 + 0.3 * static_cast<double>(i) + week[i];
  }
  const Decomposition parts = DecomposeStl(demand, 7);
  EXPECT_LT((parts.season - week).cwiseAbs().maxCoeff(), 0.02);
  EXPECT_LT(parts.remainder.cwiseAbs().maxCoeff(), 0.02);
  EXPECT_NEAR((parts.trend + parts.season + parts.remainder - demand).norm(), 0, 1e-9);

  // an outlier stays in the remainder where the fit is robust
  RandomStream stream = Random(2).At(0);
  for (double& value : demand) value += 0.5 * stream.Normal();
  demand[70] += 100;
  const Decomposition robust = DecomposeStl(demand, 7, {.robust = true});
  EXPECT_NEAR(robust.remainder[70], 100, 2);
  EXPECT_NEAR(robust.trend[70], 71, 1);
}

TEST(StlTest, LoessOfALineIsTheLine) {
  const Eigen::VectorXd line = Eigen::VectorXd::LinSpaced(20, 3, 22), even = Eigen::VectorXd::Ones(20);
  EXPECT_NEAR(Loess(line, even, 7, 4.5), 7.5, 1e-9);
  EXPECT_NEAR(Loess(line, even, 7, -1), 2, 1e-9);
  EXPECT_THROW(DecomposeStl(Eigen::VectorXd::Ones(10), 7), DataError);
  EXPECT_THROW(DecomposeStl(Eigen::VectorXd::Constant(20, kUnknown), 7), DataError);
}

}  // namespace
}  // namespace restock
