#pragma once

#include <optional>

#include "optimization/simplex/dual_simplex.h"
#include "optimization/simplex/limits.h"
#include "optimization/simplex/simplex_state.h"

namespace restock::simplex {

/// The revised primal simplex, phase 2, for bounded variables: from a basis within its bounds to an optimal one, or
/// along a ray for ever (Maros 2003, chapter 9; Devex prices: Forrest & Goldfarb 1992, section 3). Finishes what the
/// dual simplex leaves when perturbed costs are taken back, and proves unboundedness.
class PrimalSimplex {
 public:
  PrimalSimplex(SimplexState& state, DualEdgeNorms& norms, Limits& limits, double primal_tolerance,
                double dual_tolerance, int64_t most_steps, bool trusts_updates);

  /// kOptimal, kUnbounded (see ray()), kLimit, kTrouble (after `most_steps`, too); kInfeasible: the basis has left its
  /// bounds by rounding.
  Outcome Run();

  /// After kUnbounded: the direction of all variables.  (num_variables)
  Array<double> ray() const;

 private:
  enum class Step { kDone, kRebuild, kOptimal, kUnbounded, kGivenUp, kLimit };
  struct Leaving {
    int row;      // -1: the entering variable meets its own other bound
    double step;  // >= 0
    bool to_upper;
  };

  void Rebuild(bool factorizes);
  Step Iterate();
  std::optional<int> ChooseEntering() const;
  std::optional<Leaving> RatioTest() const;
  void MoveTo(double step);
  void UpdateDualsAndPrices(int row);

  SimplexState& state_;
  DualEdgeNorms& norms_;
  Limits& limits_;
  double primal_tolerance_;
  double dual_tolerance_;
  int64_t most_steps_;
  bool trusts_updates_;  // as in DualSimplex

  Array<double> price_;  // Devex reference weights  (num_variables)
  int entering_ = -1;
  double direction_ = 1;      // of the entering variable: 1 up, -1 down
  SparseVector column_;       // B^-1 a_q
  SparseVector inverse_row_;  // e_p' B^-1
  SparseVector pivot_row_;    // its product with the nonbasic columns
  PackedVector spike_, partial_row_;
};

}  // namespace restock::simplex
