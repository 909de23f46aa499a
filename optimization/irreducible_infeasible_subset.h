#pragma once

#include <string>
#include <vector>

#include "optimization/lp_model.h"
#include "optimization/lp_solution.h"
#include "optimization/simplex/simplex_solver.h"

namespace restock {

/// One side of a row or a column.
struct LpBound {
  enum class Kind { kRow, kColumn };
  enum class Side { kLower, kUpper };

  Kind kind;
  int index;
  Side side;

  bool operator==(const LpBound&) const = default;
};

/// Bounds of rows and columns that contradict each other, all others being taken away; leave any one of them out, and
/// the rest can be met.
struct InfeasibleSubset {
  std::vector<LpBound> bounds;  // rows first, in the order of the model
  bool is_irreducible = true;   // false: a limit or rounding left some that may not be needed
};

/// Finds such a subset of an infeasible model by the deletion filter (Chinneck & Dravnieks 1991, section 3): bounds are
/// taken away one by one, and come back if what remains can be met. It begins with those that the multipliers of the
/// Farkas proof use, and every proof on the way takes away what it does not use. `solution` is infeasible, and
/// `options` limit each of the solves.
InfeasibleSubset FindInfeasibleSubset(const LpModel& model, const LpSolution& solution,
                                      const SimplexOptions& options = {});

/// "row storage <= 20" or "column ordered >= 5": what the bound says, by its names.
std::string DescribeBound(const LpModel& model, const LpBound& bound);

}  // namespace restock
