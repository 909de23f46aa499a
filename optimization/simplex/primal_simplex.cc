#include "optimization/simplex/primal_simplex.h"

#include <algorithm>
#include <cmath>

#include "optimization/simplex/partial_pricing.h"

namespace restock::simplex {
namespace {

constexpr double kPivotAgreement = 1e-7;
constexpr double kPivotTolerance = 1e-9;      // smaller entries of the column do not block
constexpr double kSafePivotTolerance = 1e-7;  // with updated factors
constexpr int kFruitlessRebuilds = 5;

}  // namespace

PrimalSimplex::PrimalSimplex(SimplexState& state, DualEdgeNorms& norms, Limits& limits, double primal_tolerance,
                             double dual_tolerance, int64_t most_steps, bool trusts_updates)
    : state_(state),
      norms_(norms),
      limits_(limits),
      primal_tolerance_(primal_tolerance),
      dual_tolerance_(dual_tolerance),
      most_steps_(most_steps),
      trusts_updates_(trusts_updates),
      price_(state.num_variables(), 1.0),
      column_(state.num_rows()),
      inverse_row_(state.num_rows()),
      pivot_row_(state.form.num_columns) {}

Outcome PrimalSimplex::Run() {
  int fruitless_rebuilds = 0;
  bool factorizes = !trusts_updates_;
  const int64_t iterations_at_start = limits_.iterations();
  while (true) {
    Rebuild(factorizes);
    if (state_.LargestPrimalInfeasibility() > 10 * primal_tolerance_) return Outcome::kInfeasible;
    const int64_t iterations_before = limits_.iterations();
    Step step = Step::kDone;
    while (step == Step::kDone) {
      step = Iterate();
      const bool is_long = limits_.iterations() - iterations_at_start > most_steps_;
      if (is_long && step == Step::kDone) step = Step::kGivenUp;
    }
    fruitless_rebuilds = limits_.iterations() > iterations_before ? 0 : fruitless_rebuilds + 1;

    // an end counts only when all values are fresh, and that of an unbounded model only when the factors are, too
    if (step == Step::kLimit) return Outcome::kLimit;
    if (step == Step::kGivenUp) return Outcome::kTrouble;
    const bool has_stepped = limits_.iterations() > iterations_before;
    if (step == Step::kOptimal && (state_.is_fresh || (trusts_updates_ && !has_stepped))) return Outcome::kOptimal;
    if (step == Step::kUnbounded && state_.is_fresh) return Outcome::kUnbounded;
    if (fruitless_rebuilds > kFruitlessRebuilds) return Outcome::kTrouble;
    factorizes = step != Step::kOptimal || !trusts_updates_;
  }
}

void PrimalSimplex::Rebuild(bool factorizes) {
  if (factorizes && !state_.is_fresh) norms_.Refactorize(state_);
  state_.ComputePrimal();
  if (!trusts_updates_ || !state_.duals_fit) state_.ComputeDuals();
  WakeWrongColumns(dual_tolerance_, state_);
}

PrimalSimplex::Step PrimalSimplex::Iterate() {
  if (state_.factorization.ShouldRefactorize()) return Step::kRebuild;
  if (limits_.Reached()) return Step::kLimit;

  // choose the entering variable
  const std::optional<int> entering = ChooseEntering();
  if (!entering) return Step::kOptimal;
  entering_ = *entering;
  direction_ = state_.reduced_cost[entering_] < 0 ? 1 : -1;

  // FTRAN and ratio test: how far it can go, and which basic variable stops it
  state_.LoadColumn(entering_, column_);
  state_.factorization.Ftran(column_, SolveKind::kColumn, &spike_);
  const std::optional<Leaving> leaving = RatioTest();
  if (!leaving) return Step::kUnbounded;
  limits_.CountIteration();
  if (leaving->row < 0) {
    // to its own other bound: the basis stays
    MoveTo(leaving->step);
    const bool to_upper = direction_ > 0;
    state_.stand[entering_] = to_upper ? Stand::kAtUpper : Stand::kAtLower;
    state_.value[entering_] = to_upper ? state_.upper[entering_] : state_.lower[entering_];
    return Step::kDone;
  }

  // BTRAN and PRICE: the pivot row; its pivot must be that of the column
  const int row = leaving->row;
  inverse_row_.Clear();
  inverse_row_.Set(row, 1);
  state_.factorization.Btran(inverse_row_, SolveKind::kRow, &partial_row_);
  state_.matrix.Price(state_.form, inverse_row_, pivot_row_);
  const double pivot = column_.value[row];
  const double row_pivot = state_.form.IsLogical(entering_) ? inverse_row_.value[entering_ - state_.form.num_columns]
                                                            : pivot_row_.value[entering_];
  if (std::abs(pivot - row_pivot) > kPivotAgreement * std::abs(pivot) && state_.factorization.num_updates() > 0) {
    return Step::kRebuild;
  }

  // update all that changes, the norms of the dual's edges among it
  norms_.Correct(row, inverse_row_);
  norms_.Update(row, column_, inverse_row_, state_.factorization);
  UpdateDualsAndPrices(row);
  MoveTo(leaving->step);
  state_.Exchange(row, entering_, state_.value[entering_] + direction_ * leaving->step,
                  leaving->to_upper ? Stand::kAtUpper : Stand::kAtLower);
  state_.factorization.Update(row, spike_, partial_row_, pivot);
  return Step::kDone;
}

std::optional<int> PrimalSimplex::ChooseEntering() const {
  int best = -1;
  double best_gain = 0;
  for (int variable = 0; variable < state_.num_variables(); ++variable) {
    const double infeasibility = state_.DualInfeasibility(variable);
    if (infeasibility <= dual_tolerance_) continue;
    const double gain = infeasibility * infeasibility / price_[variable];
    if (gain > best_gain) {
      best_gain = gain;
      best = variable;
    }
  }
  if (best < 0) return std::nullopt;
  return best;
}

/// Two passes (Harris 1973): how far within the tolerance, then the largest pivot among those that block by then.
std::optional<PrimalSimplex::Leaving> PrimalSimplex::RatioTest() const {
  const double pivot_tolerance = state_.factorization.num_updates() > 0 ? kSafePivotTolerance : kPivotTolerance;
  // distance of a basic variable to the bound it moves to, and its speed
  const auto room = [&](int row, double speed) {
    return speed > 0 ? state_.basic_upper[row] - state_.basic_value[row]
                     : state_.basic_value[row] - state_.basic_lower[row];
  };
  double furthest = kInfinity;
  for (int k = 0; k < column_.count; ++k) {
    const int row = column_.index[k];
    const double speed = -direction_ * column_.value[row];
    if (std::abs(speed) < pivot_tolerance) continue;
    furthest = std::min(furthest, (room(row, speed) + primal_tolerance_) / std::abs(speed));
  }

  const double range = state_.upper[entering_] - state_.lower[entering_];
  Leaving leaving{-1, range, false};
  if (furthest < range) {
    double largest = 0;
    for (int k = 0; k < column_.count; ++k) {
      const int row = column_.index[k];
      const double speed = -direction_ * column_.value[row];
      if (std::abs(speed) < pivot_tolerance || std::abs(speed) <= largest) continue;
      const double step = room(row, speed) / std::abs(speed);
      if (step > furthest) continue;
      largest = std::abs(speed);
      leaving = {row, std::max(0.0, step), speed > 0};
    }
  }
  if (leaving.row < 0 && range == kInfinity) return std::nullopt;
  return leaving;
}

void PrimalSimplex::MoveTo(double step) {
  if (step == 0) return;
  for (int k = 0; k < column_.count; ++k) {
    const int row = column_.index[k];
    state_.basic_value[row] -= direction_ * step * column_.value[row];
  }
}

/// d := d - (d_q / alpha_q) alpha, and the Devex weights by the same row.
void PrimalSimplex::UpdateDualsAndPrices(int row) {
  const double pivot = column_.value[row];
  const double dual_step = state_.reduced_cost[entering_] / pivot;
  const double entering_price = price_[entering_];
  const auto update = [&](int variable, double alpha) {
    state_.reduced_cost[variable] -= dual_step * alpha;
    const double ratio = alpha / pivot;
    price_[variable] = std::max(price_[variable], ratio * ratio * entering_price);
  };
  for (int k = 0; k < pivot_row_.count; ++k) update(pivot_row_.index[k], pivot_row_.value[pivot_row_.index[k]]);
  for (int k = 0; k < inverse_row_.count; ++k) {
    const int logical = state_.form.num_columns + inverse_row_.index[k];
    if (state_.basic_place[logical] < 0) update(logical, inverse_row_.value[inverse_row_.index[k]]);
  }
  state_.reduced_cost[entering_] = 0;
  state_.reduced_cost[state_.basic[row]] = -dual_step;
  price_[state_.basic[row]] = std::max(1.0, entering_price / (pivot * pivot));
}

Array<double> PrimalSimplex::ray() const {
  Array<double> direction(state_.num_variables(), 0.0);
  direction[entering_] = direction_;
  for (int k = 0; k < column_.count; ++k) {
    const int row = column_.index[k];
    direction[state_.basic[row]] = -direction_ * column_.value[row];
  }
  return direction;
}

}  // namespace restock::simplex
