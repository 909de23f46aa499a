#pragma once

#include <optional>

#include "optimization/simplex/dual_edge_norms.h"
#include "optimization/simplex/simplex_state.h"

namespace restock::simplex {

/// Chooses the basic variable that leaves: the row whose primal infeasibility, measured in the metric of the dual
/// steepest edge, is largest (Forrest & Goldfarb 1992, section 4; Koberstein 2005, chapter 3).
class DualPricing {
 public:
  DualPricing(const SimplexState& state, double tolerance);

  std::optional<int> ChooseLeaving(const DualEdgeNorms& norms) const;
  /// Looks at all rows again, and forgets which were set aside.
  void Reset();
  /// Looks at one row again, whose basic value changed.
  void Refresh(int row);
  /// Leaves a row out until the next Reset: its pivots were too small.
  void SetAside(int row);
  bool has_set_aside() const { return has_set_aside_; }
  /// How far the basic variable lies outside: below its lower bound negative, above its upper bound positive.
  double Violation(int row) const;

 private:
  const SimplexState& state_;
  double tolerance_;
  Array<double> infeasibility_;  // squared violation, 0 within the tolerance  (num_rows)
  Array<char> set_aside_;        // (num_rows)
  bool has_set_aside_ = false;
};

}  // namespace restock::simplex
