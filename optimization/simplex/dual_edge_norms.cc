#include "optimization/simplex/dual_edge_norms.h"

#include <algorithm>

#include "optimization/simplex/devex_weights.h"

namespace restock::simplex {
namespace {

constexpr double kSmallestNorm = 1e-4;
constexpr double kAcceptedShare = 0.25;  // an updated norm may be so much of the true one
constexpr double kMemory = 0.99;         // of the share of refused norms

}  // namespace

bool DualEdgeNorms::Correct(int row, const SparseVector& row_of_inverse) {
  if (is_devex_) return true;
  double norm = 0;
  for (int k = 0; k < row_of_inverse.count; ++k) {
    const double entry = row_of_inverse.value[row_of_inverse.index[k]];
    norm += entry * entry;
  }
  const bool accepted = norm_[row] >= kAcceptedShare * norm;
  norm_[row] = norm;
  share_refused_ = kMemory * share_refused_ + (accepted ? 0 : 1 - kMemory);
  return accepted;
}

void DualEdgeNorms::Update(int row, const SparseVector& column, const SparseVector& row_of_inverse,
                           BasisFactorization& factorization) {
  if (is_devex_) return UpdateDevexWeights(row, column, norm_);
  factorization.FtranAt(row_of_inverse, SolveKind::kTau, column, tau_);
  const double pivot = column.value[row];
  const double new_norm = norm_[row] / (pivot * pivot);
  for (int k = 0; k < column.count; ++k) {
    const int other = column.index[k];
    if (other == row) continue;
    const double alpha = column.value[other];
    if (std::abs(alpha) < kTiny) continue;
    const double updated = norm_[other] + alpha * (new_norm * alpha - 2 / pivot * tau_[k]);
    norm_[other] = std::max(updated, kSmallestNorm);
  }
  norm_[row] = std::max(new_norm, kSmallestNorm);
}

bool DualEdgeNorms::Refactorize(SimplexState& state) {
  by_variable_.Assign(state.num_variables(), 1.0);
  for (int row = 0; row < norm_.length(); ++row) by_variable_[state.basic[row]] = norm_[row];
  const bool was_regular = state.Refactorize();
  for (int row = 0; row < norm_.length(); ++row) norm_[row] = by_variable_[state.basic[row]];
  return was_regular;
}

}  // namespace restock::simplex
