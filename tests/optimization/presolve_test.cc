#include "optimization/simplex/presolve.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "optimization/simplex/simplex_solver.h"
#include "tests/optimization/random_lp.h"

namespace restock::simplex {
namespace {

int CountBasic(const LpBasis& basis) {
  return static_cast<int>(std::ranges::count(basis.column, BasisStatus::kBasic) +
                          std::ranges::count(basis.row, BasisStatus::kBasic));
}

// min x + 2 y  with  x + y >= 3,  2 x <= 4 (so x <= 2),  z fixed at 1,  w in no row and dear: x = 2, y = 1.
TEST(PresolveTest, SolvesASmallProgramByItself) {
  LpModel lp;
  const int demand = lp.AddRow(3, kInfinity);
  const int bound = lp.AddRow(-kInfinity, 4);
  lp.AddColumn(1, 0, kInfinity, {{demand, 1}, {bound, 2}});
  lp.AddColumn(2, 0, kInfinity, {{demand, 1}});
  lp.AddColumn(5, 1, 1, {{bound, 0}});
  lp.AddColumn(7, -1, 9);
  const Presolve presolve(lp);
  ASSERT_FALSE(presolve.has_no_optimum());
  EXPECT_EQ(presolve.reduced().num_rows(), 0);
  EXPECT_EQ(presolve.reduced().num_columns(), 0);

  const LpSolution solution = Solve(lp, {.presolve = true});
  EXPECT_EQ(solution.status, LpStatus::kOptimal);
  EXPECT_EQ(solution.values, (std::vector<double>{2, 1, 1, -1}));
  EXPECT_EQ(solution.duals, (std::vector<double>{2, -0.5}));
  EXPECT_EQ(solution.iterations, 0) << "the lifted basis is optimal";
}

// Stock balances: what is thrown away costs nothing and stands in one row alone, and becomes that row's slack; what is
// bought and what is lost stay, as their prices would turn into negative costs of what is held.
TEST(PresolveTest, TurnsColumnsOfOneRowIntoSlacks) {
  LpModel lp;
  std::vector<int> balance;
  for (const double demand : {4.0, 6.0, 5.0}) balance.push_back(lp.AddRow(demand, demand));
  for (size_t t = 0; t < 3; ++t) {
    lp.AddColumn(1, 0, 5, {{balance[t], 1}});                                             // bought
    lp.AddColumn(10, 0, kInfinity, {{balance[t], 1}});                                    // lost
    lp.AddColumn(0, 0, kInfinity, {{balance[t], -1}});                                    // thrown away
    if (t < 2) lp.AddColumn(0.1, 0, kInfinity, {{balance[t], -1}, {balance[t + 1], 1}});  // held
  }
  const Presolve presolve(lp);
  EXPECT_EQ(presolve.reduced().num_rows(), 3);
  EXPECT_EQ(presolve.reduced().num_columns(), 8) << "all but what is thrown away";
  const LpSolution solution = Solve(lp, {.presolve = true});
  const LpSolution plain = Solve(lp);
  EXPECT_DOUBLE_EQ(solution.objective, plain.objective);
  EXPECT_DOUBLE_EQ(solution.objective, 15.1);
}

// x + y = 10 with y in [0, 4] keeps x within [6, 10], so its bounds [0, 20] never bind and its price 3 is the row's:
// min 3 x + 2 y = min 30 - y, so y = 4.
TEST(PresolveTest, TakesOutColumnsWhoseBoundsNeverBind) {
  LpModel lp;
  const int sum = lp.AddRow(10, 10);
  const int other = lp.AddRow(-kInfinity, 9);
  lp.AddColumn(3, 0, 20, {{sum, 1}});
  lp.AddColumn(2, 0, 4, {{sum, 1}, {other, 2}});
  const Presolve presolve(lp);
  EXPECT_EQ(presolve.reduced().num_columns(), 0);
  const LpSolution solution = Solve(lp, {.presolve = true});
  EXPECT_EQ(solution.values, (std::vector<double>{6, 4}));
  EXPECT_EQ(solution.duals, (std::vector<double>{3, 0}));
}

TEST(PresolveTest, LiftsABasisOfTheRightSize) {
  int num_smaller = 0;
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    const LpModel lp = RandomLp(seed, 12, 16);
    const Presolve presolve(lp);
    if (presolve.has_no_optimum()) {
      EXPECT_NE(Solve(lp).status, LpStatus::kOptimal) << seed;
      continue;
    }
    const LpSolution reduced = Solve(presolve.reduced());
    if (reduced.status != LpStatus::kOptimal) continue;
    num_smaller += presolve.reduced().num_rows() < lp.num_rows();
    EXPECT_EQ(CountBasic(presolve.Lift(reduced)), lp.num_rows()) << seed;
  }
  EXPECT_GT(num_smaller, 50);
}

}  // namespace
}  // namespace restock::simplex
