#include <algorithm>
#include <cmath>

#include "optimization/simplex/parallel_vectors.h"
#include "optimization/simplex/presolve.h"

namespace restock::simplex {
namespace {

constexpr double kSameCost = 1e-12;  // relative

}  // namespace

// Columns that are multiples of each other, second = m * first. At the same price they are one column, first + m *
// second. At another price one of them stands at a bound, if the other can go on without end in its place (Andersen &
// Andersen 1995, section 3.5).

void Presolve::MergeDuplicateColumns() {
  const auto pairs = FindParallel({model_.start, model_.index, model_.value, column_lives_, row_lives_});
  for (const ParallelPair& pair : pairs) {
    if (!column_lives_[static_cast<size_t>(pair.first)]) continue;
    const double cost = cost_[static_cast<size_t>(pair.second)];
    const double excess = cost - pair.multiple * cost_[static_cast<size_t>(pair.first)];
    if (std::abs(excess) <= kSameCost * std::max(1.0, std::abs(cost))) {
      MergeColumns(pair.first, pair.second, pair.multiple);
    } else {
      FixDearerColumn(pair.first, pair.second, pair.multiple, excess);
    }
  }
}

void Presolve::MergeColumns(int first, int second, double multiple) {
  const auto j = static_cast<size_t>(first), k = static_cast<size_t>(second);
  steps_.push_back({.rule = Rule::kMergeColumns,
                    .column = first,
                    .other = second,
                    .lower = lower_[j],
                    .upper = upper_[j],
                    .entry = multiple,
                    .other_lower = lower_[k],
                    .other_upper = upper_[k]});
  lower_[j] += multiple * (multiple > 0 ? lower_ : upper_)[k];
  upper_[j] += multiple * (multiple > 0 ? upper_ : lower_)[k];
  RemoveColumn(second);
}

/// `excess`: what the second costs more than its multiple of the first.
void Presolve::FixDearerColumn(int first, int second, double multiple, double excess) {
  const auto j = static_cast<size_t>(first), k = static_cast<size_t>(second);
  // it pays to take less of the second and more of m times the first, or the reverse: until one meets its bound
  const bool second_falls = excess > 0;
  const bool first_rises = second_falls == (multiple > 0);
  const double first_end = first_rises ? upper_[j] : lower_[j];
  const double second_end = second_falls ? lower_[k] : upper_[k];
  if (std::isfinite(first_end) == std::isfinite(second_end)) return;
  FixColumn(std::isfinite(first_end) ? first : second, std::isfinite(first_end) ? first_end : second_end);
}

// Of the two at most one is between its bounds.
void Presolve::RestoreMergedColumn(const Step& step, Restored& whole) const {
  using enum BasisStatus;
  const auto j = static_cast<size_t>(step.column), k = static_cast<size_t>(step.other);
  const double lower = step.other_lower, upper = step.other_upper;  // of the second
  const bool same_way = step.entry > 0;
  whole.is_there[k] = true;
  const auto put = [&](size_t column, double low, double high, bool at_upper) {
    if (!std::isfinite(at_upper ? high : low)) at_upper = !at_upper;
    const double bound = at_upper ? high : low;
    whole.basis.column[column] = !std::isfinite(bound) ? kFree : at_upper ? kAtUpper : kAtLower;
    whole.value[column] = std::isfinite(bound) ? bound : 0;
  };

  if (whole.basis.column[j] != kBasic) {
    const bool at_upper = whole.basis.column[j] == kAtUpper;
    put(j, step.lower, step.upper, at_upper);
    put(k, lower, upper, at_upper == same_way);
    return;
  }

  // the second at a bound that leaves the first within its own; else the first at a bound
  const double sum = whole.value[j];
  for (const bool at_upper : {false, true}) {
    put(k, lower, upper, at_upper);
    const double rest = sum - step.entry * whole.value[k];
    if (rest < step.lower || rest > step.upper) continue;
    whole.value[j] = rest;
    return;
  }
  for (const bool at_upper : {false, true}) {
    put(j, step.lower, step.upper, at_upper);
    whole.value[k] = (sum - whole.value[j]) / step.entry;
    if (whole.value[k] >= lower && whole.value[k] <= upper) break;
  }
  whole.basis.column[k] = kBasic;
}

}  // namespace restock::simplex
