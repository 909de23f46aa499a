#include "forecasting/transform.h"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "forecasting/forecaster_config.h"
#include "forecasting/lagged_covariates.h"
#include "forecasting/series_models.h"
#include "forecasting/transformed_model.h"
#include "tests/forecasting/test_histories.h"

namespace restock {
namespace {

Eigen::VectorXd Values(std::initializer_list<double> values) {
  return Eigen::Map<const Eigen::VectorXd>(values.begin(), static_cast<Eigen::Index>(values.size()));
}

// 2, 4, 6: mean 4, standard deviation sqrt(8 / 3), least 2, largest 6.
TEST(TransformTest, IsWhatTheFormulaSays) {
  const Eigen::VectorXd demand = Values({2, NAN, 4, 6});
  const auto of = [&](TransformKind kind) { return Transform(kind, demand, 1); };
  EXPECT_DOUBLE_EQ(of(TransformKind::kLog).Forward(std::numbers::e - 1), 1);
  EXPECT_DOUBLE_EQ(of(TransformKind::kMinMax).Forward(5), 0.75);
  EXPECT_DOUBLE_EQ(of(TransformKind::kZScore).Forward(6), 2 / std::sqrt(8.0 / 3));
  EXPECT_DOUBLE_EQ(of(TransformKind::kMeanScale).Forward(6), 1.5);
  EXPECT_TRUE(std::isnan(of(TransformKind::kLog).Forward(NAN)));
}

/// The forecast of a model after 1, 2, ... with and without transformation.
Eigen::VectorXd ForecastOf(const std::string& model, TransformKind kind, const Eigen::VectorXd& demand, int season) {
  const auto transformed = MakeTransformedModel(MakeSeriesModel(model), kind);
  transformed->Fit({demand, season});
  return ForecastAfter(*transformed, demand, 3);
}

TEST(TransformedModelTest, DifferencesMakeANaiveForecastADriftAndKeepTheSeason) {
  // a naive forecast of changes goes on by the last change: 1, 2, 4, 7 -> 10, 13, 16
  EXPECT_TRUE(ForecastOf("naive", TransformKind::kDifference, Values({1, 2, 4, 7}), 1).isApprox(Values({10, 13, 16})));
  // a season of three that grows by 10 a season: 1, 2, 3, 11, 12, 13 -> 21, 22, 23
  EXPECT_TRUE(ForecastOf("naive", TransformKind::kSeasonalDifference, Values({1, 2, 3, 11, 12, 13}), 3)
                  .isApprox(Values({21, 22, 23})));
}

// A phase of the season without known demand changes nothing: it is not a demand of zero.
TEST(TransformedModelTest, SeasonalDifferencesPassOverWhatIsNotKnown) {
  // 1, ?, 3 is followed by 11, 12: what is known of the change is 10, not 12
  EXPECT_TRUE(ForecastOf("naive", TransformKind::kSeasonalDifference, Values({1, NAN, 3, 11, 12}), 3)
                  .isApprox(Values({13, 21, 22})));
  // a phase that never is known goes by the mean of the others, 12
  EXPECT_TRUE(ForecastOf("naive", TransformKind::kSeasonalDifference, Values({1, NAN, 3, 11, NAN, 13}), 3)
                  .isApprox(Values({21, 22, 23})));
  // a gap: changes count from the last known value of the phase
  EXPECT_TRUE(ForecastOf("naive", TransformKind::kSeasonalDifference, Values({1, 2, 3, NAN, 12, 13, 31}), 3)
                  .isApprox(Values({42, 43, 61})));
}

TEST(TransformedModelTest, ScalesChangeNoForecastOfALinearModel) {
  const Eigen::VectorXd demand = Values({5, 9, 7, 12, 8, 10, 11, 6});
  const Eigen::VectorXd plain = ForecastOf("moving_average", TransformKind::kNone, demand, 1);
  for (const TransformKind kind : {TransformKind::kMinMax, TransformKind::kZScore, TransformKind::kMeanScale})
    EXPECT_TRUE(ForecastOf("moving_average", kind, demand, 1).isApprox(plain, 1e-9));
  // the mean of logarithms is below the logarithm of the mean (Jensen)
  EXPECT_LT(ForecastOf("moving_average", TransformKind::kLog, demand, 1)[0], plain[0]);
}

TEST(TransformedModelTest, RestoresFromItsParameters) {
  const Eigen::VectorXd demand = Values({5, 9, 7, 12, 8, 10, 11, 6});
  for (const auto& [name, kind] : TransformNames()) {
    const auto fitted = MakeTransformedModel(MakeSeriesModel("holt"), kind);
    fitted->Fit({demand, 2});
    const auto restored = MakeTransformedModel(MakeSeriesModel("holt"), kind);
    restored->Restore(fitted->parameters());
    EXPECT_EQ(ForecastAfter(*restored, demand, 4), ForecastAfter(*fitted, demand, 4)) << name;
  }
}

TEST(TransformedModelTest, ConfigurationsReachIt) {
  const DemandHistory history = GeneratedHistory(1, 3, 120);
  const auto forecast = [&](const std::string& settings) {
    const auto forecaster = MakeForecaster(
        ReadForecasterConfig(ParseConfig("model: simple_smoothing\n" + settings, "test.yaml")), Random(1));
    forecaster->Fit(history);
    return forecaster->Predict(history, 7).mean;
  };
  EXPECT_FALSE(forecast("transform: box_cox\n").isApprox(forecast("")));
  EXPECT_THROW(forecast("transform: square\n"), ConfigError);
  EXPECT_THROW(
      MakeForecaster(ReadForecasterConfig(ParseConfig("model: count_regression\ntransform: log\n", "test.yaml")),
                     Random(1)),
      ConfigError);
}

TEST(LaggedCovariatesTest, PlansLookBothWaysAndMeasuredValuesBack) {
  DemandHistory history = HistoryOf(Eigen::MatrixXf::Ones(4, 1));
  Eigen::MatrixXf promo(6, 1), views(4, 1);
  promo << 0, 1, 0, 0, 1, 0;
  views << 10, 20, 30, 40;
  history.covariates = {{"promo", true, promo}, {"views", false, views}, {"rain", false, views}};
  history.calendar.holiday = {false, false, true, false, false, true};
  AddLaggedCovariates({{"promo", {0, 1, -1}}, {"views", {3}}}, {-1}, history);
  ASSERT_EQ(history.covariates.size(), 6u);
  EXPECT_EQ(history.covariates[1].name, "promo lag 1");
  EXPECT_EQ(history.covariates[1].values(2, 0), 1);  // after the promotion of period 1
  EXPECT_EQ(history.covariates[2].name, "promo lead 1");
  EXPECT_EQ(history.covariates[2].values(3, 0), 1);  // before that of period 4
  const Covariate& lagged = history.covariates[3];
  EXPECT_EQ(lagged.name, "views lag 3");
  EXPECT_TRUE(lagged.known_ahead);
  ASSERT_EQ(lagged.values.rows(), 7);  // three periods beyond the last
  EXPECT_EQ(lagged.values(6, 0), 40);
  EXPECT_FALSE(history.covariates[4].known_ahead);  // rain stays
  EXPECT_EQ(history.covariates[5].name, "holiday lead 1");
  EXPECT_EQ(history.covariates[5].values(1, 0), 1);
  EXPECT_EQ(history.covariates[5].values(4, 0), 1);
}

}  // namespace
}  // namespace restock
