#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "optimization/lp_solution.h"
#include "optimization/simplex/basis_factorization.h"
#include "optimization/simplex/computational_form.h"
#include "optimization/simplex/rowwise_matrix.h"
#include "optimization/simplex/sparse_vector.h"

namespace restock::simplex {

/// Where a variable stands: basic, or which way it may move from where it is.
enum class Stand : int8_t { kBasic, kAtLower, kAtUpper, kFixed, kFree };

/// By Stand: 1 where a reduced cost should not be negative, -1 where not positive, 0 for free variables and where it
/// may have any sign.
inline constexpr std::array<double, 5> kSignOfStand = {0, 1, -1, 0, 0};

/// One basis of a linear program and all that belongs to it: what the primal and the dual simplex work on together.
/// Costs and bounds are working copies, which perturbation and phase 1 change for a while.
class SimplexState {
 public:
  explicit SimplexState(const ComputationalForm& form);

  const ComputationalForm& form;
  int num_rows() const { return form.num_rows; }
  int num_variables() const { return form.num_variables(); }
  int num_nonbasic_columns() const;

  // all variables  (num_variables)
  Array<double> cost;   // c, maybe perturbed
  Array<double> lower;  // maybe those of phase 1
  Array<double> upper;
  Array<double> value;         // x of nonbasic variables
  Array<double> reduced_cost;  // d = c - A'y, zero for basic variables
  Array<Stand> stand;
  Array<int> basic_place;  // row in which the variable is basic, -1: nonbasic
  Array<char> rests;       // the column is not priced, see partial_pricing.h  (num_columns)

  // the basis  (num_rows)
  Array<int> basic;           // variable
  Array<double> basic_value;  // x_B
  Array<double> basic_lower;
  Array<double> basic_upper;

  BasisFactorization factorization;
  RowwiseMatrix matrix;
  bool is_fresh = false;       // the factors belong to `basic`, without updates
  bool has_factors = false;    // the factors belong to `basic`, maybe with updates
  bool duals_fit = false;      // `reduced_cost` was computed from this basis and `cost`, not updated step by step
  bool some_rest = false;      // some nonbasic columns are not priced, see partial_pricing.h
  int num_awake_at_first = 0;  // when the columns that rest were chosen
  bool costs_differ = false;   // `cost` is not the form's: perturbed, shifted or of another model
  bool bounds_differ = false;  // `lower` and `upper` are not the form's: those of phase 1 or of another scale

  /// All logicals basic.
  void SetSlackBasis();
  /// Any basis; too many or too few basic variables are repaired at the next factorisation.
  void SetBasis(const LpBasis& basis);
  LpBasis GetBasis() const;

  void UseTrueCosts();
  void UseTrueBounds();
  /// After those of one variable have changed in the form.
  void TakeBounds(int variable) {
    lower[variable] = form.lower[variable];
    upper[variable] = form.upper[variable];
  }
  /// Puts a nonbasic variable on the bound that its reduced cost asks for, or leaves it where it is if both will do.
  void PlaceNonbasic(int variable);
  void PlaceAllNonbasic();
  /// Puts all on the bounds where they are said to stand, whatever their reduced costs ask for.
  void KeepAllNonbasic();

  /// Loads the columns that do not rest, after changes of `rests`.
  void LoadMatrix();
  void WakeAllColumns();

  /// Factorises the basis anew, and repairs one that is singular. Reorders `basic`. False when it was
  /// singular.
  bool Refactorize();
  void ComputePrimal();  // x_B from the nonbasic values
  void ComputeDuals();   // y and d from the costs
  /// The largest size of what reduced costs have of the wrong sign.
  double LargestDualInfeasibility() const;
  double LargestPrimalInfeasibility() const;
  /// Every reduced cost has the sign of one of its variable's bounds, at which PlaceAllNonbasic() would put it.
  bool IsDualFeasibleOncePlaced(double tolerance) const;
  /// What a reduced cost has of the wrong sign.
  double DualInfeasibility(int variable) const {
    const double d = reduced_cost[variable];
    if (stand[variable] == Stand::kFree) return std::abs(d);
    return std::max(0.0, -kSignOfStand[static_cast<size_t>(stand[variable])] * d);
  }

  /// result := the column of the variable in [A I].
  void LoadColumn(int variable, SparseVector& result) const;
  void AddColumn(int variable, double multiple, SparseVector& result) const;

  /// Exchanges the basic variable of `row` for `entering`, whose value is `entering_value`; the leaving one stays at
  /// `leaving_stand`. Factors must be updated by the caller.
  void Exchange(int row, int entering, double entering_value, Stand leaving_stand);

 private:
  void SetBasicBounds();
  void PutOnBound(int variable, double wish);

  bool matrix_is_sorted_ = false;  // `matrix` has the nonbasic columns of this basis in front
  SparseVector work_;
};

}  // namespace restock::simplex
