#include "optimization/simplex/triangular_solver.h"

#include <bit>

namespace restock::simplex {
namespace {

constexpr double kDenseStart = 0.1;   // with a right-hand side denser than this no queue is kept
constexpr double kDenseResult = 0.3;  // nor where results like it were denser than this
constexpr double kMemory = 0.95;      // of the average density

constexpr int kGatheringPays = 4;  // with so many times as many nonzeros as there are pivots to gather for

constexpr uint64_t BitOf(int place) { return uint64_t{1} << (place & 63); }

}  // namespace

void TriangularSolver::Solve(const TriangularFactor& factor, bool backwards, double& expected_density,
                             SparseVector& x) {
  const auto density = [&] { return static_cast<double>(x.count) / std::max(1, factor.num_places()); };
  if (expected_density > kDenseResult || density() > kDenseStart) {
    SolveInOrder(factor, backwards, x);
  } else if (backwards) {
    SolveByQueue<true>(factor, x);
  } else {
    SolveByQueue<false>(factor, x);
  }
  expected_density = kMemory * expected_density + (1 - kMemory) * density();
}

template <bool kBackwards>
void TriangularSolver::SolveByQueue(const TriangularFactor& factor, SparseVector& x) {
  uint64_t* const waiting = waiting_.data();
  double* const value = x.value.data();
  int* const nonzero = x.index.data();
  const TriangularFactor::Pivot* const pivots = factor.pivot.data();
  const TriangularFactor::Entry* const entries = factor.entry.data();

  // what is not zero at the start waits
  const int num_words = factor.num_places() / 64 + 1;
  int word = kBackwards ? 0 : num_words - 1;
  for (int k = 0; k < x.count; ++k) {
    const int place = nonzero[k];
    if (value[place] == 0) continue;  // left behind by a row transformation, perhaps beyond this factor
    waiting[place / 64] |= BitOf(place);
    word = kBackwards ? std::max(word, place / 64) : std::min(word, place / 64);
  }

  // one pivot after the other; those that it acts on come later in the order
  int64_t num_entries = 0;
  int count = 0;
  for (; word >= 0 && word < num_words; word += kBackwards ? -1 : 1) {
    while (waiting[word] != 0) {
      const int bit = kBackwards ? 63 - std::countl_zero(waiting[word]) : std::countr_zero(waiting[word]);
      waiting[word] ^= BitOf(bit);
      const int place = 64 * word + bit;
      if (std::abs(value[place]) < kTiny) {
        value[place] = 0;
        continue;
      }
      const TriangularFactor::Pivot pivot = pivots[place];
      const double multiplier = value[place] / pivot.value;
      value[place] = multiplier;
      nonzero[count++] = place;
      num_entries += pivot.end - pivot.begin;
      for (int k = pivot.begin; k < pivot.end; ++k) {
        const TriangularFactor::Entry entry = entries[k];
        value[entry.place] -= multiplier * entry.value;
        waiting[entry.place / 64] |= BitOf(entry.place);
      }
    }
  }
  x.count = count;
  last_work_ = 3 * num_entries + 6 * count + num_words / 2;
}

void TriangularSolver::SolveUnit(const TriangularFactor& factor, const TriangularFactor& transposed, bool backwards,
                                 SparseVector& x) {
  if (kGatheringPays * x.count > transposed.acting.length()) {
    SolveUnitByGathering(transposed, backwards, x);
  } else if (backwards) {
    SolveUnitByQueue<true>(factor, x);
  } else {
    SolveUnitByQueue<false>(factor, x);
  }
}

void TriangularSolver::SolveUnitByGathering(const TriangularFactor& transposed, bool backwards, SparseVector& x) {
  const int last = transposed.acting.length() - 1;
  for (int n = 0; n <= last; ++n) {
    const int place = transposed.acting[backwards ? last - n : n];
    const TriangularFactor::Pivot pivot = transposed.pivot[place];
    double sum = 0;
    for (int k = pivot.begin; k < pivot.end; ++k) {
      sum += transposed.entry[k].value * x.value[transposed.entry[k].place];
    }
    if (std::abs(sum) >= kTiny) x.Add(place, -sum);
  }
}

template <bool kBackwards>
void TriangularSolver::SolveUnitByQueue(const TriangularFactor& factor, SparseVector& x) {
  uint64_t* const waiting = waiting_.data();
  const uint64_t* const acts = factor.acts.data();

  const int num_words = factor.acts.length();
  int word = kBackwards ? 0 : num_words - 1;
  for (int k = 0; k < x.count; ++k) {
    const int place = x.index[k];
    if (place / 64 >= num_words) continue;
    waiting[place / 64] |= BitOf(place) & acts[place / 64];
    word = kBackwards ? std::max(word, place / 64) : std::min(word, place / 64);
  }

  for (; word >= 0 && word < num_words; word += kBackwards ? -1 : 1) {
    while (waiting[word] != 0) {
      const int bit = kBackwards ? 63 - std::countl_zero(waiting[word]) : std::countr_zero(waiting[word]);
      waiting[word] ^= BitOf(bit);
      const int place = 64 * word + bit;
      const double multiplier = x.value[place];
      if (std::abs(multiplier) < kTiny) continue;
      const TriangularFactor::Pivot pivot = factor.pivot[place];
      for (int k = pivot.begin; k < pivot.end; ++k) {
        const TriangularFactor::Entry entry = factor.entry[k];
        x.Add(entry.place, -multiplier * entry.value);
        waiting[entry.place / 64] |= BitOf(entry.place) & acts[entry.place / 64];
      }
    }
  }
}

void TriangularSolver::SolveInOrder(const TriangularFactor& factor, bool backwards, SparseVector& x) {
  double* const value = x.value.data();
  const int last = factor.num_places() - 1;
  int64_t num_entries = 0;
  int count = 0;
  for (int k = 0; k <= last; ++k) {
    const int place = backwards ? last - k : k;
    if (std::abs(value[place]) < kTiny) {
      value[place] = 0;
      continue;
    }
    const TriangularFactor::Pivot pivot = factor.pivot[place];
    const double multiplier = value[place] / pivot.value;
    value[place] = multiplier;
    x.index[count++] = place;
    num_entries += pivot.end - pivot.begin;
    for (int entry = pivot.begin; entry < pivot.end; ++entry) {
      value[factor.entry[entry].place] -= multiplier * factor.entry[entry].value;
    }
  }
  x.count = count;
  last_work_ = num_entries + 2 * factor.num_places();
}

}  // namespace restock::simplex
