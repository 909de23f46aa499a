#include "optimization/irreducible_infeasible_subset.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "optimization/mps_file.h"
#include "tests/optimization/random_lp.h"

namespace restock {
namespace {

using Kind = LpBound::Kind;
using Side = LpBound::Side;

/// The model without costs and with these bounds alone, the one at `left_out` not being among them.
LpModel Only(const LpModel& model, const std::vector<LpBound>& bounds, size_t left_out) {
  LpModel lp = model;
  std::ranges::fill(lp.cost, 0.0);
  std::ranges::fill(lp.lower, -kInfinity);
  std::ranges::fill(lp.upper, kInfinity);
  std::ranges::fill(lp.row_lower, -kInfinity);
  std::ranges::fill(lp.row_upper, kInfinity);
  for (size_t k = 0; k < bounds.size(); ++k) {
    if (k == left_out) continue;
    const auto place = static_cast<size_t>(bounds[k].index);
    const bool is_lower = bounds[k].side == Side::kLower;
    if (bounds[k].kind == Kind::kRow) {
      (is_lower ? lp.row_lower : lp.row_upper)[place] = (is_lower ? model.row_lower : model.row_upper)[place];
    } else {
      (is_lower ? lp.lower : lp.upper)[place] = (is_lower ? model.lower : model.upper)[place];
    }
  }
  return lp;
}

/// Infeasible together, feasible without any one of them.
void ExpectIrreducible(const LpModel& model, const InfeasibleSubset& subset) {
  EXPECT_TRUE(subset.is_irreducible);
  const size_t none = subset.bounds.size();
  EXPECT_EQ(LpStatusName(Solve(Only(model, subset.bounds, none)).status), "infeasible");
  for (size_t left_out = 0; left_out < subset.bounds.size(); ++left_out) {
    const LpSolution without = Solve(Only(model, subset.bounds, left_out));
    double largest = 1;
    for (const double value : without.values) largest = std::max(largest, std::abs(value));
    EXPECT_NE(LpStatusName(without.status), "infeasible") << DescribeBound(model, subset.bounds[left_out]);
    // few bounds leave room for very large values, which are exact as far as doubles are
    EXPECT_LT(without.primal_infeasibility, 1e-9 * std::max(100.0, largest))
        << DescribeBound(model, subset.bounds[left_out]);
  }
}

TEST(InfeasibleSubsetTest, NamesTheRowsAndBoundsThatClash) {
  LpModel lp;  // x + y <= 3 while x >= 2 and y >= 2; z and its rows have nothing to do with it
  lp.AddRow(-kInfinity, 3, "storage");
  lp.AddRow(2, kInfinity, "demand");
  lp.AddRow(1, 5, "other");
  lp.AddColumn(1, 2, 9, {{0, 1}}, "x");
  lp.AddColumn(1, 0, kInfinity, {{0, 1}, {1, 1}}, "y");
  lp.AddColumn(1, 0, kInfinity, {{2, 1}}, "z");
  const InfeasibleSubset subset = FindInfeasibleSubset(lp, Solve(lp));
  ASSERT_EQ(subset.bounds.size(), 3u);
  EXPECT_EQ(DescribeBound(lp, subset.bounds[0]), "row storage <= 3");
  EXPECT_EQ(DescribeBound(lp, subset.bounds[1]), "row demand >= 2");
  EXPECT_EQ(DescribeBound(lp, subset.bounds[2]), "column x >= 2");
  ExpectIrreducible(lp, subset);
}

TEST(InfeasibleSubsetTest, CrossedBoundsAreOne) {
  LpModel lp;
  lp.AddRow(0, 1);
  lp.AddColumn(1, 2, 1, {{0, 1}}, "x");
  const InfeasibleSubset subset = FindInfeasibleSubset(lp, Solve(lp));
  EXPECT_EQ(subset.bounds, (std::vector<LpBound>{{Kind::kColumn, 0, Side::kLower}, {Kind::kColumn, 0, Side::kUpper}}));
}

TEST(InfeasibleSubsetTest, IsIrreducibleOnRandomPrograms) {
  int num_infeasible = 0;
  for (uint64_t seed = 1; seed <= 1000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const LpModel lp = RandomLp(seed, 10, 12);
    const LpSolution solution = Solve(lp);
    if (solution.status != LpStatus::kInfeasible) continue;
    ++num_infeasible;
    ExpectIrreducible(lp, FindInfeasibleSubset(lp, solution));
  }
  EXPECT_GT(num_infeasible, 200);
}

TEST(InfeasibleSubsetTest, IsIrreducibleOnTheInfeasibleSet) {
  constexpr uintmax_t kSmallFile = 100'000;  // bytes
  const char* const data = std::getenv("RESTOCK_DATA");
  const std::filesystem::path folder = std::filesystem::path(data ? data : "../shared") / "lp" / "infeasible";
  if (!std::filesystem::exists(folder)) {
    GTEST_SKIP() << "no infeasible problems under " << folder << "; RESTOCK_DATA names the folder that holds lp/";
  }
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.file_size() > kSmallFile) continue;
    SCOPED_TRACE(file.path().filename().string());
    const LpModel lp = ReadMps(file.path());
    ExpectIrreducible(lp, FindInfeasibleSubset(lp, Solve(lp)));
  }
}

}  // namespace
}  // namespace restock
