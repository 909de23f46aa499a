#pragma once

#include <cstdint>
#include <memory>

#include "optimization/lp_model.h"
#include "optimization/lp_solution.h"

namespace restock {

/// How the edges of the dual are measured: exactly, with Devex where that is better (dual_edge_norms.h), or by Devex
/// alone, whose steps are cheaper and more.
enum class EdgeWeights { kSteepestEdge, kDevex };

/// What is basic at first: all logicals, or columns in the place of those of equations (crash_basis.h).
enum class Crash { kSlack, kTriangular };

struct SimplexOptions {
  double primal_tolerance = 1e-7;       // a bound may be violated by so much
  double dual_tolerance = 1e-7;         // a reduced cost may have the wrong sign by so much
  double time_limit = kInfinity;        // wall clock of one Solve()  [s]
  int64_t iteration_limit = INT64_MAX;  // of one Solve()
  bool scale = true;                    // rows and columns by powers of two, where their sizes differ much
  bool perturb_costs = true;            // against stalling on degenerate vertices; removed before the end
  Crash crash = Crash::kSlack;          // the first basis, where none is given
  EdgeWeights edge_weights = EdgeWeights::kSteepestEdge;
  bool presolve = false;  // of Solve(model): what is left after reductions first, then the whole
};

/// Solves a linear program by the revised dual simplex method, with a primal simplex for what is left after the
/// perturbation is removed and for proving unboundedness. Equal input gives equal bits. Never throws on any finite
/// model; crossed bounds are infeasible.
LpSolution Solve(const LpModel& model, const SimplexOptions& options = {});

/// Keeps a model, its basis, the factorised basis and the edge norms between solves: after a change of costs, bounds
/// and right-hand sides a re-solve takes a small part of the time of the first.
///
///   SimplexSolver solver(model);
///   LpSolution today = solver.Solve();
///   solver.SetRowBounds(balance, demand, demand);
///   LpSolution tomorrow = solver.Solve();  // from today's basis
class SimplexSolver {
 public:
  explicit SimplexSolver(LpModel model, const SimplexOptions& options = {});
  ~SimplexSolver();
  SimplexSolver(SimplexSolver&&) noexcept;
  SimplexSolver& operator=(SimplexSolver&&) noexcept;

  const LpModel& model() const;
  void SetCost(int column, double cost);
  void SetColumnBounds(int column, double lower, double upper);
  void SetRowBounds(int row, double lower, double upper);
  /// Starts the next solve from another basis; one that is singular or of the wrong count is repaired.
  void SetBasis(const LpBasis& basis);
  /// Forgets the basis: the next solve starts from the slacks.
  void ClearBasis();

  LpSolution Solve();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace restock
