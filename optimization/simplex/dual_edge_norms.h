#pragma once

#include "optimization/simplex/simplex_state.h"

namespace restock::simplex {

/// The weights of dual steepest edge: the squared norm of each row of B^-1, updated exactly from basis to basis
/// (Forrest & Goldfarb 1992, algorithm I; Koberstein 2005, section 3.3). They start at one, which is exact for the
/// basis of all logicals. Where they are not worth their price, or turn out to be wrong most of the time, Devex weights
/// take their place (devex_weights.h).
class DualEdgeNorms {
 public:
  /// `always_devex`: never steepest edge.
  explicit DualEdgeNorms(int num_rows, bool always_devex = false)
      : norm_(num_rows, 1.0), always_devex_(always_devex), is_devex_(always_devex) {}

  double operator[](int row) const { return norm_[row]; }
  bool is_devex() const { return is_devex_; }

  /// For the basis of all logicals; from another one norms are corrected one by one, which takes fewer steps than
  /// Devex.
  void Reset() { Restart(/*is_devex=*/always_devex_); }
  /// Devex from here on; the basis that is there now is the reference framework.
  void BeginDevex() { Restart(/*is_devex=*/true); }
  /// Steepest edge from here on, with the weights that there are: they are corrected one by one.
  void ResumeSteepestEdge() { is_devex_ = always_devex_; }

  /// Puts the true norm in the place of the updated one; false when that was far too small, and the choice of the row
  /// should be made again. Devex weights stay as they are.
  bool Correct(int row, const SparseVector& row_of_inverse);
  /// The updated norms were far too small so often of late that they are worth less than Devex weights.
  bool are_unreliable() const { return !is_devex_ && share_refused_ > kMostRefused; }

  /// The norms after `column`, B^-1 a_q, replaces the one at `row`. The factors are those before.
  void Update(int row, const SparseVector& column, const SparseVector& row_of_inverse,
              BasisFactorization& factorization);

  /// Factorises the basis anew, which reorders the rows: norms are kept by variable meanwhile. False when the basis was
  /// singular and had to be repaired.
  bool Refactorize(SimplexState& state);

 private:
  static constexpr double kMostRefused = 0.5;

  void Restart(bool is_devex) {
    norm_.Assign(norm_.length(), 1.0);
    is_devex_ = is_devex;
    share_refused_ = 0;
  }

  Array<double> norm_;  // (num_rows)
  bool always_devex_;
  bool is_devex_;
  double share_refused_ = 0;   // of the corrections of late
  Array<double> by_variable_;  // (num_variables)
  Array<double> tau_;          // B^-1 times the row of the inverse, where the column is not zero
};

}  // namespace restock::simplex
