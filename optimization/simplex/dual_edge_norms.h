#pragma once

#include "optimization/simplex/simplex_state.h"

namespace restock::simplex {

/// The weights of dual steepest edge: the squared norm of each row of B^-1, updated exactly from basis to basis
/// (Forrest & Goldfarb 1992, algorithm I; Koberstein 2005, section 3.3). They start at one, which is exact for the
/// basis of all logicals.
class DualEdgeNorms {
 public:
  explicit DualEdgeNorms(int num_rows) : norm_(num_rows, 1.0) {}

  double operator[](int row) const { return norm_[row]; }
  void Reset() { norm_.Assign(norm_.length(), 1.0); }

  /// Puts the true norm in the place of the updated one; false when that was far too small, and the choice of the row
  /// should be made again.
  bool Correct(int row, const SparseVector& row_of_inverse);

  /// The norms after `column`, B^-1 a_q, replaces the one at `row`. The factors are those before.
  void Update(int row, const SparseVector& column, const SparseVector& row_of_inverse,
              BasisFactorization& factorization);

  /// Factorises the basis anew, which reorders the rows: norms are kept by variable meanwhile. False when the basis was
  /// singular and had to be repaired.
  bool Refactorize(SimplexState& state);

 private:
  Array<double> norm_;         // (num_rows)
  Array<double> by_variable_;  // (num_variables)
  Array<double> tau_;          // B^-1 times the row of the inverse, where the column is not zero
};

}  // namespace restock::simplex
