#include "optimization/simplex/dual_pricing.h"

#include <algorithm>
#include <cmath>

namespace restock::simplex {
namespace {

constexpr int kBlock = 64;  // rows

}  // namespace

DualPricing::DualPricing(const SimplexState& state, const DualEdgeNorms& norms, double tolerance,
                         bool favours_short_rows)
    : state_(state),
      norms_(norms),
      tolerance_(tolerance),
      favours_short_rows_(favours_short_rows),
      average_width_(static_cast<double>(state.form.index.length()) / std::max(1, state.num_rows())),
      price_(state.num_rows(), 0.0),
      best_price_((state.num_rows() + kBlock - 1) / kBlock, 0.0),
      block_changed_(best_price_.length(), 0),
      set_aside_(state.num_rows(), 0) {}

std::optional<int> DualPricing::ChooseLeaving() {
  int best_block = -1;
  double best_price = 0;
  for (int block = 0; block < best_price_.length(); ++block) {
    if (block_changed_[block]) FindBestOfBlock(block);
    if (!(best_price_[block] > best_price)) continue;  // nor what is no number
    best_block = block;
    best_price = best_price_[block];
  }
  if (best_block < 0) return std::nullopt;
  int row = best_block * kBlock;
  while (price_[row] != best_price) ++row;
  return row;
}

void DualPricing::FindBestOfBlock(int block) {
  const auto begin = price_.begin() + block * kBlock;
  best_price_[block] = *std::max_element(begin, begin + std::min(kBlock, price_.length() - block * kBlock));
  block_changed_[block] = 0;
}

void DualPricing::Reset() {
  set_aside_.assign(set_aside_.size(), 0);
  has_set_aside_ = false;
  for (int row = 0; row < price_.length(); ++row) Refresh(row);
}

void DualPricing::Refresh(int row) {
  const double violation = Violation(row);
  const bool counts = std::abs(violation) > tolerance_ && !set_aside_[row];
  const double price = counts ? violation * violation / (norms_[row] * Patience(row)) : 0;
  if (price == price_[row]) return;
  price_[row] = price;
  block_changed_[row / kBlock] = 1;
}

/// How many times wider than the average the row of a logical is; one for narrow rows and for columns. Times the fourth
/// root of the norm where short rows are favoured.
double DualPricing::Patience(int row) const {
  const int variable = state_.basic[row];
  const double patience = favours_short_rows_ && !norms_.is_devex() ? std::sqrt(std::sqrt(norms_[row])) : 1;
  if (!state_.form.IsLogical(variable)) return patience;
  return patience * std::max(1.0, state_.form.row_width[variable - state_.form.num_columns] / average_width_);
}

void DualPricing::SetAside(int row) {
  set_aside_[row] = 1;
  has_set_aside_ = true;
  Refresh(row);
}

double DualPricing::Violation(int row) const {
  const double value = state_.basic_value[row];
  if (value < state_.basic_lower[row]) return value - state_.basic_lower[row];
  if (value > state_.basic_upper[row]) return value - state_.basic_upper[row];
  return 0;
}

}  // namespace restock::simplex
