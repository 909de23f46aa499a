#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/random.h"
#include "optimization/simplex/simplex_solver.h"
#include "tests/optimization/random_lp.h"

namespace restock {
namespace {

using testing::DoubleNear;
using testing::Pointwise;

// Dantzig (1963), section 6.1 and Hillier & Lieberman, "Introduction to Operations Research", 3.1, the Wyndor Glass
// Co.: max 3x + 5y, x <= 4, 2y <= 12, 3x + 2y <= 18: (2, 6), 36, shadow prices 0, 3/2, 1.
TEST(TextbookLpTest, SolvesWyndorGlass) {
  LpModel lp;
  lp.sense = LpSense::kMaximize;
  for (const double hours : {4.0, 12.0, 18.0}) lp.AddRow(-kInfinity, hours);
  lp.AddColumn(3, 0, kInfinity, {{0, 1}, {2, 3}});
  lp.AddColumn(5, 0, kInfinity, {{1, 2}, {2, 2}});
  const LpSolution solution = Solve(lp);
  EXPECT_EQ(solution.status, LpStatus::kOptimal);
  EXPECT_DOUBLE_EQ(solution.objective, 36);
  EXPECT_THAT(solution.values, Pointwise(DoubleNear(1e-12), {2.0, 6.0}));
  EXPECT_THAT(solution.duals, Pointwise(DoubleNear(1e-12), {0.0, 1.5, 1.0}));
  EXPECT_THAT(solution.reduced_costs, Pointwise(DoubleNear(1e-12), {0.0, 0.0}));
  EXPECT_EQ(solution.basis.row[0], BasisStatus::kBasic);
  EXPECT_EQ(solution.basis.row[1], BasisStatus::kAtUpper);
}

// Chvatal, "Linear Programming" (1983), page 31: cycles under the largest-coefficient rule. Optimum 1.
TEST(TextbookLpTest, DoesNotCycle) {
  LpModel lp;
  lp.sense = LpSense::kMaximize;
  for (const double right : {0.0, 0.0, 1.0}) lp.AddRow(-kInfinity, right);
  lp.AddColumn(10, 0, kInfinity, {{0, 0.5}, {1, 0.5}, {2, 1}});
  lp.AddColumn(-57, 0, kInfinity, {{0, -5.5}, {1, -1.5}});
  lp.AddColumn(-9, 0, kInfinity, {{0, -2.5}, {1, -0.5}});
  lp.AddColumn(-24, 0, kInfinity, {{0, 9}, {1, 1}});
  const LpSolution solution = Solve(lp);
  EXPECT_EQ(solution.status, LpStatus::kOptimal);
  EXPECT_DOUBLE_EQ(solution.objective, 1);
}

// Klee & Minty (1972): the path through all 2^n corners of a squashed cube is what the largest-coefficient rule would
// walk.
TEST(TextbookLpTest, SolvesTheKleeMintyCube) {
  constexpr int kSize = 12;
  LpModel lp;
  lp.sense = LpSense::kMaximize;
  for (int row = 0; row < kSize; ++row) lp.AddRow(-kInfinity, std::pow(5, row + 1));
  for (int column = 0; column < kSize; ++column) {
    std::vector<LpEntry> entries = {{column, 1}};
    for (int row = column + 1; row < kSize; ++row) entries.push_back({row, std::pow(2, row - column + 1)});
    lp.AddColumn(std::pow(2, kSize - 1 - column), 0, kInfinity, entries);
  }
  const LpSolution solution = Solve(lp);
  EXPECT_EQ(solution.status, LpStatus::kOptimal);
  EXPECT_DOUBLE_EQ(solution.objective, std::pow(5, kSize));
}

TEST(TextbookLpTest, ProvesInfeasibilityByMultipliersOfTheRows) {
  LpModel lp;  // x + y >= 5, x - y = 1, x <= 2: y = x - 1 <= 1, so x + y <= 3
  lp.AddRow(5, kInfinity);
  lp.AddRow(1, 1);
  lp.AddColumn(1, 0, 2, {{0, 1}, {1, 1}});
  lp.AddColumn(1, -kInfinity, kInfinity, {{0, 1}, {1, -1}});
  const LpSolution solution = Solve(lp);
  EXPECT_EQ(solution.status, LpStatus::kInfeasible);
  EXPECT_TRUE(ProvesInfeasible(lp, solution.ray));
  EXPECT_FALSE(ProvesInfeasible(lp, {1, -1}));
}

TEST(TextbookLpTest, ProvesUnboundednessByARay) {
  LpModel lp;  // max x with x - y <= 1: along (1, 1)
  lp.sense = LpSense::kMaximize;
  lp.AddRow(-kInfinity, 1);
  lp.AddColumn(1, 0, kInfinity, {{0, 1}});
  lp.AddColumn(0, 0, kInfinity, {{0, -1}});
  const LpSolution solution = Solve(lp);
  EXPECT_EQ(solution.status, LpStatus::kUnbounded);
  EXPECT_TRUE(ProvesUnbounded(lp, solution.ray));
  EXPECT_FALSE(ProvesUnbounded(lp, {1, 0}));
}

TEST(TextbookLpTest, KnowsModelsWithoutRowsAndWithoutEntries) {
  LpModel lp;
  lp.objective_offset = 7;
  lp.AddColumn(2, -1, 4);
  lp.AddColumn(-3, 0, 5);
  EXPECT_DOUBLE_EQ(Solve(lp).objective, 7 - 2 - 15);
  lp.AddColumn(-1, 0, kInfinity);
  EXPECT_EQ(Solve(lp).status, LpStatus::kUnbounded);
  lp.AddRow(1, 2);  // 0 >= 1
  EXPECT_EQ(Solve(lp).status, LpStatus::kInfeasible);
}

TEST(TextbookLpTest, CrossedBoundsAreInfeasible) {
  LpModel lp;
  lp.AddRow(0, 1);
  lp.AddColumn(1, 2, 1, {{0, 1}});
  EXPECT_EQ(Solve(lp).status, LpStatus::kInfeasible);
  EXPECT_EQ(Solve(lp).ray, (std::vector<double>{0})) << "the column needs no rows";
  EXPECT_TRUE(ProvesInfeasible(lp, Solve(lp).ray));
  LpModel crossed_row;
  crossed_row.AddRow(0, 1);
  crossed_row.AddRow(1, 0);
  crossed_row.AddColumn(1, 0, 1, {{0, 1}, {1, 1}});
  for (const bool presolve : {false, true}) {
    const LpSolution solution = Solve(crossed_row, {.presolve = presolve});
    EXPECT_EQ(solution.status, LpStatus::kInfeasible);
    EXPECT_EQ(solution.ray, (std::vector<double>{0, 1}));
    EXPECT_TRUE(ProvesInfeasible(crossed_row, solution.ray));
  }
}

// Doubles far from one have as many digits as others: the answer, and that it is proved, do not depend on the unit.
TEST(TextbookLpTest, SolvesInAnyUnit) {
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    const LpModel lp = RandomLp(seed, 12, 16);
    const LpSolution solution = Solve(lp);
    for (const double size : {3e8, 7e10}) {
      LpModel large = lp;
      for (auto* bounds : {&large.lower, &large.upper, &large.row_lower, &large.row_upper}) {
        for (double& bound : *bounds) bound *= size;
      }
      for (double& cost : large.cost) cost *= size;
      const LpSolution again = Solve(large);
      EXPECT_EQ(LpStatusName(again.status), LpStatusName(solution.status)) << "seed " << seed;
      if (solution.status != LpStatus::kOptimal) continue;
      const double expected = large.objective_offset + size * size * (solution.objective - lp.objective_offset);
      EXPECT_NEAR(again.objective, expected, 1e-9 * std::max(1.0, std::abs(expected))) << "seed " << seed;
    }
  }
}

TEST(TextbookLpTest, KeepsToItsLimits) {
  const LpModel lp = RandomLp(25, 25, 35);
  const int64_t all = Solve(lp).iterations;
  ASSERT_GT(all, 3);
  const LpSolution solution = Solve(lp, {.iteration_limit = 2});
  EXPECT_EQ(solution.status, LpStatus::kIterationLimit);
  EXPECT_EQ(solution.iterations, 2);
  EXPECT_EQ(Solve(lp, {.time_limit = 0}).status, LpStatus::kTimeLimit);
}

TEST(LpDualityTest, PrimalAndDualObjectiveMeetOnEveryOptimum) {
  int num_optimal = 0;
  for (uint64_t seed = 5001; seed <= 5200; ++seed) {
    const LpSolution solution = Solve(RandomLp(seed, 10, 12));
    if (solution.status != LpStatus::kOptimal) continue;
    ++num_optimal;
    EXPECT_LT(solution.gap, 1e-10) << "seed " << seed;
  }
  EXPECT_GT(num_optimal, 80);
}

// x <= 1e9 missed by 1e-3 is right to twelve digits, x <= 1 is not.
TEST(LpDualityTest, CheckIsRelativeWhereNumbersAreLarge) {
  for (const double bound : {1.0, 1e9}) {
    LpModel lp;
    lp.AddRow(-kInfinity, bound);
    lp.AddColumn(-1, 0, kInfinity, {{0, 1}});
    LpSolution solution;
    solution.values = {bound + 1e-3};
    solution.duals = {-1};
    CheckSolution(lp, solution);
    EXPECT_NEAR(solution.primal_infeasibility, bound == 1 ? 1e-3 : 1e-8, 1e-10);
  }
}

// Wyndor Glass again, with wrong answers.
TEST(LpDualityTest, CheckShowsWhatIsWrong) {
  LpModel lp;
  lp.sense = LpSense::kMaximize;
  for (const double hours : {4.0, 12.0, 18.0}) lp.AddRow(-kInfinity, hours);
  lp.AddColumn(3, 0, kInfinity, {{0, 1}, {2, 3}});
  lp.AddColumn(5, 0, kInfinity, {{1, 2}, {2, 2}});
  const auto check = [&](std::vector<double> values, std::vector<double> duals) {
    LpSolution solution;
    solution.values = std::move(values);
    solution.duals = std::move(duals);
    CheckSolution(lp, solution);
    return solution;
  };
  const LpSolution right = check({2, 6}, {0, 1.5, 1});
  EXPECT_EQ(right.primal_infeasibility, 0);
  EXPECT_EQ(right.dual_infeasibility, 0);
  EXPECT_EQ(right.gap, 0);
  EXPECT_DOUBLE_EQ(check({4, 6}, {0, 1.5, 1}).primal_infeasibility, 6);  // 3 * 4 + 2 * 6 - 18
  EXPECT_DOUBLE_EQ(check({2, 6}, {0, 1, 1}).dual_infeasibility, 1);      // 5 - 2 - 2
  EXPECT_DOUBLE_EQ(check({2, 6}, {0, 2, 1}).gap, 6.0 / 36);              // 2 * 12 + 18 - 36
  EXPECT_DOUBLE_EQ(check({0, 6}, {0, 1.5, 1}).gap, 6.0 / 30);            // feasible, not optimal
  EXPECT_DOUBLE_EQ(check({2, 6}, {0, 1.5, -1}).dual_infeasibility, 6);  // 3 + 3; the third dual has the wrong sign, too
}

TEST(WarmStartTest, FindsTheSameOptimumFromTheLastBasis) {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    RandomStream random(seed, 3);
    SimplexSolver warm(RandomLp(seed, 20, 30));
    for (int round = 0; round < 5; ++round) {
      const LpSolution solution = warm.Solve();
      const LpSolution cold = Solve(warm.model());
      ASSERT_EQ(solution.status, cold.status) << "seed " << seed << " round " << round;
      if (cold.status == LpStatus::kOptimal) {
        EXPECT_NEAR(solution.objective, cold.objective, 1e-9 * std::max(1.0, std::abs(cold.objective)))
            << "seed " << seed << " round " << round;
      }
      // a cost, a bound and a right-hand side change
      const LpModel& lp = warm.model();
      const int column = random.UniformInt(lp.num_columns());
      warm.SetCost(column, random.UniformInt(9) - 4);
      const int other = random.UniformInt(lp.num_columns());
      const double lower = random.UniformInt(5) - 2;
      warm.SetColumnBounds(other, lower, lower + random.UniformInt(5));
      if (lp.num_rows() > 0) {
        const double side = random.UniformInt(9) - 4;
        warm.SetRowBounds(random.UniformInt(lp.num_rows()), side, side + random.UniformInt(4));
      }
    }
  }
}

TEST(WarmStartTest, RepairsAnyBasis) {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    RandomStream random(seed, 4);
    const LpModel lp = RandomLp(seed, 15, 20);
    const LpSolution cold = Solve(lp);
    LpBasis basis = cold.basis;
    const auto draw = [&](BasisStatus& status) { status = static_cast<BasisStatus>(random.UniformInt(4)); };
    std::ranges::for_each(basis.column, draw);
    std::ranges::for_each(basis.row, draw);
    SimplexSolver solver(lp);
    solver.SetBasis(basis);
    const LpSolution solution = solver.Solve();
    ASSERT_EQ(solution.status, cold.status) << "seed " << seed;
    if (cold.status == LpStatus::kOptimal) {
      EXPECT_NEAR(solution.objective, cold.objective, 1e-9 * std::max(1.0, std::abs(cold.objective)))
          << "seed " << seed;
    }
  }
}

TEST(WarmStartTest, NeedsNoIterationFromTheOptimalBasis) {
  const LpModel lp = RandomLp(10, 25, 35);
  const LpSolution cold = Solve(lp);
  ASSERT_EQ(cold.status, LpStatus::kOptimal);
  ASSERT_GT(cold.iterations, 5);
  SimplexSolver solver(lp);
  solver.SetBasis(cold.basis);
  EXPECT_EQ(solver.Solve().iterations, 0);
  EXPECT_EQ(solver.Solve().iterations, 0);
}

// Numbers so far apart that their products are none: an end within the limits, and nothing called optimal.
TEST(OverflowTest, EndsWithoutClaimingAnOptimum) {
  LpModel no_number;
  no_number.AddRow(-kInfinity, 5);
  no_number.AddColumn(-1, 0, kInfinity, {{0, 1e-200}});
  no_number.AddColumn(1, 0, kInfinity, {{0, 1e200}});
  LpModel without_end;
  without_end.AddRow(-kInfinity, 5);
  without_end.AddRow(1, kInfinity);
  without_end.AddColumn(-1e10, 0, 1e6, {{0, 1e308}, {1, 1}});
  without_end.AddColumn(1e200, 0, kInfinity, {{0, -1e308}, {1, 1e-3}});
  for (const LpModel& lp : {no_number, without_end})
    for (const bool presolve : {false, true})
      EXPECT_EQ(Solve(lp, {.presolve = presolve}).status, LpStatus::kNumericalTrouble);
}

TEST(RepetitionTest, GivesEqualBits) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    const LpModel lp = RandomLp(seed, 25, 35);
    const LpSolution first = Solve(lp), second = Solve(lp);
    EXPECT_EQ(first.iterations, second.iterations);
    EXPECT_EQ(first.values, second.values);
    EXPECT_EQ(first.duals, second.duals);
  }
}

}  // namespace
}  // namespace restock
