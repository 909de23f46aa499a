#pragma once

#include <cstdint>

#include "optimization/simplex/sparse_vector.h"

namespace restock::simplex {

/// The off-diagonal entries of a triangular matrix as one list per pivot. Pivots are named by their row, whatever their
/// order, so a list can belong to a column or (in the transposed copy) to a row.
struct TriangularLists {
  Array<int> begin;  // (num_rows)
  Array<int> end;    // (num_rows)
  Array<int> index;  // other pivots
  Array<double> value;

  void Reset(int num_rows) {
    begin.Assign(num_rows, 0);
    end.Assign(num_rows, 0);
    index.clear();
    value.clear();
  }
};

/// Solves with triangular matrices. When the result is sparse, the places that become nonzero are found first, by a
/// depth-first search from those of the right-hand side, and only they are computed (Gilbert & Peierls 1988;
/// hypersparsity: Hall & McKinnon 2005).
class TriangularSolver {
 public:
  explicit TriangularSolver(int num_rows);

  /// x := T^-1 x. For each pivot r in order: x_r /= pivot_r (null: unit diagonal), then x_i -= T_ri x_r over its list.
  /// `order` holds the pivots with entries, or all of them where there is a diagonal; -1 marks a place no longer in
  /// use. `expected_density`: average of the results of this kind so far; says whether a search may pay.
  void Solve(const TriangularLists& lists, const Array<double>* pivot, const Array<int>& order, bool backwards,
             double& expected_density, SparseVector& x);

  /// Operations done so far, in units of about a nanosecond; decides when to factorise anew.
  int64_t work() const { return work_; }
  void AddWork(int64_t operations) { work_ += operations; }

 private:
  bool FindReach(const TriangularLists& lists, const SparseVector& x);
  void SolveReach(const TriangularLists& lists, const Array<double>* pivot, SparseVector& x);
  void SolveInOrder(const TriangularLists& lists, const Array<double>* pivot, const Array<int>& order, bool backwards,
                    SparseVector& x);

  Array<char> visited_;  // (num_rows)
  Array<int> reach_;     // places that may become nonzero, each after all that it acts on
  Array<int> stack_;
  Array<int> next_entry_;
  int64_t work_ = 0;
};

}  // namespace restock::simplex
