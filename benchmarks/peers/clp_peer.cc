#include <coin/ClpSimplex.hpp>

#include "benchmarks/peers/lp_peers.h"

namespace restock {

PeerSolve SolveByClp(const LpModel& model, double time_limit) {
  ClpSimplex clp;
  clp.setLogLevel(0);
  clp.loadProblem(model.num_columns(), model.num_rows(), model.start.data(), model.index.data(), model.value.data(),
                  model.lower.data(), model.upper.data(), model.cost.data(), model.row_lower.data(),
                  model.row_upper.data());
  clp.setOptimizationDirection(model.sense == LpSense::kMaximize ? -1 : 1);
  clp.setDblParam(ClpObjOffset, -model.objective_offset);
  clp.setMaximumSeconds(time_limit);
  const double start = ProgramCpuSeconds();
  clp.dual();
  return {clp.status() == 0, clp.objectiveValue(), clp.numberIterations(), ProgramCpuSeconds() - start};
}

}  // namespace restock
