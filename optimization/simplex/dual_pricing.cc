#include "optimization/simplex/dual_pricing.h"

namespace restock::simplex {

DualPricing::DualPricing(const SimplexState& state, double tolerance)
    : state_(state), tolerance_(tolerance), infeasibility_(state.num_rows(), 0.0), set_aside_(state.num_rows(), 0) {}

std::optional<int> DualPricing::ChooseLeaving(const DualEdgeNorms& norms) const {
  int best = -1;
  double best_infeasibility = 0, best_norm = 1;
  for (int row = 0; row < infeasibility_.length(); ++row) {
    // infeasibility / norm > best infeasibility / best norm
    if (infeasibility_[row] * best_norm > best_infeasibility * norms[row]) {
      best = row;
      best_infeasibility = infeasibility_[row];
      best_norm = norms[row];
    }
  }
  if (best < 0) return std::nullopt;
  return best;
}

void DualPricing::Reset() {
  set_aside_.assign(set_aside_.size(), 0);
  has_set_aside_ = false;
  for (int row = 0; row < infeasibility_.length(); ++row) Refresh(row);
}

void DualPricing::Refresh(int row) {
  const double violation = Violation(row);
  const bool counts = std::abs(violation) > tolerance_ && !set_aside_[row];
  infeasibility_[row] = counts ? violation * violation : 0;
}

void DualPricing::SetAside(int row) {
  set_aside_[row] = 1;
  has_set_aside_ = true;
  infeasibility_[row] = 0;
}

double DualPricing::Violation(int row) const {
  const double value = state_.basic_value[row];
  if (value < state_.basic_lower[row]) return value - state_.basic_lower[row];
  if (value > state_.basic_upper[row]) return value - state_.basic_upper[row];
  return 0;
}

}  // namespace restock::simplex
