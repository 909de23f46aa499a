#pragma once

#include <cstdint>
#include <optional>

#include "optimization/simplex/dual_edge_norms.h"
#include "optimization/simplex/dual_simplex.h"
#include "optimization/simplex/limits.h"
#include "optimization/simplex/primal_simplex.h"
#include "optimization/simplex/simplex_state.h"

namespace restock::simplex {

/// A solve may need several: each is more careful than the one before.
struct Attempt {
  double tolerance_factor;
  bool trusts_updates;  // goes on with the factors as they are, without perturbation, and gives up when it stalls
};

/// One solve: the order in which primal and dual simplex do their parts.
class SimplexRun {
 public:
  SimplexRun(const SimplexOptions& options, Attempt attempt, SimplexState& state, DualEdgeNorms& norms, Limits& limits);

  LpStatus Run();

  const SparseVector& dual_ray() const { return dual_.ray(); }
  Array<double> primal_ray() const { return primal_->ray(); }

 private:
  void Start();
  void ComputeTrueDuals();
  bool HasColumnsInBasis() const { return state_.num_nonbasic_columns() < state_.form.num_columns; }
  Outcome TryPrimal();
  Outcome RunPrimal(int64_t most_steps);
  bool IsFarFromDualFeasible() const;
  void StartFromSlacks();
  void Perturb(int round);
  Outcome MakeDualFeasible();
  Outcome RunPhaseOne();
  Outcome FindFeasibleWithoutCosts(int round);
  Outcome FinishWithTrueCosts();

  SimplexState& state_;
  bool trusts_updates_;
  double primal_tolerance_;
  double dual_tolerance_;
  bool keeps_start_;  // even where it is far from dual feasible
  bool perturb_;
  DualEdgeNorms& norms_;
  Limits& limits_;
  DualSimplex dual_;
  std::optional<PrimalSimplex> primal_;  // seldom needed
  bool primal_went_astray_ = false;
};

}  // namespace restock::simplex
