#include "optimization/scenario_reduction.h"

#include <gtest/gtest.h>

namespace restock {
namespace {

TEST(ScenarioReductionTest, AFewStandForMany) {
  // eight paths of two periods in three heaps: 0 to 2 around ten a day, 3 to 6 around twenty, one at fifty
  const double levels[] = {9, 10, 11, 19, 20, 20, 21, 50};
  Eigen::MatrixXd demand(2, 8);
  for (int scenario = 0; scenario < 8; ++scenario) demand.col(scenario).setConstant(levels[scenario]);
  const ReducedScenarios reduced = ReduceScenarios(demand, 8, 3);
  ASSERT_EQ(reduced.chosen.size(), 3u);
  for (size_t i = 0; i < 3; ++i) {
    const double level = levels[reduced.chosen[i]];
    EXPECT_DOUBLE_EQ(reduced.weight[i], level == 50 ? 0.125 : level == 10 ? 0.375 : 0.5) << level;
  }
  double before = ReduceScenarios(demand, 8, 1).distance;
  for (int num_kept = 2; num_kept <= 8; ++num_kept) {
    const double distance = ReduceScenarios(demand, 8, num_kept).distance;
    EXPECT_LE(distance, before);
    before = distance;
  }
  EXPECT_EQ(before, 0);
}

// Two series of two scenarios each: the second series, which sells a hundred times as much, does not drown the first.
TEST(ScenarioReductionTest, EverySeriesCountsInUnitsOfItsOwnSpread) {
  Eigen::MatrixXd demand(1, 8);  // scenario by scenario: small, large
  demand << 0, 500, 0, 510, 4, 500, 4, 510;
  const ReducedScenarios by_either = ReduceScenarios(demand, 4, 2);
  EXPECT_DOUBLE_EQ(by_either.distance, 1.0);  // half of the scenarios lie 2 standard deviations off, in one series
}

}  // namespace
}  // namespace restock
