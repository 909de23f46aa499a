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
  candidates_.clear();
  flips_.clear();
  Collect(column_row, 0, direction);
  Collect(logical_row, state_.form.num_columns, direction);
  if (candidates_.empty()) return std::nullopt;

  // pass breakpoints, group by group, until the slope of the dual objective turns
  DropFarCandidates(std::abs(violation));
  FormGroups(std::abs(violation));
  const size_t group = ChooseGroup();
  const Candidate entering = candidates_[LargestPivot(group_end_[group], group_end_[group + 1])];
  for (size_t k = 0; k < group_end_[group]; ++k) flips_.push_back(candidates_[k].variable);

  const double step = std::max(0.0, entering.slack) / entering.alpha;
  const bool is_logical = state_.form.IsLogical(entering.variable);
  const double pivot =
      is_logical ? logical_row.value[entering.variable - state_.form.num_columns] : column_row.value[entering.variable];
  return Result{entering.variable, pivot, direction * step};
}

void BoundFlippingRatioTest::Collect(const SparseVector& row, int first_variable, double direction) {
  for (int k = 0; k < row.count; ++k) {
    const int variable = first_variable + row.index[k];
    const double alpha = direction * row.value[row.index[k]];
    const double d = state_.reduced_cost[variable];
    switch (state_.stand[variable]) {
      case Stand::kBasic:
      case Stand::kFixed:
        break;
      case Stand::kAtLower:
        if (alpha > pivot_tolerance_) candidates_.push_back({variable, alpha, d});
        break;
      case Stand::kAtUpper:
        if (-alpha > pivot_tolerance_) candidates_.push_back({variable, -alpha, -d});
        break;
      case Stand::kFree:
        if (std::abs(alpha) > pivot_tolerance_) candidates_.push_back({variable, std::abs(alpha), 0});
        break;
    }
  }
}

/// Keeps the breakpoints up to a step that is sure to use the slope up: steps ten times as long, until it is.
void BoundFlippingRatioTest::DropFarCandidates(double slope) {
  double step = 10 * dual_tolerance_;
  auto kept = candidates_.begin();
  while (true) {
    for (auto candidate = kept; candidate != candidates_.end(); ++candidate) {
      if (candidate->slack > step * candidate->alpha) continue;
      slope -= Range(candidate->variable) * candidate->alpha;
      std::iter_swap(kept++, candidate);
    }
    if (slope < 0 || kept == candidates_.end()) break;
    double nearest = kInfinity;
    for (auto candidate = kept; candidate != candidates_.end(); ++candidate) {
      nearest = std::min(nearest, candidate->slack / candidate->alpha);
    }
    step = std::max(10 * step, nearest);
  }
  candidates_.erase(kept, candidates_.end());
}

/// Sorts the candidates into groups: each ends at the longest step that makes no reduced cost worse than the tolerance
/// (Harris bound).
void BoundFlippingRatioTest::FormGroups(double slope) {
  const auto harris_ratio = [&](const Candidate& candidate) {
    return (candidate.slack + dual_tolerance_) / candidate.alpha;
  };
  double step = kInfinity;
  for (const Candidate& candidate : candidates_) step = std::min(step, harris_ratio(candidate));

  group_end_.assign(1, 0);
  size_t processed = 0;
  while (processed < candidates_.size()) {
    double next_step = kInfinity;
    for (size_t k = processed; k < candidates_.size(); ++k) {
      const Candidate& candidate = candidates_[k];
      if (candidate.slack <= step * candidate.alpha) {
        slope -= Range(candidate.variable) * candidate.alpha;
        std::swap(candidates_[processed++], candidates_[k]);
      } else {
        next_step = std::min(next_step, harris_ratio(candidate));
      }
    }
    group_end_.push_back(processed);
    if (slope < 0) break;
    step = next_step;
  }
}

/// The last group with a pivot that is not small beside the largest; going back to an earlier one shortens the step.
size_t BoundFlippingRatioTest::ChooseGroup() const {
  const double largest = candidates_[LargestPivot(0, group_end_.back())].alpha;
  for (size_t group = group_end_.size() - 2; group > 0; --group) {
    const double alpha = candidates_[LargestPivot(group_end_[group], group_end_[group + 1])].alpha;
    if (alpha > std::min(0.1 * largest, 1.0)) return group;
  }
  return 0;
}

size_t BoundFlippingRatioTest::LargestPivot(size_t begin, size_t end) const {
  size_t best = begin;
  for (size_t k = begin + 1; k < end; ++k) {
    const Candidate& candidate = candidates_[k];
    if (candidate.alpha > candidates_[best].alpha ||
        (candidate.alpha == candidates_[best].alpha && candidate.variable < candidates_[best].variable)) {
      best = k;
    }
  }
  return best;
}

}  // namespace restock::simplex
