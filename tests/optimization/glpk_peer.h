#pragma once

#include "optimization/lp_model.h"
#include "optimization/lp_solution.h"

namespace restock {

struct PeerResult {
  LpStatus status = LpStatus::kNumericalTrouble;
  double objective = 0;
};

/// Solves by GLPK in exact rational arithmetic.
PeerResult SolveByGlpk(const LpModel& model);

}  // namespace restock
