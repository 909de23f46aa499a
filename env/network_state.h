#pragma once

#include <array>
#include <vector>

#include <Eigen/Core>

#include "env/network.h"

namespace restock {

/// Environments that are stepped together and stay in cache. A row of the state is one site (or lane) over a block.
inline constexpr int kBlockSize = 64;
using Row = Eigen::Map<Eigen::Array<float, kBlockSize, 1>, Eigen::Aligned64>;
using ConstRow = Eigen::Map<const Eigen::Array<float, kBlockSize, 1>, Eigen::Aligned64>;
using AlignedVector = std::vector<float, Eigen::aligned_allocator<float>>;

/// What changes: stock and what is on its way, for one block of environments. Plain data, a copy is a branch of the simulation.
/// It is the state at the moment of decision: what was due at the start of the period has been received.
class NetworkState {
 public:
  explicit NetworkState(const Network& network);

  Row on_hand(int site);
  ConstRow on_hand(int site) const;
  Row backorders(int site);
  ConstRow backorders(int site) const;
  /// Units on `lane` that arrive at the start of the period `periods_ahead` (1, 2, ... lead time) after the present one.
  Row in_transit(int lane, int periods_ahead);
  ConstRow in_transit(int lane, int periods_ahead) const;

 private:
  // (owner: lay out as the kernel likes best; the pipeline is a ring)
};

/// The costs of a period by kind, and units, each over the block's environments.
enum CostKind { kHolding, kStockout, kPurchase, kOrder, kOverflow, kLeftoverCredit, kNumCostKinds };
inline constexpr std::array<const char*, kNumCostKinds> kCostNames = {"holding", "stockout", "purchase", "order", "overflow", "leftover credit"};

struct PeriodOutcome {
  AlignedVector cost;     // [kind][env]
  AlignedVector demand;   // units asked for  [site][env]
  AlignedVector sold;     // units served from stock in the period they were asked for  [site][env]
  AlignedVector shipped;  // units that left on each lane  [lane][env]
};

}  // namespace restock
