#include "forecasting/automatic_choice.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "forecasting/forecaster_config.h"
#include "forecasting/score_functions.h"
#include "forecasting/series_models.h"
#include "forecasting/transformed_model.h"
#include "tests/forecasting/test_histories.h"
#include "tests/temporary_folder.h"

namespace restock {
namespace {

Eigen::VectorXd Column(std::initializer_list<double> values) {
  return Eigen::Map<const Eigen::VectorXd>(values.begin(), static_cast<Eigen::Index>(values.size()));
}

TEST(DemandClassTest, FollowsIntervalAndVariation) {
  // six known periods, four with demand: 1.5; sizes 2, 2, 2, 2
  EXPECT_DOUBLE_EQ(PatternOf(Column({2, 0, 2, kUnknown, 2, 0, 2})).mean_interval, 1.5);
  EXPECT_EQ(PatternOf(Column({2, 0, 2, kUnknown, 2, 0, 2})).demand_class(), DemandClass::kIntermittent);
  // sizes 1 and 7: mean 4, mean square 25
  EXPECT_DOUBLE_EQ(PatternOf(Column({1, 7, 0})).squared_variation, 25.0 / 16 - 1);
  EXPECT_EQ(PatternOf(Column({1, 7, 0})).demand_class(), DemandClass::kLumpy);
  EXPECT_EQ(PatternOf(Column({1, 7, 1})).demand_class(), DemandClass::kErratic);
  EXPECT_EQ(PatternOf(Column({4, 5, 4})).demand_class(), DemandClass::kSmooth);
  EXPECT_EQ(PatternOf(Column({0, 0})).demand_class(), DemandClass::kIntermittent);
}

// Half of the products sell steadily more, with a strong week; the others rarely: no model is right for both.
TEST(AutomaticChoiceTest, ChoosesByClass) {
  RandomStream stream = Random(9).At(0);
  const double week[] = {0.5, 0.7, 1, 1.2, 1.9, 1.1, 0.6};
  Eigen::MatrixXf demand(98, 8);
  for (int series = 0; series < 8; ++series) {
    for (int i = 0; i < 98; ++i) {
      demand(i, series) =
          static_cast<float>(series < 4 ? std::round((100 + 0.5 * i) * week[i % 7] * (1 + 0.03 * stream.Normal()))
                                        : static_cast<double>(stream.Poisson(0.3)));
    }
  }
  AutomaticChoice automatic(7);
  automatic.Fit(HistoryOf(demand));
  for (size_t series = 0; series < 8; ++series) {
    const std::string& model = automatic.model_names()[series];
    const std::vector<std::string> candidates =
        CandidatesFor(series < 4 ? DemandClass::kSmooth : DemandClass::kIntermittent);
    EXPECT_NE(std::find(candidates.begin(), candidates.end(), model), candidates.end());
    if (series < 4) {
      EXPECT_NE(model, "simple_smoothing");  // which has no week
    }
  }
  EXPECT_EQ(automatic.model_names()[0], automatic.model_names()[3]);
}

/// The forecaster of a configuration, with all that is wrapped around the model.
std::unique_ptr<Forecaster> Make(const std::string& settings) {
  return MakeForecaster(ReadForecasterConfig(ParseConfig(settings, "test.yaml")), Random(1));
}

const std::vector<ClassChoice>& ChoicesOf(const Forecaster& forecaster) {
  return dynamic_cast<const AutomaticChoice&>(forecaster.inner()).choices();
}

TEST(AutomaticChoiceTest, TellsItsReasonsThroughAllThatIsWrappedAroundItAndAfterLoading) {
  const TemporaryFolder folder;
  const DemandHistory history = GeneratedHistory(2, 4, 120);
  const std::string settings = "{model: automatic, horizon: 7, calibration_periods: 14, paths: copula}";
  const auto forecaster = Make(settings);
  forecaster->Fit(history);
  ASSERT_FALSE(ChoicesOf(*forecaster).empty());
  EXPECT_FALSE(ChoicesOf(*forecaster).front().model.empty());

  forecaster->Save(folder.path() / "model");
  const auto loaded = Make(settings);
  loaded->Load(folder.path() / "model");
  ASSERT_EQ(ChoicesOf(*loaded).size(), ChoicesOf(*forecaster).size());
  for (size_t i = 0; i < ChoicesOf(*loaded).size(); ++i) {
    const ClassChoice &one = ChoicesOf(*loaded)[i], &other = ChoicesOf(*forecaster)[i];
    EXPECT_EQ(one.demand_class, other.demand_class);
    EXPECT_EQ(one.num_series, other.num_series);
    EXPECT_EQ(one.num_judged, other.num_judged);
    EXPECT_EQ(one.model, other.model);
    EXPECT_EQ(one.scores, other.scores);
  }
}

// The score of a candidate is that of the model as it will be fitted: on logarithms where these are asked for.
TEST(AutomaticChoiceTest, JudgesCandidatesOnTheScaleThatTheyAreFittedOn) {
  constexpr int kHorizon = 7;
  RandomStream stream = Random(4).At(0);
  Eigen::MatrixXf demand(120, 1);
  for (float& value : demand.reshaped()) value = static_cast<float>(stream.Poisson(5));
  const DemandHistory history = HistoryOf(demand);
  const auto forecaster = Make("{model: automatic, horizon: 7, transform: log}");
  forecaster->Fit(history);
  const ClassChoice& choice = ChoicesOf(*forecaster).front();
  int first = 0;
  const SeriesData data = SeriesOf(history, 0, first);
  for (const auto& [name, score] : choice.scores) {
    double expected = 0;
    for (const int back : {1, 2}) {
      const Eigen::VectorXd past = data.demand.head(data.demand.size() - back * kHorizon);
      const auto model = MakeTransformedModel(MakeSeriesModel(name), TransformKind::kLog);
      model->Fit({past, data.season});
      expected += RootSquaredScaledError(data.demand.segment(past.size(), kHorizon),
                                         ForecastAfter(*model, past, kHorizon).cwiseMax(0), past) /
                  2;
    }
    EXPECT_NEAR(score, expected, 1e-9) << name;
  }
}

}  // namespace
}  // namespace restock
