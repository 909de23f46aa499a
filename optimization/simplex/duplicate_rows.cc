#include <algorithm>

#include "optimization/simplex/parallel_vectors.h"
#include "optimization/simplex/presolve.h"

namespace restock::simplex {

// Rows that are multiples of each other: one with the narrower of their bounds stays (Andersen & Andersen 1995, 3.5).

void Presolve::MergeDuplicateRows() {
  const auto pairs = FindParallel({row_start_, row_column_, row_value_, row_lives_, column_lives_});
  for (const ParallelPair& pair : pairs) {
    const auto first = static_cast<size_t>(pair.first), second = static_cast<size_t>(pair.second);
    const bool same_way = pair.multiple > 0;
    const double lower = (same_way ? row_lower_ : row_upper_)[second] / pair.multiple;
    const double upper = (same_way ? row_upper_ : row_lower_)[second] / pair.multiple;
    steps_.push_back({.rule = Rule::kMergeRows,
                      .row = pair.first,
                      .other = pair.second,
                      .row_lower = row_lower_[first],
                      .row_upper = row_upper_[first],
                      .entry = pair.multiple,
                      .other_lower = lower,
                      .other_upper = upper});
    row_lower_[first] = std::max(row_lower_[first], lower);
    row_upper_[first] = std::min(row_upper_[first], upper);
    RemoveRow(pair.second);
  }
}

// The row that stands at a bound which the other one brought gives that row its place.
void Presolve::RestoreMergedRow(const Step& step, Restored& whole) const {
  BasisStatus& first = whole.basis.row[static_cast<size_t>(step.row)];
  BasisStatus& second = whole.basis.row[static_cast<size_t>(step.other)];
  second = BasisStatus::kBasic;
  const bool same_way = step.entry > 0;
  const bool has_own_lower = step.row_lower >= step.other_lower, has_own_upper = step.row_upper <= step.other_upper;
  if ((first == BasisStatus::kAtLower && !has_own_lower) || (first == BasisStatus::kAtUpper && !has_own_upper)) {
    second = (first == BasisStatus::kAtLower) == same_way ? BasisStatus::kAtLower : BasisStatus::kAtUpper;
    first = BasisStatus::kBasic;
  }
}

}  // namespace restock::simplex
