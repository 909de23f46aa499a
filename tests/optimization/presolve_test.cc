#include "optimization/simplex/presolve.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "optimization/simplex/doubleton_equations.h"
#include "optimization/simplex/simplex_solver.h"
#include "tests/optimization/random_lp.h"

namespace restock::simplex {
namespace {

int CountBasic(const LpBasis& basis) {
  return static_cast<int>(std::ranges::count(basis.column, BasisStatus::kBasic) +
                          std::ranges::count(basis.row, BasisStatus::kBasic));
}

// x + y <= 4 says that neither exceeds 4, x + 3 y <= 6 that y does not exceed 2: so 2 x - y <= 9 never binds, nor does
// the upper side of -1 <= x - y <= 10.
TEST(PresolveTest, DropsWhatImpliedBoundsKeepFromBinding) {
  LpModel lp;
  lp.sense = LpSense::kMaximize;
  const int both = lp.AddRow(-kInfinity, 4), ahead = lp.AddRow(-1, 10);
  const int room = lp.AddRow(-kInfinity, 6), never = lp.AddRow(-kInfinity, 9);
  lp.AddColumn(3, 0, kInfinity, {{both, 1}, {ahead, 1}, {room, 1}, {never, 2}});
  lp.AddColumn(2, 0, kInfinity, {{both, 1}, {ahead, -1}, {room, 3}, {never, -1}});
  const LpModel reduced = Presolve(lp).reduced();
  EXPECT_EQ(reduced.row_lower, (std::vector<double>{-kInfinity, -1, -kInfinity}));
  EXPECT_EQ(reduced.row_upper, (std::vector<double>{4, kInfinity, 6}));
  const LpSolution solution = Solve(lp, {.presolve = true});
  EXPECT_EQ(solution.values, (std::vector<double>{4, 0}));
  EXPECT_EQ(solution.duals, (std::vector<double>{3, 0, 0, 0}));
}

// Where a row were dropped that is needed, what is left would have a better optimum.
TEST(PresolveTest, LeavesTheOptimumAsItIs) {
  int num_dropped = 0, num_compared = 0;
  for (uint64_t seed = 1; seed <= 2000; ++seed) {
    const LpModel lp = RandomLp(seed, 8, 6);
    const LpSolution plain = Solve(lp);
    if (plain.status != LpStatus::kOptimal) continue;
    const Presolve presolve(lp);
    ASSERT_FALSE(presolve.has_no_optimum()) << seed;
    num_dropped += lp.num_rows() - presolve.reduced().num_rows();
    const LpSolution reduced = Solve(presolve.reduced());
    ASSERT_EQ(LpStatusName(reduced.status), "optimal") << seed;
    const double objective = lp.Objective(presolve.Lift(reduced).values);
    if (!std::isfinite(objective)) continue;  // seldom a basis is lifted that the simplex must mend first
    ++num_compared;
    EXPECT_NEAR(objective, plain.objective, 1e-9 * std::max(1.0, std::abs(plain.objective))) << seed;
  }
  EXPECT_GT(num_compared, 900);
  EXPECT_GT(num_dropped, 1000);
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

// The same limit three times: x + y <= 8, 2 x + 2 y <= 12 (so <= 6), -x - y >= -7. The second is the one that binds,
// and has the dual: max 3 x + 2 y with x <= 4, so x = 4, y = 2, and one more in the second row is worth 2 / 2.
TEST(PresolveTest, KeepsTheNarrowestOfDuplicateRows) {
  LpModel lp;
  lp.sense = LpSense::kMaximize;
  const int wide = lp.AddRow(-kInfinity, 8);
  const int narrow = lp.AddRow(-kInfinity, 12);
  const int turned = lp.AddRow(-7, kInfinity);
  const int other = lp.AddRow(-20, 5);
  lp.AddColumn(3, 0, 4, {{wide, 1}, {narrow, 2}, {turned, -1}, {other, 1}});
  lp.AddColumn(2, 0, 9, {{wide, 1}, {narrow, 2}, {turned, -1}, {other, -1}});
  const Presolve presolve(lp);
  EXPECT_LE(presolve.reduced().num_rows(), 1);

  const LpSolution solution = Solve(lp, {.presolve = true});
  EXPECT_EQ(solution.values, (std::vector<double>{4, 2}));
  EXPECT_EQ(solution.duals, (std::vector<double>{0, 1, 0, 0}));
  EXPECT_EQ(solution.basis.row[static_cast<size_t>(narrow)], BasisStatus::kAtUpper);
}

// Two lorries of one size, of 10 and 20 loads of two units each; and the same road for single units, dear: 90 units in
// all need both in full and 30 of the dear ones.
TEST(PresolveTest, MergesColumnsThatAreMultiplesOfEachOther) {
  LpModel lp;
  const int demand = lp.AddRow(90, kInfinity);
  const int hours = lp.AddRow(-kInfinity, 100);
  lp.AddColumn(4, 0, 10, {{demand, 2}, {hours, 2}});
  lp.AddColumn(4, 0, 20, {{demand, 2}, {hours, 2}});
  lp.AddColumn(3, 0, kInfinity, {{demand, 1}, {hours, 1}});
  const Presolve presolve(lp);
  EXPECT_LE(presolve.reduced().num_columns(), 2);

  const LpSolution solution = Solve(lp, {.presolve = true});
  EXPECT_EQ(solution.values, (std::vector<double>{10, 20, 30}));
  EXPECT_EQ(solution.duals, (std::vector<double>{3, 0}));
}

// The dearer of two equal columns stays at its bound where the cheaper one has no end.
TEST(PresolveTest, FixesTheDearerOfTwoEqualColumns) {
  LpModel lp;
  const int demand = lp.AddRow(5, kInfinity);
  const int hours = lp.AddRow(-kInfinity, 100);
  lp.AddColumn(2, 0, kInfinity, {{demand, 1}, {hours, 1}});
  lp.AddColumn(3, 1, 8, {{demand, 1}, {hours, 1}});
  EXPECT_LE(Presolve(lp).reduced().num_columns(), 1);
  const LpSolution solution = Solve(lp, {.presolve = true});
  EXPECT_EQ(solution.values, (std::vector<double>{4, 1}));
}

// A unit in the row is never worth more than 2, the price at which any number is to be had. So what costs 5 and brings
// two is not worth it; what costs 1 might be.
TEST(PresolveTest, FixesColumnsThatNoPriceMakesWorthTheirCost) {
  LpModel lp;
  const int demand = lp.AddRow(7, kInfinity);
  const int room = lp.AddRow(-kInfinity, 9);
  const int power = lp.AddRow(-kInfinity, 9);
  lp.AddColumn(2, 0, kInfinity, {{demand, 1}});
  lp.AddColumn(5, 0, 10, {{demand, 2}, {room, 1}});
  lp.AddColumn(1, 0, 4, {{demand, 1}, {room, 3}, {power, 1}});
  lp.AddColumn(1, 0, 4, {{demand, 1}, {room, 1}, {power, 3}});
  const Presolve presolve(lp);
  EXPECT_EQ(presolve.reduced().num_columns(), 3);
  const LpSolution solution = Solve(lp, {.presolve = true}), plain = Solve(lp);
  EXPECT_EQ(solution.values[1], 0);
  EXPECT_NEAR(solution.objective, plain.objective, 1e-12);
}

// x + 2 y = 10, so x = 10 - 2 y, and 0 <= x <= 4 is 3 <= y <= 5. min 3 x + y with x + y >= 6 (so y <= 4), y <= 4.5:
// 30 - 5 y is least at y = 4.
TEST(DoubletonEquationsTest, SubstitutesAColumn) {
  LpModel lp;
  const int equation = lp.AddRow(10, 10);
  const int sum = lp.AddRow(6, kInfinity);
  lp.AddColumn(3, 0, 4, {{equation, 1}, {sum, 1}});
  lp.AddColumn(1, 0, 4.5, {{equation, 2}, {sum, 1}});
  lp.AddColumn(9, 0, 1, {{sum, 1}});
  const DoubletonEquations doubletons(lp);
  EXPECT_EQ(doubletons.num_substituted(), 1);
  const LpModel& left = doubletons.reduced();
  EXPECT_EQ(left.num_rows(), 1);
  EXPECT_EQ(left.row_lower, (std::vector<double>{-4}));  // -y + z >= 6 - 10
  EXPECT_EQ(left.cost, (std::vector<double>{-5, 9}));
  EXPECT_EQ(left.lower, (std::vector<double>{3, 0}));
  EXPECT_EQ(left.upper, (std::vector<double>{4.5, 1}));
  EXPECT_EQ(left.value, (std::vector<double>{-1, 1}));

  const LpSolution lifted = doubletons.Lift(Solve(left));
  EXPECT_EQ(lifted.values, (std::vector<double>{2, 4, 0}));
  EXPECT_EQ(CountBasic(lifted.basis), 2);
  const LpSolution solution = Solve(lp, {.presolve = true});
  EXPECT_EQ(solution.values, (std::vector<double>{2, 4, 0}));
  EXPECT_EQ(solution.duals, (std::vector<double>{-2, 5}));
}

// Chains of equations with other rows and columns around them: the lifted basis has the right size and, as a rule, is
// optimal at once.
TEST(DoubletonEquationsTest, LiftsAnOptimalBasisAsARule) {
  int num_optimal = 0, num_at_once = 0;
  for (uint64_t seed = 1; seed <= 1000; ++seed) {
    LpModel lp = RandomLp(seed, 8, 14);
    RandomStream random(seed, 11);
    const int num_columns = lp.num_columns();
    // a chain of columns with equations between neighbours
    LpModel chain;
    std::vector<int> equation;
    for (int row = 0; row < lp.num_rows(); ++row) {
      chain.AddRow(lp.row_lower[static_cast<size_t>(row)], lp.row_upper[static_cast<size_t>(row)]);
    }
    for (int k = 0; k + 1 < num_columns; k += 2) {
      const double right_hand_side = random.UniformInt(7) - 3;
      equation.push_back(chain.AddRow(right_hand_side, right_hand_side));
    }
    for (int column = 0; column < num_columns; ++column) {
      std::vector<LpEntry> entries;
      const auto j = static_cast<size_t>(column);
      for (auto k = static_cast<size_t>(lp.start[j]); k < static_cast<size_t>(lp.start[j + 1]); ++k) {
        entries.push_back({lp.index[k], lp.value[k]});
      }
      const auto pair = static_cast<size_t>(column / 2);
      if (pair < equation.size()) entries.push_back({equation[pair], random.UniformInt(2) == 0 ? 1.0 : -2.0});
      chain.AddColumn(lp.cost[j], lp.lower[j], lp.upper[j], entries);
    }

    const LpSolution plain = Solve(chain), presolved = Solve(chain, {.presolve = true});
    ASSERT_EQ(LpStatusName(presolved.status), LpStatusName(plain.status)) << seed;
    if (plain.status != LpStatus::kOptimal) continue;
    EXPECT_NEAR(presolved.objective, plain.objective, 1e-8 * std::max(1.0, std::abs(plain.objective))) << seed;
    EXPECT_LT(presolved.dual_infeasibility, 1e-7) << seed;
    EXPECT_LT(presolved.gap, 1e-8) << seed;

    const DoubletonEquations doubletons(chain);
    if (doubletons.num_substituted() == 0) continue;
    const LpSolution left = Solve(doubletons.reduced());
    ASSERT_EQ(left.status, LpStatus::kOptimal) << seed;
    const LpBasis lifted = doubletons.Lift(left).basis;
    EXPECT_EQ(CountBasic(lifted), chain.num_rows()) << seed;
    SimplexSolver whole(chain);
    whole.SetBasis(lifted);
    ++num_optimal;
    num_at_once += whole.Solve().iterations == 0;
  }
  RecordProperty("at_once", num_at_once);
  RecordProperty("optimal", num_optimal);
  EXPECT_GT(num_optimal, 100);
  EXPECT_GT(num_at_once, 0.9 * num_optimal);
}

// With many duplicates and ties: the lifted basis is, as a rule, optimal at once; and the answer is that of a solve
// without presolve in any case, duals and all.
TEST(PresolveTest, LiftsAnOptimalBasisAsARule) {
  int num_optimal = 0, num_at_once = 0;
  for (uint64_t seed = 1; seed <= 2000; ++seed) {
    const LpModel lp = Degenerate(RandomLp(seed, 12, 16), seed);
    const Presolve presolve(lp);
    const LpSolution plain = Solve(lp), presolved = Solve(lp, {.presolve = true});
    ASSERT_EQ(LpStatusName(presolved.status), LpStatusName(plain.status)) << seed;
    if (plain.status != LpStatus::kOptimal || presolve.has_no_optimum()) continue;
    EXPECT_NEAR(presolved.objective, plain.objective, 1e-8 * std::max(1.0, std::abs(plain.objective))) << seed;
    EXPECT_LT(presolved.dual_infeasibility, 1e-7) << seed;
    EXPECT_LT(presolved.gap, 1e-8) << seed;

    const LpSolution reduced = Solve(presolve.reduced());
    if (reduced.status != LpStatus::kOptimal) continue;
    const LpBasis lifted = presolve.Lift(reduced).basis;
    EXPECT_EQ(CountBasic(lifted), lp.num_rows()) << seed;
    SimplexSolver whole(lp);
    whole.SetBasis(lifted);
    ++num_optimal;
    num_at_once += whole.Solve().iterations == 0;
  }
  EXPECT_GT(num_optimal, 500);
  EXPECT_GT(num_at_once, 0.9 * num_optimal);
  RecordProperty("at_once", num_at_once);
  RecordProperty("optimal", num_optimal);
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
    EXPECT_EQ(CountBasic(presolve.Lift(reduced).basis), lp.num_rows()) << seed;
  }
  EXPECT_GT(num_smaller, 50);
}

}  // namespace
}  // namespace restock::simplex
