#include "optimization/simplex/partial_pricing.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "common/random.h"
#include "optimization/simplex/simplex_solver.h"

namespace restock::simplex {
namespace {

constexpr int kNumSuppliers = 60;
constexpr int kNumShops = 60;

/// Goods from suppliers to shops, at costs of all sizes: most of the 3,600 lanes are too dear to be used.
LpModel Transport(uint64_t seed) {
  RandomStream random(seed, 0);
  LpModel lp;
  for (int supplier = 0; supplier < kNumSuppliers; ++supplier) lp.AddRow(-kInfinity, 80 + random.UniformInt(80));
  for (int shop = 0; shop < kNumShops; ++shop) lp.AddRow(20 + random.UniformInt(50), kInfinity);
  for (int supplier = 0; supplier < kNumSuppliers; ++supplier) {
    for (int shop = 0; shop < kNumShops; ++shop) {
      const double capacity = random.UniformInt(2) == 0 ? kInfinity : 5 + random.UniformInt(40);
      lp.AddColumn(1 + 100 * random.Uniform(), 0, capacity, {{supplier, 1}, {kNumSuppliers + shop, 1}});
    }
  }
  return lp;
}

/// Demand of the shops by up to `revision` more or less.
void Revise(double revision, uint64_t seed, const LpModel& lp, SimplexSolver& solver) {
  RandomStream random(seed, 1);
  for (int row = kNumSuppliers; row < kNumSuppliers + kNumShops; ++row) {
    const double factor = 1 + revision * (2 * random.Uniform() - 1);
    solver.SetRowBounds(row, factor * lp.row_lower[static_cast<size_t>(row)], kInfinity);
  }
}

// Large revisions need columns that rest, and some leave no feasible plan at all.
TEST(PartialPricingTest, EndsWhereAColdSolveEnds) {
  int num_optimal = 0, num_infeasible = 0;
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    const LpModel lp = Transport(seed);
    SimplexSolver solver(lp);
    EXPECT_EQ(solver.Solve().status, LpStatus::kOptimal) << seed;
    for (const double revision : {0.05, 0.05, 0.3, 0.9, 1.0, 20.0, 0.05, 0.9, 0.0}) {
      Revise(revision, seed, lp, solver);
      const LpSolution warm = solver.Solve(), cold = Solve(solver.model());
      ASSERT_EQ(LpStatusName(warm.status), LpStatusName(cold.status)) << "seed " << seed << ", revision " << revision;
      num_optimal += warm.status == LpStatus::kOptimal;
      num_infeasible += warm.status == LpStatus::kInfeasible;
      if (warm.status != LpStatus::kOptimal) continue;
      EXPECT_NEAR(warm.objective, cold.objective, 1e-9 * std::abs(cold.objective)) << seed << ' ' << revision;
    }
  }
  EXPECT_GT(num_optimal, 60);
  EXPECT_GT(num_infeasible, 0);
}

// Costs turn what was dear into what is cheap: the choice of the columns that rest does not hold any more.
TEST(PartialPricingTest, FollowsCostsThatChange) {
  const LpModel lp = Transport(11);
  SimplexSolver solver(lp);
  solver.Solve();
  for (uint64_t round = 1; round <= 10; ++round) {
    RandomStream random(/*key=*/12, round);
    Revise(0.05, round, lp, solver);
    solver.Solve();  // columns rest now
    for (int k = 0; k < 50; ++k) solver.SetCost(random.UniformInt(lp.num_columns()), 1 + 100 * random.Uniform());
    const LpSolution warm = solver.Solve(), cold = Solve(solver.model());
    ASSERT_EQ(warm.status, LpStatus::kOptimal);
    EXPECT_NEAR(warm.objective, cold.objective, 1e-9 * std::abs(cold.objective)) << round;
  }
}

// One row, columns of cost 1, 2, 3, ...: of the nonbasic ones a tenth stays awake, the cheapest.
TEST(PartialPricingTest, LetsTheDearColumnsRest) {
  constexpr int kNumColumns = 4000;
  LpModel lp;
  const int row = lp.AddRow(1, kInfinity);
  for (int column = 0; column < kNumColumns; ++column) lp.AddColumn(column + 1, 0, kInfinity, {{row, 1}});
  const ComputationalForm form(lp, /*scale=*/false);
  SimplexState state(form);
  state.Refactorize();
  state.PlaceAllNonbasic();
  state.ComputeDuals();

  RestDearColumns(state);
  EXPECT_TRUE(state.some_rest);
  EXPECT_FALSE(state.rests[0]);
  EXPECT_FALSE(state.rests[kNumColumns / 10]);
  EXPECT_TRUE(state.rests[kNumColumns / 10 + 1]);

  state.reduced_cost[kNumColumns - 1] = -1;
  WakeWrongColumns(/*dual_tolerance=*/1e-7, state);
  EXPECT_FALSE(state.rests[kNumColumns - 1]);
  EXPECT_TRUE(state.rests[kNumColumns - 2]);

  state.WakeAllColumns();
  EXPECT_FALSE(state.some_rest);
  EXPECT_EQ(state.matrix.num_shown(), kNumColumns);
}

}  // namespace
}  // namespace restock::simplex
