#include "forecasting/series_models.h"

#include <cmath>

#include <gtest/gtest.h>

#include "forecasting/series_forecaster.h"
#include "tests/forecasting/check_forecaster.h"
#include "tests/forecasting/test_histories.h"
#include "tests/temporary_folder.h"

namespace restock {
namespace {

Eigen::VectorXd Values(std::initializer_list<double> values) {
  return Eigen::Map<const Eigen::VectorXd>(values.begin(), static_cast<Eigen::Index>(values.size()));
}

/// What the model expects after all of `demand`.
Eigen::VectorXd FitAndForecast(const std::string& name, const Eigen::VectorXd& demand, int season, int num_steps) {
  const auto model = MakeSeriesModel(name);
  model->Fit({demand, season});
  return ForecastAfter(*model, demand, num_steps);
}

/// Every model of one series must pass.
class EverySeriesModel : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Names, EverySeriesModel, ::testing::ValuesIn(SeriesModelNames()),
                         [](const auto& test) { return test.param; });

TEST_P(EverySeriesModel, KeepsTheContractOfForecasters) {
  const TemporaryFolder folder;
  CheckForecaster([] { return std::make_unique<SeriesForecaster>(GetParam(), 14); }, GeneratedHistory(2, 3, 70),
                  folder / "model");
}

TEST_P(EverySeriesModel, ForecastsAConstantAsItIs) {
  for (const double value : {0.0, 7.0, 1e9}) {
    for (const int length : {1, 2, 3, 5, 10, 40}) {
      for (const int season : {1, 7}) {
        const Eigen::VectorXd forecast =
            FitAndForecast(GetParam(), Eigen::VectorXd::Constant(length, value), season, 5);
        // SBA takes at most 15 % off
        const double least = GetParam() == "sba" ? 0.85 * value : value * (1 - 1e-4);
        EXPECT_GE(forecast.minCoeff(), least) << value << " " << length << " " << season;
        EXPECT_LE(forecast.maxCoeff(), value * (1 + 1e-4)) << value << " " << length << " " << season;
      }
    }
  }
}

TEST_P(EverySeriesModel, SurvivesGapsJumpsAndSpikes) {
  RandomStream stream = Random(5).At(0);
  for (const double scale : {1.0, 1e9}) {
    for (const int length : {2, 5, 30, 120}) {
      Eigen::VectorXd demand(length);
      for (double& value : demand) {
        value = scale * std::floor(6 * stream.Uniform());
        if (stream.Uniform() < 0.3) value = kUnknown;
        if (stream.Uniform() < 0.02) value = 1000 * scale;
      }
      demand[0] = 2 * scale;
      for (const int season : {1, 7, 52}) {
        const Eigen::VectorXd forecast = FitAndForecast(GetParam(), demand, season, 20);
        EXPECT_TRUE(forecast.allFinite());
        EXPECT_LT(forecast.cwiseAbs().maxCoeff(), 1e5 * scale) << length << " " << season;
      }
    }
  }
}

TEST_P(EverySeriesModel, ComesBackFromItsParameters) {
  RandomStream stream = Random(6).At(0);
  Eigen::VectorXd demand(90);
  for (Eigen::Index i = 0; i < demand.size(); ++i)
    demand[i] = 20 + 5 * std::sin(static_cast<double>(i) * 0.8976) + stream.Normal();
  const auto model = MakeSeriesModel(GetParam()), same = MakeSeriesModel(GetParam());
  model->Fit({demand, 7});
  same->Restore(model->parameters());
  EXPECT_EQ(ForecastAfter(*same, demand, 9), ForecastAfter(*model, demand, 9));
}

TEST_P(EverySeriesModel, MakesSenseOfOddHistories) {
  for (const float value : {0.f, 7.f, 1e9f, kUnknown}) {
    DemandHistory history = HistoryOf(Eigen::MatrixXf::Constant(30, 3, value));
    history.demand.col(1).head(29).setConstant(kUnknown);  // one period is known
    SeriesForecaster forecaster(GetParam(), 7);
    forecaster.Fit(history);
    const Forecast forecast = forecaster.Predict(history, 7);
    const float expected = std::isnan(value) ? 0 : value;
    for (const int series : {0, 1, 2}) {
      EXPECT_GE(forecast.mean(6, series), 0.85f * expected);
      EXPECT_LE(forecast.mean(6, series), 1.001f * expected);
      EXPECT_TRUE(std::isfinite(forecast.quantiles[12](6, series)));
    }
  }
  SeriesForecaster forecaster(GetParam(), 7);
  EXPECT_THROW(forecaster.Fit(HistoryOf(Eigen::MatrixXf::Ones(3, 1))), DataError);
}

TEST(NaiveTest, RepeatsTheLast) {
  EXPECT_EQ(FitAndForecast("naive", Values({3, 1, 4, 1, 5, kUnknown}), 1, 2), Values({5, 5}));
}

TEST(MovingAverageTest, IsTheMeanOfAWindow) {
  // demand alternates every four periods, so that eight average it out
  Eigen::VectorXd demand(64);
  for (Eigen::Index i = 0; i < 64; ++i) demand[i] = (i / 4) % 2 == 0 ? 10 : 30;
  const auto model = MakeSeriesModel("moving_average");
  model->Fit({demand, 8});
  EXPECT_EQ(model->parameters()[0], 8);
  EXPECT_DOUBLE_EQ(ForecastAfter(*model, demand, 1)[0], 20);
}

TEST(CrostonTest, ByHand) {
  // start: sizes 2, 4 -> mean 3; 6 periods, 2 demands -> interval 3
  const auto model = MakeSeriesModel("croston");
  model->Restore({0.1, 3, 3});
  // 2 after 2 periods: size 3 + 0.1 (2 - 3) = 2.9, interval 3 + 0.1 (2 - 3) = 2.9
  // 4 after 3 periods: size 2.9 + 0.1 (4 - 2.9) = 3.01, interval 2.9 + 0.1 (3 - 2.9) = 2.91
  const Eigen::VectorXd demand = Values({0, 2, 0, 0, 4, 0});
  EXPECT_NEAR(ForecastAfter(*model, demand, 1)[0], 3.01 / 2.91, 1e-12);
  const auto corrected = MakeSeriesModel("sba");
  corrected->Restore({0.1, 3, 3});
  EXPECT_NEAR(ForecastAfter(*corrected, demand, 1)[0], 0.95 * 3.01 / 2.91, 1e-12);
}

TEST(TsbTest, ByHandAndForgetsWhatIsNotSoldAnyMore) {
  const auto model = MakeSeriesModel("tsb");
  model->Restore({0.1, 0.2, 3, 0.5});
  // probability 0.5 -> 0.4 -> 0.52; size 3 -> 3.2
  EXPECT_NEAR(ForecastAfter(*model, Values({0, 5}), 1)[0], 0.52 * 3.2, 1e-12);
  EXPECT_LT(ForecastAfter(*model, Eigen::VectorXd::Zero(60), 1)[0], 1e-4);
}

TEST(AdidaTest, ByHand) {
  // buckets of two periods; the first of five is left out: (0 + 4) / 2 and (2 + 0) / 2
  const auto model = MakeSeriesModel("adida");
  model->Restore({0.5, 2, 1, 1});
  // 1 -> 1.5 -> 1.25
  EXPECT_NEAR(ForecastAfter(*model, Values({9, 0, 4, 2, 0}), 1)[0], 1.25, 1e-12);
}

TEST(EtsTest, FindsTrendAndSeason) {
  Eigen::VectorXd line(60), wave(84);
  RandomStream stream = Random(2).At(0);
  const double week[] = {0.6, 0.8, 1, 1.2, 1.7, 1.1, 0.6};
  for (Eigen::Index i = 0; i < line.size(); ++i) line[i] = 50 + 3 * static_cast<double>(i) + stream.Normal();
  for (Eigen::Index i = 0; i < wave.size(); ++i)
    wave[i] = (100 + static_cast<double>(i)) * week[i % 7] * (1 + 0.02 * stream.Normal());
  const Eigen::VectorXd trend = FitAndForecast("ets", line, 1, 10);
  const Eigen::VectorXd season = FitAndForecast("ets", wave, 7, 7);
  for (Eigen::Index i = 0; i < 7; ++i) {
    EXPECT_NEAR(trend[i], 50 + 3 * static_cast<double>(60 + i), 3);
    EXPECT_NEAR(season[i], static_cast<double>(184 + i) * week[i], 12);
  }
}

TEST(EtsTest, SimpleSmoothingMinimisesSquares) {
  // as good as a fine grid over the smoothing factor and the first level
  RandomStream stream = Random(3).At(0);
  Eigen::VectorXd demand(80);
  double level = 10;
  for (double& value : demand) {
    level += 0.5 * stream.Normal();
    value = level + stream.Normal();
  }
  const auto model = MakeSeriesModel("simple_smoothing");
  model->Fit({demand, 1});
  double best = 1e9;
  for (double alpha = 0.01; alpha < 1; alpha += 0.01) {
    for (double first = 5; first < 15; first += 0.1) {
      double smoothed = first, squares = 0;
      for (const double value : demand) {
        squares += (value - smoothed) * (value - smoothed);
        smoothed += alpha * (value - smoothed);
      }
      best = std::min(best, squares);
    }
  }
  EXPECT_LT(SquaredErrorOf(*model, demand, 0) * 80, best * 1.001);
}

TEST(ArimaTest, FindsTheProcessThatMadeTheDemand) {
  RandomStream stream = Random(4).At(0);
  Eigen::VectorXd process(600);
  double value = 0;
  for (double& demand : process) {
    value = 0.7 * value + stream.Normal();
    demand = 20 + value;
  }
  const auto model = MakeSeriesModel("arima");
  model->Fit({process, 1});
  // the mean of what follows falls back to 20 by a factor of 0.7 a period
  const Eigen::VectorXd forecast = ForecastAfter(*model, process, 2);
  EXPECT_NEAR(forecast[0], 20 + 0.7 * (process[599] - 20), 0.35);
  EXPECT_NEAR(forecast[1], 20 + 0.49 * (process[599] - 20), 0.35);
  // and one period ahead nothing is left but the noise
  EXPECT_NEAR(SquaredErrorOf(*model, process, 20), 1, 0.12);
}

TEST(ArimaTest, CarriesSeasonAndTrendOn) {
  Eigen::VectorXd demand(120);
  RandomStream stream = Random(8).At(0);
  const auto expected = [](Eigen::Index i) {
    return 100 + 2 * static_cast<double>(i) + 20 * std::sin(2 * M_PI * static_cast<double>(i) / 12);
  };
  for (Eigen::Index i = 0; i < demand.size(); ++i) demand[i] = expected(i) + stream.Normal();
  const Eigen::VectorXd forecast = FitAndForecast("arima", demand, 12, 12);
  for (Eigen::Index i = 0; i < 12; ++i) EXPECT_NEAR(forecast[i], expected(120 + i), 6);
}

// Of negative-binomial demand that is as it was, each quantile must have its share of what comes, by the randomised
// probability transform.
TEST(SeriesForecasterTest, QuantilesOfCountsAreCalibrated) {
  RandomStream stream = Random(11).At(0);
  constexpr int kSeries = 400, kPast = 60, kAhead = 7;
  Eigen::MatrixXf demand(kPast + kAhead, kSeries);
  for (int series = 0; series < kSeries; ++series) {
    const double mean = 0.1 + 3 * stream.Uniform();
    for (int i = 0; i < demand.rows(); ++i) {
      demand(i, series) = static_cast<float>(stream.NegativeBinomial(mean, 1.5));
    }
  }
  const DemandHistory all = HistoryOf(demand), past = all.Until(kPast);
  for (const std::string name : {"naive", "sba", "simple_smoothing", "tsb"}) {
    SeriesForecaster forecaster(name, kAhead);
    forecaster.Fit(past);
    const Forecast forecast = forecaster.Predict(past, kAhead);
    for (size_t level = 5; level < kForecastLevels.size(); ++level) {
      double below = 0, up_to = 0;
      for (int series = 0; series < kSeries; ++series) {
        for (int step = 0; step < kAhead; ++step) {
          const float quantile = forecast.quantiles[level](step, series);
          EXPECT_EQ(quantile, std::round(quantile));
          below += demand(kPast + step, series) < quantile ? 1 : 0;
          up_to += demand(kPast + step, series) <= quantile ? 1 : 0;
        }
      }
      constexpr double kAll = kSeries * kAhead;
      EXPECT_LE(below / kAll, kForecastLevels[level] + 0.02) << name << " " << level;
      EXPECT_GE(up_to / kAll, kForecastLevels[level] - 0.02) << name << " " << level;
    }
  }
}

}  // namespace
}  // namespace restock
