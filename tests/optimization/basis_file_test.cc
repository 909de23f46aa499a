#include "optimization/basis_file.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/error.h"
#include "optimization/simplex/simplex_solver.h"
#include "tests/optimization/random_lp.h"

namespace restock {
namespace {

LpModel Wyndor() {
  LpModel lp;
  lp.name = "wyndor";
  lp.sense = LpSense::kMaximize;
  for (const double hours : {4.0, 12.0, 18.0}) lp.AddRow(-kInfinity, hours);
  lp.AddColumn(3, 0, 1, {{0, 1}, {2, 3}}, "the doors");
  lp.AddColumn(5, 0, kInfinity, {{1, 2}, {2, 2}}, "windows");
  return lp;
}

// with at most one door, the windows take what the second plant has: 6
TEST(BasisFileTest, WritesWhatDiffersFromTheSlackBasis) {
  const LpModel lp = Wyndor();
  const std::string text = FormatBasis(lp, Solve(lp).basis);
  EXPECT_EQ(text, "NAME wyndor\n UL the_doors\n XU windows R1\nENDATA\n");
  const LpBasis basis = ParseBasis(lp, text, "wyndor.bas");
  EXPECT_EQ(basis.column, (std::vector<BasisStatus>{BasisStatus::kAtUpper, BasisStatus::kBasic}));
  EXPECT_EQ(basis.row, (std::vector<BasisStatus>{BasisStatus::kBasic, BasisStatus::kAtUpper, BasisStatus::kBasic}));
}

TEST(BasisFileTest, ASolveFromAnOptimalBasisThatWasWrittenNeedsNoIteration) {
  int num_optimal = 0;
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    const LpModel lp = RandomLp(seed, 10, 12);
    const LpSolution solution = Solve(lp);
    if (solution.status != LpStatus::kOptimal) continue;
    ++num_optimal;
    SimplexSolver solver(lp);
    solver.SetBasis(ParseBasis(lp, FormatBasis(lp, solution.basis), "again.bas"));
    const LpSolution again = solver.Solve();
    EXPECT_EQ(again.iterations, 0) << "seed " << seed;
    EXPECT_NEAR(again.objective, solution.objective, 1e-9) << "seed " << seed;
  }
  EXPECT_GT(num_optimal, 80);
}

TEST(BasisFileTest, NamesFileLineAndCureOfDamage) {
  const struct {
    std::string text, message;
  } damaged[] = {
      {"", "damaged.bas: the file is empty."},
      {"NAME\n XU windows R1\n", "damaged.bas:2: the file ends without ENDATA"},
      {"NAME\n YU windows R1\nENDATA\n", "damaged.bas:2: the code is \"YU\", but must be XU, XL, UL or LL"},
      {"NAME\n XU windows\nENDATA\n", "damaged.bas:2: XU needs the name of a column and that of a row"},
      {"NAME\n UL windows R1\nENDATA\n", "damaged.bas:2: UL needs the name of a column"},
      {"NAME\n XL window R1\nENDATA\n", "damaged.bas:2: unknown column \"window\"; the basis must be that"},
      {"NAME\n XL windows R7\nENDATA\n", "damaged.bas:2: unknown row \"R7\""},
      {"* x\n UL windows\n LL windows\nENDATA\n", "damaged.bas:3: column \"windows\" stands here a second time"},
  };
  for (const auto& file : damaged) {
    try {
      ParseBasis(Wyndor(), file.text, "damaged.bas");
      ADD_FAILURE() << "accepted: " << file.message;
    } catch (const DataError& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr(file.message));
    }
  }
}

TEST(BasisFileTest, NeverCrashesOnDamage) {
  const LpModel lp = Wyndor();
  for (uint64_t seed = 1; seed <= 2000; ++seed) {
    RandomStream random(seed, 7);
    std::string text = FormatBasis(lp, Solve(lp).basis);
    for (int change = 0; change <= random.UniformInt(3); ++change) {
      const auto place = static_cast<size_t>(random.UniformInt(static_cast<int>(text.size())));
      if (random.UniformInt(2) == 0) {
        text[place] = static_cast<char>(random.UniformInt(256));
      } else {
        text.erase(place, 1);
      }
    }
    try {
      SimplexSolver solver(lp);
      solver.SetBasis(ParseBasis(lp, text, "damaged.bas"));
      EXPECT_EQ(solver.Solve().status, LpStatus::kOptimal) << "seed " << seed;
    } catch (const DataError&) {
    }
  }
}

}  // namespace
}  // namespace restock
