#pragma once

#include <optional>

#include "optimization/simplex/dual_edge_norms.h"
#include "optimization/simplex/simplex_state.h"

namespace restock::simplex {

/// Chooses the basic variable that leaves: the row whose primal infeasibility, measured in the metric of the dual
/// steepest edge, is largest (Forrest & Goldfarb 1992, section 4; Koberstein 2005, chapter 3).
///
/// Prices are kept by row, their largest by block of rows, so that a choice looks at little more than what changed.
class DualPricing {
 public:
  DualPricing(const SimplexState& state, const DualEdgeNorms& norms, double tolerance);

  std::optional<int> ChooseLeaving();
  /// Looks at all rows again, and forgets which were set aside.
  void Reset();
  /// Looks at one row again, whose basic value or norm changed.
  void Refresh(int row);
  /// Leaves a row out until the next Reset: its pivots were too small.
  void SetAside(int row);
  bool has_set_aside() const { return has_set_aside_; }
  /// How far the basic variable lies outside: below its lower bound negative, above its upper bound positive.
  double Violation(int row) const;

 private:
  void FindBestOfBlock(int block);

  const SimplexState& state_;
  const DualEdgeNorms& norms_;
  double tolerance_;
  Array<double> price_;        // squared violation / norm, 0 within the tolerance  (num_rows)
  Array<double> best_price_;   // (num_blocks)
  Array<char> block_changed_;  // (num_blocks)
  Array<char> set_aside_;      // (num_rows)
  bool has_set_aside_ = false;
};

}  // namespace restock::simplex
