#pragma once

#include "optimization/lp_model.h"

namespace restock {

struct ClpResult {
  bool is_optimal = false;
  double objective = 0;
  int iterations = 0;
};

/// Clp's dual simplex without presolve, from the slack basis.
ClpResult SolveByClp(const LpModel& model);

}  // namespace restock
