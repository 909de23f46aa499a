#include "optimization/simplex/triangular_solver.h"

namespace restock::simplex {
namespace {

constexpr double kSparseStart = 0.05;  // a search pays when the right-hand side is sparser than this
constexpr double kSparseReach = 0.10;  // and is given up when the result is denser than this
constexpr double kMemory = 0.95;       // of the average density

}  // namespace

TriangularSolver::TriangularSolver(int num_rows) : visited_(num_rows, 0), stack_(num_rows), next_entry_(num_rows) {
  reach_.reserve(visited_.size());
}

void TriangularSolver::Solve(const TriangularLists& lists, const Array<double>* pivot, const Array<int>& order,
                             bool backwards, double& expected_density, SparseVector& x) {
  const bool may_be_sparse = expected_density <= kSparseReach && x.density() <= kSparseStart;
  if (may_be_sparse && FindReach(lists, x)) {
    SolveReach(lists, pivot, x);
  } else {
    SolveInOrder(lists, pivot, order, backwards, x);
  }
  expected_density = kMemory * expected_density + (1 - kMemory) * x.density();
}

bool TriangularSolver::FindReach(const TriangularLists& lists, const SparseVector& x) {
  const auto limit = static_cast<size_t>(kSparseReach * x.size() + 10);
  reach_.clear();
  int depth = -1;
  const auto visit = [&](int place) {
    visited_[place] = 1;
    ++depth;
    stack_[depth] = place;
    next_entry_[depth] = lists.begin[place];
  };

  int64_t steps = 0;
  for (int k = 0; k < x.count && reach_.size() <= limit; ++k) {
    if (visited_[x.index[k]]) continue;
    visit(x.index[k]);
    while (depth >= 0 && reach_.size() <= limit) {
      const int place = stack_[depth];
      int entry = next_entry_[depth];
      const int end = lists.end[place];
      while (entry < end && visited_[lists.index[entry]]) ++entry;
      steps += entry - next_entry_[depth] + 1;
      next_entry_[depth] = entry + 1;
      if (entry < end) {
        visit(lists.index[entry]);
      } else {
        reach_.push_back(place);
        --depth;
      }
    }
  }
  work_ += 2 * steps;
  for (int place : reach_) visited_[place] = 0;
  for (; depth >= 0; --depth) visited_[stack_[depth]] = 0;
  return reach_.size() <= limit;
}

void TriangularSolver::SolveReach(const TriangularLists& lists, const Array<double>* pivot, SparseVector& x) {
  x.count = 0;
  double* const value = x.value.data();
  for (size_t k = reach_.size(); k-- > 0;) {
    const int place = reach_[static_cast<int>(k)];
    if (std::abs(value[place]) < kTiny) {
      value[place] = 0;
      continue;
    }
    if (pivot) value[place] /= (*pivot)[place];
    const double multiplier = value[place];
    x.index[x.count++] = place;
    for (int entry = lists.begin[place]; entry < lists.end[place]; ++entry) {
      value[lists.index[entry]] -= multiplier * lists.value[entry];
    }
  }
}

void TriangularSolver::SolveInOrder(const TriangularLists& lists, const Array<double>* pivot, const Array<int>& order,
                                    bool backwards, SparseVector& x) {
  double* const value = x.value.data();
  const int last = order.length() - 1;
  work_ += order.length() + x.size();
  for (int k = 0; k <= last; ++k) {
    const int place = order[backwards ? last - k : k];
    if (place < 0) continue;
    if (std::abs(value[place]) < kTiny) {
      value[place] = 0;
      continue;
    }
    if (pivot) value[place] /= (*pivot)[place];
    const double multiplier = value[place];
    for (int entry = lists.begin[place]; entry < lists.end[place]; ++entry) {
      value[lists.index[entry]] -= multiplier * lists.value[entry];
    }
    work_ += lists.end[place] - lists.begin[place];
  }
  x.FindNonzeros();
}

}  // namespace restock::simplex
