#pragma once

#include <optional>

#include "optimization/simplex/bound_flipping_ratio_test.h"
#include "optimization/simplex/dual_edge_norms.h"
#include "optimization/simplex/dual_pricing.h"
#include "optimization/simplex/limits.h"
#include "optimization/simplex/simplex_state.h"

namespace restock::simplex {

/// How a run of the primal or the dual simplex ends.
enum class Outcome { kOptimal, kInfeasible, kUnbounded, kLimit, kTrouble };

/// The revised dual simplex for bounded variables: from a basis whose reduced costs have the right signs to one whose
/// variables are within their bounds, too (Koberstein 2005, algorithm 4). Reduced costs that turn out to be wrong by
/// rounding are mended by shifting costs; whoever calls takes that back at the end.
class DualSimplex {
 public:
  /// `trusts_updates`: the end of a run counts when all values were computed anew from updated factors, and not only
  /// when they come from a new factorisation; many steps without gain in a row end it as trouble. Whoever calls proves
  /// the answer on the model, or runs again with new factors and perturbed costs.
  DualSimplex(SimplexState& state, DualEdgeNorms& norms, Limits& limits, double primal_tolerance, double dual_tolerance,
              bool trusts_updates);

  /// kOptimal, kInfeasible (see ray()), kLimit or kTrouble.
  Outcome Run();

  /// After kInfeasible: the row of B^-1 that proves it, as multipliers of the form's rows.
  const SparseVector& ray() const { return inverse_row_; }

 private:
  enum class Step { kDone, kTryAgain, kRefactorize, kRebuild, kOptimal, kInfeasible, kLimit, kStalled };

  void Rebuild(bool factorizes, bool keeps_duals);
  void CorrectDuals();
  Step Iterate();
  void BeginDevex();
  Step GiveUpRow(int row);
  void Flip(const std::vector<int>& variables);
  void UpdateDuals(const BoundFlippingRatioTest::Result& entering, int row);
  void UpdatePrimal(const BoundFlippingRatioTest::Result& entering, int row, double violation);

  SimplexState& state_;
  DualEdgeNorms& norms_;
  Limits& limits_;
  double dual_tolerance_;
  bool trusts_updates_;
  DualPricing pricing_;
  BoundFlippingRatioTest ratio_test_;

  SparseVector inverse_row_;          // e_p' B^-1  (num_rows)
  SparseVector pivot_row_;            // its product with the nonbasic columns  (num_columns)
  SparseVector column_;               // B^-1 a_q  (num_rows)
  SparseVector flipped_;              // B^-1 times what flips change  (num_rows)
  PackedVector partial_row_, spike_;  // for the update of the factors
  int num_rebuilds_without_step_ = 0;
  int num_steps_without_gain_ = 0;
};

}  // namespace restock::simplex
