#include "optimization/simplex/dual_simplex.h"

#include <algorithm>
#include <cmath>

#include "optimization/simplex/partial_pricing.h"

namespace restock::simplex {
namespace {

constexpr double kPivotAgreement = 1e-7;  // of the pivot in the row and in the column, relative
constexpr int kFruitlessRebuilds = 5;
constexpr int kLongestStall = 200;  // steps without gain, of runs that trust updates

}  // namespace

DualSimplex::DualSimplex(SimplexState& state, DualEdgeNorms& norms, Limits& limits, double primal_tolerance,
                         double dual_tolerance, bool trusts_updates)
    : state_(state),
      norms_(norms),
      limits_(limits),
      dual_tolerance_(dual_tolerance),
      trusts_updates_(trusts_updates),
      pricing_(state, norms, primal_tolerance, /*favours_short_rows=*/trusts_updates),
      ratio_test_(state, dual_tolerance),
      inverse_row_(state.num_rows()),
      pivot_row_(state.form.num_columns),
      column_(state.num_rows()),
      flipped_(state.num_rows()) {}

Outcome DualSimplex::Run() {
  Step step = trusts_updates_ ? Step::kOptimal : Step::kRebuild;
  while (true) {
    Rebuild(/*factorizes=*/step != Step::kOptimal || !trusts_updates_,
            /*keeps_duals=*/step == Step::kRefactorize && trusts_updates_);
    const int64_t iterations_before = limits_.iterations();
    step = Step::kDone;
    while (step == Step::kDone || step == Step::kTryAgain) step = Iterate();
    num_rebuilds_without_step_ = limits_.iterations() > iterations_before ? 0 : num_rebuilds_without_step_ + 1;

    // an end counts only when all values are fresh, and that of an infeasible model only when the factors are, too
    if (step == Step::kLimit) return Outcome::kLimit;
    const bool has_stepped = limits_.iterations() > iterations_before;
    const bool is_computed = state_.is_fresh || (trusts_updates_ && !has_stepped);
    if (step == Step::kOptimal && is_computed && state_.duals_fit) {
      return pricing_.has_set_aside() ? Outcome::kTrouble : Outcome::kOptimal;
    }
    if (step == Step::kStalled) return Outcome::kTrouble;
    if (step == Step::kInfeasible && state_.is_fresh) return Outcome::kInfeasible;
    if (num_rebuilds_without_step_ > kFruitlessRebuilds) return Outcome::kTrouble;
  }
}

/// Computes all values from the basis; factorises it anew before that where updates were made and it is to. Reduced
/// costs can be kept as they were updated, unless the basis had to be repaired.
void DualSimplex::Rebuild(bool factorizes, bool keeps_duals) {
  if (factorizes && !state_.is_fresh && !norms_.Refactorize(state_)) keeps_duals = false;
  if (!keeps_duals) {
    if (!trusts_updates_ || !state_.duals_fit) state_.ComputeDuals();
    if (state_.LargestDualInfeasibility() > dual_tolerance_) {
      WakeWrongColumns(dual_tolerance_, state_);
      CorrectDuals();
    }
  }
  state_.ComputePrimal();
  pricing_.Reset();
}

/// Reduced costs of the wrong sign: boxed variables go to their other bound, costs of others are shifted.
void DualSimplex::CorrectDuals() {
  for (int variable = 0; variable < state_.num_variables(); ++variable) {
    if (state_.DualInfeasibility(variable) <= dual_tolerance_) continue;
    if (state_.upper[variable] - state_.lower[variable] < kInfinity) {
      state_.PlaceNonbasic(variable);
    } else {
      state_.cost[variable] -= state_.reduced_cost[variable];
      state_.reduced_cost[variable] = 0;
      state_.costs_differ = true;
    }
  }
}

DualSimplex::Step DualSimplex::Iterate() {
  if (state_.factorization.ShouldRefactorize()) return Step::kRefactorize;
  if (limits_.Reached()) return Step::kLimit;

  // choose the leaving row
  const std::optional<int> leaving = pricing_.ChooseLeaving();
  if (!leaving) return Step::kOptimal;
  const int row = *leaving;

  // BTRAN: its row of the inverse, and the true norm of that
  inverse_row_.Clear();
  inverse_row_.Set(row, 1);
  state_.factorization.Btran(inverse_row_, SolveKind::kRow, &partial_row_);
  if (!norms_.Correct(row, inverse_row_)) {
    if (norms_.are_unreliable()) BeginDevex();
    pricing_.Refresh(row);
    return Step::kTryAgain;
  }

  // PRICE and ratio test: the pivot row, the entering variable
  state_.matrix.Price(state_.form, inverse_row_, pivot_row_);
  const double violation = pricing_.Violation(row);
  const auto entering = ratio_test_.Choose(inverse_row_, pivot_row_, violation);
  if (!entering && state_.some_rest) {
    state_.WakeAllColumns();
    return Step::kRebuild;
  }
  if (!entering) return Step::kInfeasible;

  num_steps_without_gain_ = entering->dual_step == 0 ? num_steps_without_gain_ + 1 : 0;
  if (trusts_updates_ && num_steps_without_gain_ > kLongestStall) return Step::kStalled;

  // FTRAN: the pivot column; its pivot must be that of the row
  state_.LoadColumn(entering->entering, column_);
  state_.factorization.Ftran(column_, SolveKind::kColumn, &spike_);
  const double pivot = column_.value[row];
  const double smaller = std::min(std::abs(pivot), std::abs(entering->pivot));
  if (std::abs(pivot - entering->pivot) > kPivotAgreement * smaller) return GiveUpRow(row);

  // update all that changes
  limits_.CountIteration();
  norms_.Update(row, column_, inverse_row_, state_.factorization);
  UpdateDuals(*entering, row);
  Flip(ratio_test_.flips());
  UpdatePrimal(*entering, row, violation);
  state_.factorization.Update(row, spike_, partial_row_, pivot);
  return Step::kDone;
}

void DualSimplex::BeginDevex() {
  norms_.BeginDevex();
  pricing_.Reset();
}

/// The pivot is not to be trusted: with old factors they are made anew, with fresh ones another row is tried.
DualSimplex::Step DualSimplex::GiveUpRow(int row) {
  if (state_.factorization.num_updates() > 0) return Step::kRebuild;
  pricing_.SetAside(row);
  return Step::kTryAgain;
}

/// d := d - step * pivot row. A step back, from a reduced cost slightly beyond zero, is avoided by shifting that cost.
void DualSimplex::UpdateDuals(const BoundFlippingRatioTest::Result& entering, int row) {
  const int q = entering.entering;
  const double step = entering.dual_step;
  const double left_over = state_.reduced_cost[q] - step * entering.pivot;
  if (step == 0 && left_over != 0) {
    state_.cost[q] -= left_over;
    state_.costs_differ = true;
  }
  if (step != 0) {
    for (int k = 0; k < pivot_row_.count; ++k) {
      const int column = pivot_row_.index[k];
      state_.reduced_cost[column] -= step * pivot_row_.value[column];
    }
    for (int k = 0; k < inverse_row_.count; ++k) {
      const int logical = state_.form.num_columns + inverse_row_.index[k];
      if (state_.basic_place[logical] < 0)
        state_.reduced_cost[logical] -= step * inverse_row_.value[inverse_row_.index[k]];
    }
  }
  state_.reduced_cost[q] = 0;
  state_.reduced_cost[state_.basic[row]] = -step;
}

/// Moves boxed variables to their other bound, and the basic variables with them.
void DualSimplex::Flip(const std::vector<int>& variables) {
  if (variables.empty()) return;
  flipped_.Clear();
  for (int variable : variables) {
    const bool to_upper = state_.stand[variable] == Stand::kAtLower;
    const double range = state_.upper[variable] - state_.lower[variable];
    state_.stand[variable] = to_upper ? Stand::kAtUpper : Stand::kAtLower;
    state_.value[variable] = to_upper ? state_.upper[variable] : state_.lower[variable];
    state_.AddColumn(variable, to_upper ? range : -range, flipped_);
  }
  state_.factorization.Ftran(flipped_, SolveKind::kFlips);
  for (int k = 0; k < flipped_.count; ++k) {
    const int row = flipped_.index[k];
    state_.basic_value[row] -= flipped_.value[row];
    pricing_.Refresh(row);
  }
}

/// The leaving variable goes to the bound that it violates; the entering one takes up the difference.
void DualSimplex::UpdatePrimal(const BoundFlippingRatioTest::Result& entering, int row, double violation) {
  const bool to_lower = violation < 0;
  const double bound = to_lower ? state_.basic_lower[row] : state_.basic_upper[row];
  const double primal_step = (state_.basic_value[row] - bound) / column_.value[row];
  for (int k = 0; k < column_.count; ++k) {
    const int other = column_.index[k];
    state_.basic_value[other] -= primal_step * column_.value[other];
    pricing_.Refresh(other);
  }
  state_.Exchange(row, entering.entering, state_.value[entering.entering] + primal_step,
                  to_lower ? Stand::kAtLower : Stand::kAtUpper);
  pricing_.Refresh(row);
}

}  // namespace restock::simplex
