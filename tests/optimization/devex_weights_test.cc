#include "optimization/simplex/devex_weights.h"

#include <cmath>

#include <gtest/gtest.h>

#include "optimization/simplex/dual_edge_norms.h"
#include "optimization/simplex/simplex_solver.h"
#include "tests/optimization/random_lp.h"

namespace restock::simplex {
namespace {

SparseVector Vector(std::initializer_list<double> values) {
  SparseVector vector(static_cast<int>(values.size()));
  int place = 0;
  for (const double value : values) {
    if (value != 0) vector.Set(place, value);
    ++place;
  }
  return vector;
}

// Row 1 leaves with pivot 2 and weight 8: its new weight is 8 / 4 = 2. Row 0 gets max(1, 3^2 * 2), row 2 keeps
// 5 > 0.5^2 * 2, row 3 is not touched.
TEST(DevexWeightsTest, GrowWithThePivotColumn) {
  Array<double> weight = {1, 8, 5, 7};
  UpdateDevexWeights(1, Vector({3, 2, 0.5, 0}), weight);
  EXPECT_EQ(weight, (Array<double>{18, 2, 5, 7}));
}

TEST(DevexWeightsTest, NeverFallBelowThatOfAReferenceFramework) {
  Array<double> weight = {1, 1};
  UpdateDevexWeights(0, Vector({10, 0}), weight);
  EXPECT_EQ(weight, (Array<double>{1, 1}));
}

TEST(DevexWeightsTest, TakeThePlaceOfNormsThatAreWrongMostOfTheTime) {
  DualEdgeNorms norms(200);
  const SparseVector row_of_inverse = Vector({3, 0, 4});  // norm 25, where one is said
  int row = 0;
  for (; row < 60; ++row) EXPECT_FALSE(norms.Correct(row, row_of_inverse));
  EXPECT_FALSE(norms.are_unreliable());
  for (; row < 80; ++row) EXPECT_FALSE(norms.Correct(row, row_of_inverse));
  EXPECT_TRUE(norms.are_unreliable());

  norms.BeginDevex();
  EXPECT_EQ(norms[0], 1);
  EXPECT_TRUE(norms.Correct(0, row_of_inverse));
  EXPECT_EQ(norms[0], 1);
  EXPECT_FALSE(norms.are_unreliable());
  norms.Reset();
  EXPECT_FALSE(norms.is_devex());
}

TEST(DevexWeightsTest, LeadToTheSameOptimum) {
  int num_optimal = 0;
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    const LpModel lp = RandomLp(seed, 20, 30);
    const LpSolution steepest = Solve(lp), devex = Solve(lp, {.edge_weights = EdgeWeights::kDevex});
    ASSERT_EQ(LpStatusName(steepest.status), LpStatusName(devex.status)) << "seed " << seed;
    if (steepest.status != LpStatus::kOptimal) continue;
    ++num_optimal;
    EXPECT_NEAR(steepest.objective, devex.objective, 1e-9 * std::max(1.0, std::abs(steepest.objective))) << seed;
  }
  EXPECT_GT(num_optimal, 100);
}

}  // namespace
}  // namespace restock::simplex
