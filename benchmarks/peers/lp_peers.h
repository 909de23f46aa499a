#pragma once

#include <cstdint>

#include "common/cpu_time.h"
#include "optimization/lp_model.h"

namespace restock {

struct PeerSolve {
  bool is_optimal = false;
  double objective = 0;
  int64_t iterations = 0;
  double cpu_seconds = 0;  // of the solve alone, without loading the model
};

/// Clp's dual simplex from the slack basis, with its defaults and without presolve.
PeerSolve SolveByClp(const LpModel& model, double time_limit);

/// GLPK's dual simplex from its advanced basis, scaled, without presolve.
PeerSolve SolveByGlpk(const LpModel& model, double time_limit);

}  // namespace restock
