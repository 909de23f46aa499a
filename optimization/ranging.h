#pragma once

#include <vector>

#include "optimization/lp_model.h"
#include "optimization/lp_solution.h"

namespace restock {

/// The values that a number may take.
struct LpRange {
  double low = -kInfinity;
  double high = kInfinity;
};

/// How far each number of a solved linear program may move alone, all others staying, without another basis becoming
/// optimal (Chvatal 1983, chapter 10; Vanderbei 2014, section 7.1). While a cost moves, the values stay; while a bound
/// moves, duals and reduced costs stay, and the objective moves by them. A bound at which nothing stands may move up
/// to where it would begin to bind. The two bounds of a fixed column or of an equation move together. At a degenerate
/// vertex several bases are optimal, and the ranges are those of the one found: within them what is said holds, but it
/// may hold further.
struct LpRanging {
  std::vector<LpRange> cost;                  // (num_columns)
  std::vector<LpRange> lower, upper;          // (num_columns)
  std::vector<LpRange> row_lower, row_upper;  // (num_rows)
};

/// `solution` must be optimal. Takes one solve with the factorised basis for each row and each column.
LpRanging FindRanging(const LpModel& model, const LpSolution& solution);

}  // namespace restock
