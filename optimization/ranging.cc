#include "optimization/ranging.h"

#include <algorithm>
#include <cmath>

#include "common/check.h"
#include "optimization/simplex/computational_form.h"
#include "optimization/simplex/simplex_state.h"

namespace restock {
namespace {

using simplex::ComputationalForm;
using simplex::SimplexState;
using simplex::SolveKind;
using simplex::SparseVector;
using simplex::Stand;

constexpr double kPivotTolerance = 1e-9;  // smaller entries of the tableau are rounding

/// The optimal basis, factorised, and the steps that keep it optimal. Everything here is in the scaled form.
class BasisRanging {
 public:
  BasisRanging(const LpModel& model, const LpBasis& basis)
      : form_(model, /*scale=*/true),
        state_(form_),
        row_(form_.num_rows),
        price_(form_.num_columns),
        column_(form_.num_rows) {
    state_.SetBasis(basis);
    state_.Refactorize();
    // the places come from the basis: a reduced cost of zero and some rounding must not move them
    state_.PlaceAllNonbasic();
    state_.ComputeDuals();
    state_.ComputePrimal();
  }

  const ComputationalForm& form() const { return form_; }
  Stand StandOf(int variable) const { return state_.stand[variable]; }
  bool IsBasic(int variable) const { return state_.basic_place[variable] >= 0; }

  /// The change of a cost for which no reduced cost gets the wrong sign.
  LpRange StepOfCost(int variable) {
    LpRange step;
    if (!IsBasic(variable)) {
      CloseBy(variable, state_.reduced_cost[variable], -1, step);
      return step;
    }
    // d_k - step * alpha_k for every nonbasic k, alpha being the row of the tableau
    row_.Clear();
    row_.Set(state_.basic_place[variable], 1);
    state_.factorization.Btran(row_, SolveKind::kRow);
    state_.matrix.Price(form_, row_, price_);
    for (int other = 0; other < form_.num_variables(); ++other) {
      if (IsBasic(other)) continue;
      const double alpha = form_.IsLogical(other) ? row_.value[other - form_.num_columns] : price_.value[other];
      if (std::abs(alpha) > kPivotTolerance) CloseBy(other, state_.reduced_cost[other], alpha, step);
    }
    return step;
  }

  /// The change of a nonbasic variable's value for which all basic ones stay within their bounds.
  LpRange StepOfValue(int variable) {
    LpRange step;
    state_.LoadColumn(variable, column_);
    state_.factorization.Ftran(column_, SolveKind::kColumn);
    for (int row = 0; row < form_.num_rows; ++row) {
      const double alpha = column_.value[row];
      if (std::abs(alpha) <= kPivotTolerance) continue;
      const double up = std::max(0.0, state_.basic_upper[row] - state_.basic_value[row]) / std::abs(alpha);
      const double down = std::max(0.0, state_.basic_value[row] - state_.basic_lower[row]) / std::abs(alpha);
      step.high = std::min(step.high, alpha > 0 ? down : up);
      step.low = std::max(step.low, alpha > 0 ? -up : -down);
    }
    return step;
  }

 private:
  /// Keeps d - step * alpha on its side of zero.
  void CloseBy(int variable, double reduced_cost, double alpha, LpRange& step) const {
    const Stand stand = state_.stand[variable];
    if (stand == Stand::kFixed) return;
    const bool may_fall = stand == Stand::kAtUpper, may_rise = stand == Stand::kAtLower;
    const double distance = may_rise ? std::max(0.0, reduced_cost) : may_fall ? std::max(0.0, -reduced_cost) : 0.0;
    // the way that leads towards zero is limited
    const bool limits_high = stand == Stand::kFree || (alpha > 0) == may_rise;
    const bool limits_low = stand == Stand::kFree || !limits_high;
    if (limits_high) step.high = std::min(step.high, distance / std::abs(alpha));
    if (limits_low) step.low = std::max(step.low, -distance / std::abs(alpha));
  }

  ComputationalForm form_;
  SimplexState state_;
  SparseVector row_, price_, column_;
};

/// The ranges of the two bounds of a variable that has `value`, and may move by `step` where it stands.
void RangeBounds(BasisStatus status, double lower, double upper, double value, LpRange step, LpRange& lower_range,
                 LpRange& upper_range) {
  // what does not bind may come as near as the value
  lower_range = {-kInfinity, std::max(lower, std::min(value, upper))};
  upper_range = {std::min(upper, std::max(value, lower)), kInfinity};
  if (status == BasisStatus::kBasic && lower == upper) lower_range = upper_range = {lower, upper};
  if (status == BasisStatus::kBasic || status == BasisStatus::kFree) return;
  if (lower == upper) {
    lower_range = upper_range = {lower + step.low, lower + step.high};
  } else if (status == BasisStatus::kAtLower) {
    lower_range = {lower + step.low, std::min(upper, lower + step.high)};
  } else {
    upper_range = {std::max(lower, upper + step.low), upper + step.high};
  }
}

LpRange Scaled(LpRange range, double factor) {
  return factor > 0 ? LpRange{range.low * factor, range.high * factor}
                    : LpRange{range.high * factor, range.low * factor};
}

}  // namespace

LpRanging FindRanging(const LpModel& model, const LpSolution& solution) {
  RESTOCK_CHECK(solution.status == LpStatus::kOptimal);
  BasisRanging basis(model, solution.basis);
  const ComputationalForm& form = basis.form();
  LpRanging ranging;
  ranging.cost.resize(model.cost.size());
  ranging.lower.resize(model.cost.size());
  ranging.upper.resize(model.cost.size());
  ranging.row_lower.resize(model.row_lower.size());
  ranging.row_upper.resize(model.row_lower.size());

  for (int column = 0; column < form.num_columns; ++column) {
    const auto j = static_cast<size_t>(column);
    const double scale = form.column_scale[column];
    const LpRange step = Scaled(basis.StepOfCost(column), form.sense / scale);
    ranging.cost[j] = {model.cost[j] + step.low, model.cost[j] + step.high};
    const LpRange move = basis.IsBasic(column) ? LpRange() : Scaled(basis.StepOfValue(column), scale);
    RangeBounds(solution.basis.column[j], model.lower[j], model.upper[j], solution.values[j], move, ranging.lower[j],
                ranging.upper[j]);
  }
  for (int row = 0; row < form.num_rows; ++row) {
    const auto i = static_cast<size_t>(row);
    const int logical = form.num_columns + row;
    // a logical is minus its row's activity
    const LpRange move =
        basis.IsBasic(logical) ? LpRange() : Scaled(basis.StepOfValue(logical), -1 / form.row_scale[row]);
    RangeBounds(solution.basis.row[i], model.row_lower[i], model.row_upper[i], solution.row_activity[i], move,
                ranging.row_lower[i], ranging.row_upper[i]);
  }
  return ranging;
}

}  // namespace restock
