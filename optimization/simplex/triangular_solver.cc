#include "optimization/simplex/triangular_solver.h"

#include <bit>

namespace restock::simplex {
namespace {

constexpr double kDenseStart = 0.2;   // with a right-hand side denser than this no queue is kept
constexpr double kDenseResult = 0.3;  // nor where results like it were denser than this
constexpr double kMemory = 0.95;      // of the average density

constexpr uint64_t BitOf(int place) { return uint64_t{1} << (place & 63); }

}  // namespace

TriangularSolver::TriangularSolver(int num_rows, int most_places) : waiting_((most_places + num_rows) / 64 + 1, 0) {}

void TriangularSolver::Solve(const TriangularLists& lists, const Array<double>* pivot, const PivotOrder& order,
                             bool backwards, double& expected_density, SparseVector& x) {
  if (expected_density <= kDenseResult && x.density() <= kDenseStart) {
    SolveByQueue(lists, pivot, order, backwards, x);
  } else {
    SolveInOrder(lists, pivot, order, backwards, x);
  }
  expected_density = kMemory * expected_density + (1 - kMemory) * x.density();
}

void TriangularSolver::SolveByQueue(const TriangularLists& lists, const Array<double>* pivot, const PivotOrder& order,
                                    bool backwards, SparseVector& x) {
  uint64_t* const waiting = waiting_.data();
  double* const value = x.value.data();
  const int* const place_of = order.place_of.data();

  // what is not zero at the start waits
  int word = backwards ? 0 : order.pivot_at.length() / 64;
  for (int k = 0; k < x.count; ++k) {
    const int place = place_of[x.index[k]];
    waiting[place / 64] |= BitOf(place);
    word = backwards ? std::max(word, place / 64) : std::min(word, place / 64);
  }

  // one pivot after the other; those that it acts on come later in the order
  const int end = backwards ? -1 : order.pivot_at.length() / 64 + 1;
  int64_t num_entries = 0;
  int count = 0;
  for (; word != end; word += backwards ? -1 : 1) {
    while (waiting[word] != 0) {
      const int bit = backwards ? 63 - std::countl_zero(waiting[word]) : std::countr_zero(waiting[word]);
      waiting[word] ^= BitOf(bit);
      const int row = order.pivot_at[64 * word + bit];
      if (std::abs(value[row]) < kTiny) {
        value[row] = 0;
        continue;
      }
      if (pivot) value[row] /= (*pivot)[row];
      const double multiplier = value[row];
      x.index[count++] = row;
      const int last = lists.end[row];
      num_entries += last - lists.begin[row];
      for (int entry = lists.begin[row]; entry < last; ++entry) {
        const int other = lists.index[entry];
        value[other] -= multiplier * lists.value[entry];
        waiting[place_of[other] / 64] |= BitOf(place_of[other]);
      }
    }
  }
  x.count = count;
  last_work_ = 3 * num_entries + 6 * count + order.pivot_at.length() / 128;
}

void TriangularSolver::SolveInOrder(const TriangularLists& lists, const Array<double>* pivot, const PivotOrder& order,
                                    bool backwards, SparseVector& x) {
  double* const value = x.value.data();
  const int last = order.pivot_at.length() - 1;
  int64_t num_entries = 0;
  int count = 0;
  for (int k = 0; k <= last; ++k) {
    const int row = order.pivot_at[backwards ? last - k : k];
    if (row < 0) continue;
    if (std::abs(value[row]) < kTiny) {
      value[row] = 0;
      continue;
    }
    if (pivot) value[row] /= (*pivot)[row];
    const double multiplier = value[row];
    x.index[count++] = row;
    const int end = lists.end[row];
    num_entries += end - lists.begin[row];
    for (int entry = lists.begin[row]; entry < end; ++entry) {
      value[lists.index[entry]] -= multiplier * lists.value[entry];
    }
  }
  x.count = count;
  last_work_ = num_entries + 2 * order.pivot_at.length();
}

}  // namespace restock::simplex
