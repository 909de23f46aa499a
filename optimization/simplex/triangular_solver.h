#pragma once

#include <cstdint>

#include "optimization/simplex/sparse_vector.h"

namespace restock::simplex {

/// A triangular matrix: its diagonal, and its other entries as one list per pivot. Pivots are named by their place in
/// the order of elimination, so that solves walk through memory in one direction. A list can belong to a column or (in
/// the transposed copy) to a row.
struct TriangularFactor {
  struct Pivot {
    double value;  // of the diagonal
    int begin;     // of the list
    int end;
  };
  struct [[gnu::packed]] Entry {
    double value;
    int place;  // of the other pivot
  };

  Array<Pivot> pivot;  // (num_places)
  Array<Entry> entry;
  // of unit factors: the places whose list is not empty, in order, and the same as a bit for each place
  Array<int> acting;
  Array<uint64_t> acts;

  int num_places() const { return pivot.length(); }
};

/// Solves with triangular matrices. Where the result is sparse only its nonzeros are touched (hypersparsity: Hall &
/// McKinnon 2005): the places that are not zero wait in a queue, one bit each, from which they are taken in the order
/// of elimination. The bits do at once what a depth-first search for the places would do beforehand (Gilbert & Peierls
/// 1988), and cost a 64th of a pass over all places.
class TriangularSolver {
 public:
  /// `most_places`: of the factors that will come.
  explicit TriangularSolver(int most_places) : waiting_(most_places / 64 + 1, 0) {}

  /// x := T^-1 x. For each pivot p in order, or backwards: x_p /= T_pp, then x_i -= T_ip x_p over its list.
  /// `expected_density`: average of the results of this kind so far; says whether a queue may pay.
  void Solve(const TriangularFactor& factor, bool backwards, double& expected_density, SparseVector& x);

  /// The same with ones on the diagonal, where only pivots with a list count; in L they are few. Where x has many
  /// nonzeros, the transposed copy gathers for each pivot what the others subtract from it. Entries that have become
  /// tiny stay in the list of nonzeros.
  void SolveUnit(const TriangularFactor& factor, const TriangularFactor& transposed, bool backwards, SparseVector& x);

  /// Operations of the last solve, in units of about a nanosecond; decides when to factorise anew.
  int64_t last_work() const { return last_work_; }

 private:
  template <bool kBackwards>
  void SolveByQueue(const TriangularFactor& factor, SparseVector& x);
  template <bool kBackwards>
  void SolveUnitByQueue(const TriangularFactor& factor, SparseVector& x);
  void SolveUnitByGathering(const TriangularFactor& transposed, bool backwards, SparseVector& x);
  void SolveInOrder(const TriangularFactor& factor, bool backwards, SparseVector& x);

  Array<uint64_t> waiting_;  // a bit for each place; all zero between solves
  int64_t last_work_ = 0;
};

}  // namespace restock::simplex
