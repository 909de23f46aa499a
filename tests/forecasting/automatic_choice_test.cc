#include "forecasting/automatic_choice.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/forecasting/test_histories.h"

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

}  // namespace
}  // namespace restock
