#include "forecasting/score_functions.h"

#include <cmath>

#include <gtest/gtest.h>

#include "common/random.h"
#include "forecasting/forecast_metrics.h"
#include "forecasting/series_models.h"
#include "forecasting/wide_table.h"
#include "tests/forecasting/test_histories.h"

namespace restock {
namespace {

Eigen::VectorXd Column(std::initializer_list<double> values) {
  return Eigen::Map<const Eigen::VectorXd>(values.begin(), static_cast<Eigen::Index>(values.size()));
}

TEST(ScoreFunctionsTest, ScaledErrorsByHand) {
  const Eigen::VectorXd past = Column({0, 2, 6, 4, 8}), actual = Column({5, kUnknown, 9}), forecast = Column({7, 7, 8});
  // errors 2 and 1; seasonal differences over two periods: 6, 2, 2 -> 10 / 3
  EXPECT_NEAR(AbsoluteScaledError(actual, forecast, past, 2), 1.5 / (10.0 / 3), 1e-12);
  // from the first sale on: 4, -2, 4 -> 36 / 3
  EXPECT_NEAR(RootSquaredScaledError(actual, forecast, past), std::sqrt(2.5 / 12), 1e-12);
  EXPECT_NEAR(SymmetricPercentageError(actual, forecast), 200 * (2.0 / 12 + 1.0 / 17) / 2, 1e-12);
  EXPECT_NEAR(PercentageError(actual, forecast), 100 * (2.0 / 5 + 1.0 / 9) / 2, 1e-12);
  EXPECT_EQ(SymmetricPercentageError(Column({0, 4}), Column({0, 4})), 0);
  EXPECT_NEAR(OverallWeightedAverage(8, 2, 10, 4), (0.8 + 0.5) / 2, 1e-12);
}

TEST(ScoreFunctionsTest, IntervalsAndQuantilesByHand) {
  EXPECT_NEAR(PinballLoss(0.9, 10, 7), 2.7, 1e-12);
  EXPECT_NEAR(PinballLoss(0.9, 7, 10), 0.3, 1e-12);
  const Eigen::VectorXd past = Column({0, 1, 4, 2}), actual = Column({10, 7, kUnknown}), at = Column({7, 10, 1});
  // losses 2.7 and 0.3; differences from the first sale on: 3, 2
  EXPECT_NEAR(ScaledPinballLoss(0.9, actual, at, past), 1.5 / 2.5, 1e-12);
  // widths 4 and 4; 10 lies 1 above [5, 9], 7 inside of [4, 8]; all differences: 1, 3, 2
  const Eigen::VectorXd low = Column({5, 4, 0}), high = Column({9, 8, 0});
  EXPECT_NEAR(ScaledIntervalScore(0.05, actual, low, high, past, 1), (4 + 40 + 4) / 2.0 / 2, 1e-12);
  EXPECT_NEAR(Coverage(actual, low, high), 0.5, 1e-12);
}

TEST(ScoreFunctionsTest, ScoresOfSamplesByHand) {
  // mean |x - 2| = (2 + 1 + 2) / 3; pairs 1, 4, 3 -> twice 8 over 2 * 3 * 2
  EXPECT_NEAR(FairCrps(Column({4, 0, 1}), 2), 5.0 / 3 - 16.0 / 12, 1e-12);
  Eigen::MatrixXd paths(2, 2);
  paths << 0, 0, 3, 4;
  // distances to (0, 4): 4 and 3; between the two: 5, twice over 2 * 4
  EXPECT_NEAR(EnergyScore(paths, Column({0, 4})), 3.5 - 10.0 / 8, 1e-12);
  // |0 - 4| to 1: 4, expected (0 + 1) / 2
  EXPECT_NEAR(VariogramScore(paths, Column({0, 4}), 1), 12.25, 1e-12);
  EXPECT_NEAR(RandomisedTransform(0.2, 0.6, 0.25), 0.3, 1e-12);
}

TEST(ScoreFunctionsTest, CrpsIsTwiceTheIntegralOfThePinballLoss) {
  RandomStream stream = Random(1).At(0);
  Eigen::VectorXd samples(4000);
  for (double& sample : samples) sample = 10 + 3 * stream.Normal();
  // of a normal: sigma (z (2 Phi - 1) + 2 phi - 1 / sqrt(pi)) at z = 1
  EXPECT_NEAR(FairCrps(samples, 13), 3 * (0.6826895 + 2 * 0.2419707 - 0.5641896), 0.05);
}

TEST(ScoreFunctionsTest, NothingToScoreIsNotANumber) {
  EXPECT_TRUE(std::isnan(AbsoluteScaledError(Column({1}), Column({1}), Column({3, 3}), 1)));
  EXPECT_TRUE(std::isnan(AbsoluteScaledError(Column({kUnknown}), Column({1}), Column({1, 3}), 1)));
  EXPECT_TRUE(std::isnan(AbsoluteScaledError(Column({1}), Column({1}), Column({1}), 12)));
}

/// A point forecast whose quantiles are all the same.
Forecast PointForecast(const Eigen::MatrixXf& points) {
  Forecast forecast;
  forecast.num_periods = static_cast<int>(points.rows());
  forecast.levels = {0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f, 0.7f, 0.8f, 0.9f};
  forecast.mean = points;
  forecast.quantiles.assign(9, points);
  return forecast;
}

// The competition's own scores (M4-methods, "Evaluation and Ranks.xlsx"): 2.777 and 9.161 for the naive forecast, 2.685
// for simple smoothing, 2.637 for theta.
TEST(PublishedScoresTest, M4Weekly) {
  const auto folder = RealData() / "data/m4";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no data: set RESTOCK_DATA to the folder that holds data/m4";
  const WideTable train = ReadWideTable(folder / "Weekly-train.csv"), test = ReadWideTable(folder / "Weekly-test.csv");
  ASSERT_EQ(train.names.size(), 359u);
  const auto score = [&](const std::string& name) {
    double mase = 0, smape = 0;
    for (Eigen::Index series = 0; series < train.values.cols(); ++series) {
      const Eigen::VectorXd past = UpToLastKnown(train.values.col(series));
      const auto model = MakeSeriesModel(name);
      model->Fit({past, 1});
      const Eigen::VectorXd forecast = ForecastAfter(*model, past, 13);
      mase += AbsoluteScaledError(test.values.col(series), forecast, past, 1) / 359;
      smape += SymmetricPercentageError(test.values.col(series), forecast) / 359;
    }
    return std::pair(mase, smape);
  };
  EXPECT_NEAR(score("naive").first, 2.7773, 5e-5);
  EXPECT_NEAR(score("naive").second, 9.161, 5e-4);
  EXPECT_NEAR(score("simple_smoothing").first, 2.685, 5e-3);
  EXPECT_NEAR(score("theta").first, 2.637, 5e-4);
}

// GIFT-Eval's scores: naive 1.2125 and 1.6536, seasonal naive 1.2015 and 1.6000; and forecasts of zero, whose weighted
// quantile loss and WAPE are 1 by definition, 0.7958.
TEST(PublishedScoresTest, Carparts) {
  const auto file = RealData() / "data/carparts/carparts_monthly_wide.csv";
  if (!std::filesystem::exists(file))
    GTEST_SKIP() << "no data: set RESTOCK_DATA to the folder that holds data/carparts";
  const Eigen::MatrixXf all = ReadWideTable(file).values.cast<float>();
  const Eigen::MatrixXf past = all.topRows(39), actual = all.bottomRows(12);
  const auto score = [&](const Eigen::MatrixXf& points) {
    ForecastScorer scorer;
    scorer.Add(PointForecast(points), actual, past, 12);
    return scorer.Scores();
  };
  const Eigen::MatrixXf naive =
      past.bottomRows(1).replicate(12, 1).unaryExpr([](float x) { return std::isnan(x) ? 0 : x; });
  const Eigen::MatrixXf seasonal = past.bottomRows(12).unaryExpr([](float x) { return std::isnan(x) ? 0 : x; });
  EXPECT_NEAR(score(naive).mase, 1.2125, 5e-5);
  EXPECT_NEAR(score(naive).wape, 1.6536, 5e-5);
  EXPECT_NEAR(score(seasonal).mase, 1.2015, 5e-5);
  EXPECT_NEAR(score(seasonal).wape, 1.6000, 5e-5);
  EXPECT_NEAR(score(Eigen::MatrixXf::Zero(12, all.cols())).mase, 0.7958, 5e-5);
  EXPECT_NEAR(score(Eigen::MatrixXf::Zero(12, all.cols())).weighted_quantile_loss, 1, 1e-6);
}

}  // namespace
}  // namespace restock
