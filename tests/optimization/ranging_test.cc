#include "optimization/ranging.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "optimization/mps_file.h"
#include "optimization/simplex/simplex_solver.h"
#include "tests/optimization/random_lp.h"

namespace restock {
namespace {

void ExpectRange(const LpRange& range, double low, double high) {
  EXPECT_DOUBLE_EQ(range.low, low);
  EXPECT_DOUBLE_EQ(range.high, high);
}

// Hillier & Lieberman, "Introduction to Operations Research", 3.1 and 7.2: max 3x + 5y, x <= 4, 2y <= 12,
// 3x + 2y <= 18. The costs may lie in [0, 7.5] and [2, inf), the right-hand sides in [2, inf), [6, 18] and [12, 24].
TEST(RangingTest, KnowsWyndorGlass) {
  LpModel lp;
  lp.sense = LpSense::kMaximize;
  for (const double hours : {4.0, 12.0, 18.0}) lp.AddRow(-kInfinity, hours);
  lp.AddColumn(3, 0, kInfinity, {{0, 1}, {2, 3}});
  lp.AddColumn(5, 0, kInfinity, {{1, 2}, {2, 2}});
  const LpRanging ranging = FindRanging(lp, Solve(lp));
  ExpectRange(ranging.cost[0], 0, 7.5);
  ExpectRange(ranging.cost[1], 2, kInfinity);
  ExpectRange(ranging.row_upper[0], 2, kInfinity);
  ExpectRange(ranging.row_upper[1], 6, 18);
  ExpectRange(ranging.row_upper[2], 12, 24);
  ExpectRange(ranging.row_lower[2], -kInfinity, 18);
  ExpectRange(ranging.lower[0], -kInfinity, 2);
  ExpectRange(ranging.upper[1], 6, kInfinity);
}

enum class Outside { kChangesTheObjective, kChangesTheBasis };

/// Solves anew with one number of the model elsewhere: inside its range the objective is what the derivative says,
/// just outside it is not, or (at degenerate vertices) at least the basis is not optimal any more.
class RangeCheck {
 public:
  RangeCheck(const LpModel& model, Outside outside)
      : model_(model), solution_(Solve(model)), ranging_(FindRanging(model, solution_)), outside_(outside) {}

  void CheckColumn(size_t j) {
    const double x = solution_.values[j], d = solution_.reduced_costs[j];
    Check(ranging_.cost[j], model_.cost[j], x, [=](LpModel& lp, double cost) { lp.cost[j] = cost; });
    if (model_.lower[j] == model_.upper[j]) {
      Check(ranging_.lower[j], x, d, [=](LpModel& lp, double value) { lp.lower[j] = lp.upper[j] = value; });
      return;
    }
    const BasisStatus status = solution_.basis.column[j];
    Check(ranging_.lower[j], model_.lower[j], status == BasisStatus::kAtLower ? d : 0,
          [=](LpModel& lp, double value) { lp.lower[j] = value; });
    Check(ranging_.upper[j], model_.upper[j], status == BasisStatus::kAtUpper ? d : 0,
          [=](LpModel& lp, double value) { lp.upper[j] = value; });
  }

  void CheckRow(size_t i) {
    const double y = solution_.duals[i];
    if (model_.row_lower[i] == model_.row_upper[i]) {
      Check(ranging_.row_lower[i], model_.row_lower[i], y,
            [=](LpModel& lp, double value) { lp.row_lower[i] = lp.row_upper[i] = value; });
      return;
    }
    const BasisStatus status = solution_.basis.row[i];
    Check(ranging_.row_lower[i], model_.row_lower[i], status == BasisStatus::kAtLower ? y : 0,
          [=](LpModel& lp, double value) { lp.row_lower[i] = value; });
    Check(ranging_.row_upper[i], model_.row_upper[i], status == BasisStatus::kAtUpper ? y : 0,
          [=](LpModel& lp, double value) { lp.row_upper[i] = value; });
  }

  const LpSolution& solution() const { return solution_; }
  int num_inside = 0;
  int num_outside = 0;

 private:
  template <class Change>
  void Check(const LpRange& range, double now, double slope, const Change& change) {
    ASSERT_LE(range.low, range.high);
    for (const double end : {range.low, range.high}) {
      if (std::isfinite(now)) {
        ASSERT_LE(range.low - 1e-9 * std::abs(now), now);
        ASSERT_GE(range.high + 1e-9 * std::abs(now), now);
        const double inside = std::isfinite(end) ? now + 0.99 * (end - now) : now + std::copysign(10.0, end);
        const LpSolution there = SolveWith(inside, change);
        const double expected = solution_.objective + slope * (inside - now);
        EXPECT_EQ(LpStatusName(there.status), "optimal");
        EXPECT_NEAR(there.objective, expected, 1e-7 * std::max({1.0, std::abs(expected), std::abs(slope * inside)}));
        ++num_inside;
      }
      if (!std::isfinite(end)) continue;
      const double outside = end + (end == range.low ? -1 : 1) * 1e-2 * std::max(1.0, std::abs(end));
      const LpSolution there = SolveWith(outside, change);
      // a bound that is not there has no objective to move by
      const double expected = solution_.objective + (std::isfinite(now) ? slope * (outside - now) : 0);
      const bool differs = there.status != LpStatus::kOptimal ||
                           std::abs(there.objective - expected) > 1e-9 * std::max(1.0, std::abs(expected)) ||
                           (outside_ == Outside::kChangesTheBasis &&
                            (there.iterations > 0 || there.basis.column != solution_.basis.column ||
                             there.basis.row != solution_.basis.row));
      EXPECT_TRUE(differs) << "range " << range.low << " to " << range.high << ", now " << now;
      ++num_outside;
    }
  }

  template <class Change>
  LpSolution SolveWith(double value, const Change& change) const {
    LpModel model = model_;
    change(model, value);
    SimplexSolver solver(model);
    solver.SetBasis(solution_.basis);
    return solver.Solve();
  }

  LpModel model_;
  LpSolution solution_;
  LpRanging ranging_;
  Outside outside_;
};

/// A random program in general position: no ties, so its optimum has one basis.
LpModel GeneralLp(uint64_t seed) {
  RandomStream random(seed, 8);
  LpModel lp;
  std::vector<double> point;
  const int num_rows = 1 + random.UniformInt(6), num_columns = 1 + random.UniformInt(8);
  for (int row = 0; row < num_rows; ++row) {
    const double side = 1 + 10 * random.Uniform();
    const int kind = random.UniformInt(3);
    lp.AddRow(kind == 0 ? -kInfinity : kind == 1 ? side : -side, side);
  }
  for (int column = 0; column < num_columns; ++column) {
    std::vector<LpEntry> entries;
    for (int row = 0; row < num_rows; ++row) entries.push_back({row, 2 * random.Uniform() - 0.7});
    const double lower = 4 * random.Uniform() - 2;
    lp.AddColumn(2 * random.Uniform() - 1, lower, lower + 0.5 + 5 * random.Uniform(), entries);
  }
  if (random.UniformInt(2) == 0) lp.sense = LpSense::kMaximize;
  return lp;
}

TEST(RangingTest, HoldsInsideAndNotOutsideInGeneralPosition) {
  int num_solved = 0, num_inside = 0, num_outside = 0;
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const LpModel lp = GeneralLp(seed);
    if (Solve(lp).status != LpStatus::kOptimal) continue;
    ++num_solved;
    RangeCheck check(lp, Outside::kChangesTheObjective);
    for (size_t j = 0; j < lp.cost.size(); ++j) check.CheckColumn(j);
    for (size_t i = 0; i < lp.row_lower.size(); ++i) check.CheckRow(i);
    num_inside += check.num_inside;
    num_outside += check.num_outside;
  }
  EXPECT_GT(num_solved, 60);
  EXPECT_GT(num_inside, 2000);
  EXPECT_GT(num_outside, 1000);
}

TEST(RangingTest, HoldsInsideAtDegenerateVertices) {
  int num_solved = 0;
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const LpModel lp = RandomLp(seed, 8, 10);
    if (Solve(lp).status != LpStatus::kOptimal) continue;
    ++num_solved;
    RangeCheck check(lp, Outside::kChangesTheBasis);
    for (size_t j = 0; j < lp.cost.size(); ++j) check.CheckColumn(j);
    for (size_t i = 0; i < lp.row_lower.size(); ++i) check.CheckRow(i);
  }
  EXPECT_GT(num_solved, 80);
}

TEST(RangingTest, HoldsOnNetlibProblems) {
  const char* const data = std::getenv("RESTOCK_DATA");
  const std::filesystem::path folder = std::filesystem::path(data ? data : "../shared") / "lp" / "netlib";
  if (!std::filesystem::exists(folder)) {
    GTEST_SKIP() << "no Netlib problems under " << folder << "; RESTOCK_DATA names the folder that holds lp/";
  }
  std::vector<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator(folder)) files.push_back(file.path());
  std::ranges::sort(files, {}, [](const auto& file) { return std::filesystem::file_size(file); });
  files.resize(std::min<size_t>(files.size(), 20));
  for (const auto& file : files) {
    SCOPED_TRACE(file.filename().string());
    const LpModel lp = ReadMps(file);
    RangeCheck check(lp, Outside::kChangesTheBasis);
    const size_t step = 1 + (lp.cost.size() + lp.row_lower.size()) / 40;
    for (size_t j = 0; j < lp.cost.size(); j += step) check.CheckColumn(j);
    for (size_t i = 0; i < lp.row_lower.size(); i += step) check.CheckRow(i);
    EXPECT_GT(check.num_outside, 5);
  }
}

}  // namespace
}  // namespace restock
