#include "benchmarks/peers/clp_peer.h"

#include <coin/ClpSimplex.hpp>

namespace restock {

ClpResult SolveByClp(const LpModel& model) {
  ClpSimplex clp;
  clp.setLogLevel(0);
  clp.loadProblem(model.num_columns(), model.num_rows(), model.start.data(), model.index.data(), model.value.data(),
                  model.lower.data(), model.upper.data(), model.cost.data(), model.row_lower.data(),
                  model.row_upper.data());
  clp.setOptimizationDirection(model.sense == LpSense::kMaximize ? -1 : 1);
  clp.setDblParam(ClpObjOffset, -model.objective_offset);
  clp.dual();
  return {clp.status() == 0, clp.objectiveValue(), clp.numberIterations()};
}

}  // namespace restock
