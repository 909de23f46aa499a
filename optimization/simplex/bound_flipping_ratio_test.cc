#include "optimization/simplex/bound_flipping_ratio_test.h"

#include <algorithm>
#include <cmath>

namespace restock::simplex {
namespace {

/// The more updates, the less a small pivot is trusted (as in HiGHS).
double PivotTolerance(int num_updates) {
  if (num_updates < 10) return 1e-9;
  return num_updates < 20 ? 3e-8 : 1e-6;
}

}  // namespace

BoundFlippingRatioTest::BoundFlippingRatioTest(const SimplexState& state, double dual_tolerance)
    : state_(state), dual_tolerance_(dual_tolerance) {}

std::optional<BoundFlippingRatioTest::Result> BoundFlippingRatioTest::Choose(const SparseVector& logical_row,
                                                                             const SparseVector& column_row,
                                                                             double violation) {
  // breakpoints: nonbasic variables whose reduced cost falls towards zero
  const double direction = violation < 0 ? -1 : 1;
  pivot_tolerance_ = PivotTolerance(state_.factorization.num_updates());
  num_candidates_ = 0;
  flips_.clear();
  const int most_candidates = logical_row.count + column_row.count + 1;
  if (candidates_.length() < most_candidates) candidates_.Resize(2 * most_candidates);
  Collect(column_row, 0, direction);
  Collect(logical_row, state_.form.num_columns, direction);
  if (num_candidates_ == 0) return std::nullopt;

  // pass breakpoints, group by group, until the slope of the dual objective turns
  DropFarCandidates(std::abs(violation));
  FormGroups(std::abs(violation));
  const int group = ChooseGroup();
  const Candidate entering = candidates_[LargestPivot(group_end_[group], group_end_[group + 1])];
  for (int k = 0; k < group_end_[group]; ++k) flips_.push_back(candidates_[k].variable);

  const double step = std::max(0.0, entering.slack) / entering.alpha;
  const bool is_logical = state_.form.IsLogical(entering.variable);
  const double pivot =
      is_logical ? logical_row.value[entering.variable - state_.form.num_columns] : column_row.value[entering.variable];
  return Result{entering.variable, pivot, direction * step};
}

/// Without branches that depend on the entries, as a processor cannot guess them.
void BoundFlippingRatioTest::Collect(const SparseVector& row, int first_variable, double direction) {
  int count = num_candidates_;
  for (int k = 0; k < row.count; ++k) {
    const int variable = first_variable + row.index[k];
    const double entry = direction * row.value[row.index[k]];
    const Stand stand = state_.stand[variable];
    if (stand == Stand::kFree) {
      if (std::abs(entry) > pivot_tolerance_) candidates_[count++] = {variable, std::abs(entry), 0};
      continue;
    }
    const double sign = kSignOfStand[static_cast<size_t>(stand)];
    candidates_[count] = {variable, sign * entry, sign * state_.reduced_cost[variable]};
    // what overflowed is no candidate
    const bool is_finite = (candidates_[count].slack < kInfinity) & (candidates_[count].alpha < kInfinity);
    count += (sign * entry > pivot_tolerance_) & is_finite ? 1 : 0;
  }
  num_candidates_ = count;
}

/// Keeps the breakpoints up to a step that is sure to use the slope up: steps ten times as long, until it is.
void BoundFlippingRatioTest::DropFarCandidates(double slope) {
  double step = 10 * dual_tolerance_;
  int kept = 0;
  while (true) {
    for (int k = kept; k < num_candidates_; ++k) {
      const Candidate& candidate = candidates_[k];
      if (candidate.slack > step * candidate.alpha) continue;
      slope -= Range(candidate.variable) * candidate.alpha;
      std::swap(candidates_[kept++], candidates_[k]);
    }
    if (slope < 0 || kept == num_candidates_) break;
    double nearest = kInfinity;
    for (int k = kept; k < num_candidates_; ++k) {
      nearest = std::min(nearest, candidates_[k].slack / candidates_[k].alpha);
    }
    step = std::max(10 * step, nearest);
  }
  num_candidates_ = kept;
}

/// Sorts the candidates into groups: each ends at the longest step that makes no reduced cost worse than the tolerance
/// (Harris bound).
void BoundFlippingRatioTest::FormGroups(double slope) {
  const auto harris_ratio = [&](const Candidate& candidate) {
    return (candidate.slack + dual_tolerance_) / candidate.alpha;
  };
  double step = kInfinity;
  for (int k = 0; k < num_candidates_; ++k) step = std::min(step, harris_ratio(candidates_[k]));

  group_end_.assign(1, 0);
  int processed = 0;
  while (processed < num_candidates_) {
    double next_step = kInfinity;
    for (int k = processed; k < num_candidates_; ++k) {
      const Candidate& candidate = candidates_[k];
      if (candidate.slack <= step * candidate.alpha) {
        slope -= Range(candidate.variable) * candidate.alpha;
        std::swap(candidates_[processed++], candidates_[k]);
      } else {
        next_step = std::min(next_step, harris_ratio(candidate));
      }
    }
    // beside a slack as large as rounding makes it the tolerance is nothing: a step twice as long reaches it
    const bool is_empty = processed == group_end_.back();
    step = is_empty ? 2 * next_step : next_step;
    if (is_empty) continue;
    group_end_.push_back(processed);
    if (slope < 0) break;
  }
}

/// The last group with a pivot that is not small beside the largest; going back to an earlier one shortens the step.
int BoundFlippingRatioTest::ChooseGroup() const {
  const double largest = candidates_[LargestPivot(0, group_end_.back())].alpha;
  for (int group = group_end_.length() - 2; group > 0; --group) {
    const double alpha = candidates_[LargestPivot(group_end_[group], group_end_[group + 1])].alpha;
    if (alpha > std::min(0.1 * largest, 1.0)) return group;
  }
  return 0;
}

int BoundFlippingRatioTest::LargestPivot(int begin, int end) const {
  int best = begin;
  for (int k = begin + 1; k < end; ++k) {
    const Candidate& candidate = candidates_[k];
    if (candidate.alpha > candidates_[best].alpha ||
        (candidate.alpha == candidates_[best].alpha && candidate.variable < candidates_[best].variable)) {
      best = k;
    }
  }
  return best;
}

}  // namespace restock::simplex
