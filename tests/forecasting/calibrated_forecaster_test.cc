#include "forecasting/calibrated_forecaster.h"

#include <cmath>

#include <gtest/gtest.h>

#include "common/distributions.h"
#include "forecasting/count_regression.h"
#include "tests/forecasting/check_forecaster.h"
#include "tests/forecasting/test_histories.h"
#include "tests/temporary_folder.h"

namespace restock {
namespace {

constexpr int kSteps = 7;

std::unique_ptr<Forecaster> Calibrated(const CalibrationConfig& config) {
  return std::make_unique<CalibratedForecaster>(std::make_unique<CountRegression>(kSteps), config, kSteps);
}

TEST(CalibratedForecasterTest, KeepsTheContract) {
  const TemporaryFolder folder;
  for (const PathMethod method :
       {PathMethod::kAncestral, PathMethod::kIndependent, PathMethod::kCopula, PathMethod::kDayBlocks}) {
    for (const int periods : {0, 21}) {
      CheckForecaster([&] { return Calibrated({.periods = periods, .paths = method}); }, GeneratedHistory(2, 3, 98),
                      folder / "calibrated");
    }
  }
}

TEST(CalibratedForecasterTest, KeepsTheContractWithSeveralFits) {
  const TemporaryFolder folder;
  CheckForecaster([&] { return Calibrated({.periods = 35, .fits = 3, .paths = PathMethod::kCopula}); },
                  GeneratedHistory(2, 3, 98), folder / "calibrated");
}

// Of 100 paths one lies in each hundredth of the distribution, so that quantiles of the paths are those of the
// forecast.
TEST(CalibratedForecasterTest, PathsAreSpreadEvenlyOverTheForecast) {
  const DemandHistory history = GeneratedHistory(2, 3, 98);
  const auto forecaster = Calibrated({.periods = 21, .paths = PathMethod::kCopula});
  forecaster->Fit(history);
  const Forecast forecast = forecaster->Predict(history, kSteps);
  ScenarioSet paths;
  paths.Resize(100, kSteps, history.num_series(), {});
  paths.origin.assign(100, history.num_periods());
  forecaster->Sample(history, Random(1), paths);
  for (int step = 0; step < kSteps; ++step) {
    for (int series = 0; series < history.num_series(); ++series) {
      for (size_t i = 0; i < forecast.levels.size(); ++i) {
        const auto share_up_to = [&](float demand) {
          return static_cast<double>((paths.Demand(step, series) <= demand).count()) / 100;
        };
        const float quantile = std::round(forecast.quantiles[i](step, series));
        EXPECT_GE(share_up_to(quantile + 1), static_cast<double>(forecast.levels[i]) - 0.0101);
        if (quantile < 2) continue;
        EXPECT_LE(share_up_to(quantile - 2), static_cast<double>(forecast.levels[i]) + 0.0101);
      }
    }
  }
}

TEST(CalibratedForecasterTest, NeedsPeriodsToFitOn) {
  EXPECT_THROW(Calibrated({.periods = 28})->Fit(GeneratedHistory(2, 3, 45)), DataError);
}

/// Scores of 40 origins: `share` of their variance is common to all series, a part of `own_memory` and `common_memory`
/// goes on from step to step.
PastScores ScoresOf(int num_series, double share, double own_memory, double common_memory, double known = 1) {
  RandomStream stream = Random(5).Stream("scores").At(0);
  PastScores scores;
  for (int origin = 0; origin < 40; ++origin) {
    Eigen::MatrixXf at(kSteps, num_series);
    Eigen::VectorXd own = Eigen::VectorXd::NullaryExpr(num_series, [&] { return stream.Normal(); });
    double common = stream.Normal();
    for (int step = 0; step < kSteps; ++step) {
      at.row(step) = (std::sqrt(share) * common + std::sqrt(1 - share) * own.array()).cast<float>().transpose();
      common = common_memory * common + std::sqrt(1 - common_memory * common_memory) * stream.Normal();
      for (double& value : own) value = own_memory * value + std::sqrt(1 - own_memory * own_memory) * stream.Normal();
      for (float& value : at.row(step)) value = stream.Uniform() < known ? value : kUnknown;
    }
    scores.push_back(at);
  }
  return scores;
}

TEST(CalibrationTest, WidensForecastsThatAreTooSure) {
  PastScores scores = ScoresOf(50, 0, 0, 0);
  for (Eigen::MatrixXf& at : scores) at *= 2;  // twice as far from the median as was said
  const Calibration calibration(scores, 7);
  for (const float level : {0.1f, 0.5f, 0.9f, 0.975f}) {
    const double expected = NormalProbability(2 * NormalQuantile(level));
    EXPECT_NEAR(calibration.OwnLevel(3, level), expected, 0.02) << level;
    EXPECT_NEAR(calibration.CorrectedLevel(3, calibration.OwnLevel(3, level)), level, 1e-4) << level;
  }
  EXPECT_FLOAT_EQ(Calibration().OwnLevel(3, 0.3f), 0.3f);
}

/// Mean correlation of different series at one step, and of one series at neighbouring steps.
std::pair<double, double> CorrelationsOf(const ScoreCopula& copula, int num_series) {
  const SeriesGroups groups(GeneratedHistory(1, num_series, 14).series);
  double squares = 0, across = 0, over_steps = 0;
  constexpr int kDraws = 600;
  const ScoreCopula::StepRoots roots = copula.RootsOf(kSteps);
  for (int draw = 0; draw < kDraws; ++draw) {
    const Eigen::MatrixXf scores = copula.Draw(groups, roots, Random(static_cast<uint64_t>(draw)));
    squares += scores.squaredNorm() / static_cast<double>(scores.size());
    for (int step = 0; step < kSteps; ++step) {
      const double sum = scores.row(step).sum();
      across += (sum * sum - scores.row(step).squaredNorm()) / (num_series * (num_series - 1.0)) / kSteps;
    }
    over_steps += scores.topRows(kSteps - 1).cwiseProduct(scores.bottomRows(kSteps - 1)).mean();
  }
  EXPECT_NEAR(squares / kDraws, 1, 0.05);
  return {across / kDraws, over_steps / kDraws};
}

TEST(ScoreCopulaTest, DrawsWhatItHasLearned) {
  for (const double known : {1.0, 0.6}) {
    const ScoreCopula copula(ScoresOf(60, 0.3, 0.5, 0.5, known), SeriesGroups(GeneratedHistory(1, 60, 14).series));
    EXPECT_GE(copula.num_factors(), 1);
    const auto [across, over_steps] = CorrelationsOf(copula, 60);
    EXPECT_NEAR(across, 0.3, 0.08) << known;
    EXPECT_NEAR(over_steps, 0.45, 0.08) << known;  // shrunk by a tenth
  }
}

TEST(ScoreCopulaTest, OriginsThatKnowFewDaysDoNotMakeSeriesAlike) {
  PastScores scores = ScoresOf(60, 0.3, 0.5, 0.5);
  for (int origin = 0; origin < 40; ++origin) {
    const int num_known = 1 + origin % kSteps;
    scores[static_cast<size_t>(origin)].bottomRows(kSteps - num_known).setConstant(kUnknown);
  }
  const ScoreCopula copula(scores, SeriesGroups(GeneratedHistory(1, 60, 14).series));
  EXPECT_NEAR(CorrelationsOf(copula, 60).first, 0.3, 0.08);
}

TEST(ScoreCopulaTest, FindsNothingInNoise) {
  const ScoreCopula copula(ScoresOf(60, 0, 0, 0), SeriesGroups(GeneratedHistory(1, 60, 14).series));
  const auto [across, over_steps] = CorrelationsOf(copula, 60);
  EXPECT_NEAR(across, 0, 0.02);
  EXPECT_NEAR(over_steps, 0, 0.02);
  EXPECT_LT(copula.loadings().squaredNorm() / 60, 0.1);
}

// Two halves of the series move against each other, and go on to: what all have in common does not tell it.
TEST(FactorStrengthTest, BelievesInFactorsThatLast) {
  const SeriesGroups groups(GeneratedHistory(1, 60, 14).series);
  PastScores lasting = ScoresOf(60, 0, 0, 0);
  RandomStream stream = Random(9).Stream("factor").At(0);
  for (Eigen::MatrixXf& at : lasting) {
    for (int step = 0; step < kSteps; ++step) {
      const auto factor = static_cast<float>(stream.Normal());
      for (int series = 0; series < 60; ++series)
        at(step, series) = std::sqrt(0.5f) * at(step, series) + std::sqrt(0.5f) * (series % 2 == 0 ? factor : -factor);
    }
  }
  EXPECT_GE(ChooseFactorStrength(lasting, groups), 0.75f);
  EXPECT_NEAR(ScoreCopula(lasting, groups).Correlation(groups, 0, 2), 0.5, 0.15);
  EXPECT_NEAR(ScoreCopula(lasting, groups).Correlation(groups, 0, 1), -0.5, 0.15);
  EXPECT_LE(ChooseFactorStrength(ScoresOf(60, 0, 0, 0), groups), 0.25f);
}

}  // namespace
}  // namespace restock
