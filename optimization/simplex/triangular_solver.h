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

/// The order in which pivots are eliminated, from both sides. Updates move pivots to the end and leave -1 behind.
struct PivotOrder {
  Array<int> pivot_at;  // of a place in the order, -1: no longer in use
  Array<int> place_of;  // of a pivot  (num_rows)
};

/// Solves with triangular matrices. Where the result is sparse only its nonzeros are touched (hypersparsity: Hall &
/// McKinnon 2005): the places that are not zero wait in a queue, one bit each, from which they are taken in the order
/// of elimination. The bits do at once what a depth-first search for the places would do beforehand (Gilbert & Peierls
/// 1988), and cost a 64th of a pass over all places.
class TriangularSolver {
 public:
  /// `most_places`: the longest order that will come.
  TriangularSolver(int num_rows, int most_places);

  /// x := T^-1 x. For each pivot r in order: x_r /= pivot_r (null: unit diagonal), then x_i -= T_ri x_r over its list.
  /// `expected_density`: average of the results of this kind so far; says whether a queue may pay.
  void Solve(const TriangularLists& lists, const Array<double>* pivot, const PivotOrder& order, bool backwards,
             double& expected_density, SparseVector& x);

  /// Operations of the last solve, in units of about a nanosecond; decides when to factorise anew.
  int64_t last_work() const { return last_work_; }

 private:
  void SolveByQueue(const TriangularLists& lists, const Array<double>* pivot, const PivotOrder& order, bool backwards,
                    SparseVector& x);
  void SolveInOrder(const TriangularLists& lists, const Array<double>* pivot, const PivotOrder& order, bool backwards,
                    SparseVector& x);

  Array<uint64_t> waiting_;  // a bit for each place in the order; all zero between solves
  int64_t last_work_ = 0;
};

}  // namespace restock::simplex
