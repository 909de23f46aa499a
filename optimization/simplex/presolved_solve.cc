#include "optimization/simplex/doubleton_equations.h"
#include "optimization/simplex/presolve.h"
#include "optimization/simplex/simplex_solver.h"

namespace restock {
namespace {

/// Reduces, solves what is left, and lifts an optimal solution: values, basis, iterations and seconds. Equations that
/// are substituted may leave more to reduce. Of other ends only the status counts.
LpSolution SolveReduced(const LpModel& model, const SimplexOptions& options, int num_stages) {
  LpSolution reduced;
  reduced.status = LpStatus::kInfeasible;
  const simplex::Presolve presolve(model);
  if (presolve.has_no_optimum()) return reduced;
  const simplex::DoubletonEquations doubletons(presolve.reduced());
  if (num_stages > 1 && doubletons.num_substituted() > 0) {
    const LpSolution left = SolveReduced(doubletons.reduced(), options, num_stages - 1);
    if (left.status != LpStatus::kOptimal) return left;
    reduced = doubletons.Lift(left);
    reduced.iterations = left.iterations;
    reduced.seconds = left.seconds;
  } else {
    reduced = SimplexSolver(presolve.reduced(), options).Solve();
    if (reduced.status != LpStatus::kOptimal) return reduced;
  }
  LpSolution whole = presolve.Lift(reduced);
  whole.status = LpStatus::kOptimal;
  whole.iterations = reduced.iterations;
  whole.seconds = reduced.seconds;
  return whole;
}

}  // namespace

LpSolution Solve(const LpModel& model, const SimplexOptions& options) {
  if (!options.presolve) return SimplexSolver(model, options).Solve();

  // what is left first; the whole then starts where that ended, and is as a rule solved there
  constexpr int kNumStages = 3;
  const LpSolution reduced = SolveReduced(model, options, kNumStages);
  SimplexOptions left = options;
  left.time_limit -= reduced.seconds;
  left.iteration_limit -= reduced.iterations;
  SimplexSolver whole(model, left);
  if (reduced.status == LpStatus::kOptimal) whole.SetBasis(reduced.basis);
  LpSolution solution = whole.Solve();
  solution.iterations += reduced.iterations;
  solution.seconds += reduced.seconds;
  return solution;
}

}  // namespace restock
