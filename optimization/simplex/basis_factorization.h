#pragma once

#include <array>
#include <vector>

#include "optimization/simplex/computational_form.h"
#include "optimization/simplex/markowitz_elimination.h"
#include "optimization/simplex/sparse_vector.h"
#include "optimization/simplex/triangular_solver.h"

namespace restock::simplex {

/// What a right-hand side is: those of a kind have solutions of like density.
enum class SolveKind { kRow, kColumn, kTau, kFlips, kAll };
inline constexpr int kNumSolveKinds = 5;

/// B = L R U: a sparse LU factorisation of the basis with the row transformations R of Forrest-Tomlin updates between
/// them (Forrest & Tomlin 1972; the row transformation taken from the BTRAN of the iteration as in Huangfu & Hall
/// 2015). The basic variable in place r is the one that is pivoted in row r, so vectors on both sides are indexed by
/// rows.
class BasisFactorization {
 public:
  explicit BasisFactorization(int num_rows);

  /// A column that depended on the others gave its place to the logical of `row`.
  struct Repair {
    int row;
    int removed_variable;
  };

  /// Factorises the columns of `basic` and reorders it by pivot row. Places of a singular basis are filled with
  /// logicals.
  std::vector<Repair> Factorize(const ComputationalForm& form, Array<int>& basic);

  /// x := B^-1 x. `spike`: what Update needs, x before the solve with U.
  void Ftran(SparseVector& x, SolveKind kind, PackedVector* spike = nullptr);
  /// The entries of B^-1 x at some rows only, which spares listing the others. `result`: in the order of `rows.index`.
  void FtranAt(const SparseVector& x, SolveKind kind, const SparseVector& rows, Array<double>& result);
  /// x := B^-T x. `partial`: what Update needs of the unit vector of the leaving row, x after the solve with U.
  void Btran(SparseVector& x, SolveKind kind, PackedVector* partial = nullptr);

  /// Replaces the column at `row` by the entering one, of which `spike` comes from Ftran; `partial_row` comes from
  /// Btran of the unit vector of `row`; `pivot` is entry `row` of B^-1 times the entering column.
  void Update(int row, const PackedVector& spike, const PackedVector& partial_row, double pivot);

  int num_updates() const { return num_updates_; }
  /// True once the solves since the last factorisation have cost as much more than with fresh factors as a new
  /// factorisation would: as the excess grows with every update, the average cost of an iteration is then least.
  bool ShouldRefactorize() const;

 private:
  void CountExcessOfUpper();
  void OrderPlaces();
  void LoadLower();
  void LoadUpper();
  void FtranByPlaces(SolveKind kind, PackedVector* spike);
  void ApplyRowTransformations();
  void ApplyRowTransformationsBackwards();
  void RemoveRow(int place);
  void RemoveColumn(int place);
  void AppendColumn(int old_place, int place, const PackedVector& spike);
  void AppendToRow(int row_place, TriangularFactor::Entry entry);

  int num_rows_;
  MarkowitzElimination elimination_;
  TriangularSolver solver_;

  // the factors name pivots by their place in the order of elimination; an update moves one to a new place at the end
  Array<int> first_place_;  // of a row, before updates  (num_rows)
  Array<int> place_;        // of a row now  (num_rows)
  Array<int> row_at_;       // of a place, also of those that updates have left  (num_rows + num_updates)
  SparseVector work_;       // by place

  TriangularFactor lower_columns_, lower_rows_;
  TriangularFactor upper_columns_, upper_rows_;
  Array<int> upper_room_;  // end of the room of a row's list, by place

  // row transformation k moves a pivot from old_place_[k] to place num_rows + k, and subtracts its entries
  Array<int> old_place_, transformation_begin_;
  Array<TriangularFactor::Entry> transformation_entry_;

  std::array<double, kNumSolveKinds> density_{};  // average of what the solves with U gave so far, by kind

  int num_updates_ = 0;
  int num_fresh_entries_ = 0;  // of U
  int num_upper_entries_ = 0;
  double work_to_factorize_ = 0;
  double excess_work_ = 0;  // of the solves since: row transformations, and what U has grown by
};

}  // namespace restock::simplex
