#pragma once

#include <optional>

#include "optimization/simplex/dual_edge_norms.h"
#include "optimization/simplex/simplex_state.h"

namespace restock::simplex {

/// Chooses the basic variable that leaves: the row whose primal infeasibility, measured in the metric of the dual
/// steepest edge, is largest (Forrest & Goldfarb 1992, section 4; Koberstein 2005, chapter 3).
///
/// The logical of a wide row waits: its price is divided by how much wider than the average its row is. Once it has
/// left, the row stands in most rows of B^-1 and every step is dear, so what narrow rows ask for is better done before.
/// Replenishment programs are then solved item by item first, and for the capacities that all items share at the end:
/// about as many steps, most of them several times cheaper. (This is ours, not Forrest & Goldfarb's.)
///
/// Prices are kept by row, their largest by block of rows, so that a choice looks at little more than what changed.
class DualPricing {
 public:
  /// `favours_short_rows`: in re-solves rows of B^-1 with a large norm, which as a rule are long and make a step dear,
  /// wait a little, too. (Devex weights say nothing of that.)
  DualPricing(const SimplexState& state, const DualEdgeNorms& norms, double tolerance, bool favours_short_rows);

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
  double Patience(int row) const;

  const SimplexState& state_;
  const DualEdgeNorms& norms_;
  double tolerance_;
  bool favours_short_rows_;
  double average_width_;       // entries per row
  Array<double> price_;        // squared violation / (norm * patience), 0 within the tolerance  (num_rows)
  Array<double> best_price_;   // (num_blocks)
  Array<char> block_changed_;  // (num_blocks)
  Array<char> set_aside_;      // (num_rows)
  bool has_set_aside_ = false;
};

}  // namespace restock::simplex
