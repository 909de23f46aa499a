#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <Eigen/Core>

#include "env/aligned_vector.h"
#include "env/network.h"

namespace restock {

/// Environments that are stepped together and stay in cache. A row of the state is one site (or lane) over a block.
inline constexpr int kBlockSize = 64;
using Row = Eigen::Map<Eigen::Array<float, kBlockSize, 1>, Eigen::Aligned64>;
using ConstRow = Eigen::Map<const Eigen::Array<float, kBlockSize, 1>, Eigen::Aligned64>;

/// What changes: stock and what is on its way, for one block of environments. Plain data, a copy is a branch of the
/// simulation. It is the state at the moment of decision: what was due at the start of the period has been received.
///
/// Rows, environments innermost: on hand and backorders by site, then by lane a ring of as many rows as its lead time.
class NetworkState {
 public:
  /// Empty: no stock, nothing on its way.
  explicit NetworkState(const Network& network);

  Row on_hand(int site) { return Row(RowAt(site)); }
  ConstRow on_hand(int site) const { return ConstRow(RowAt(site)); }
  Row backorders(int site) { return Row(RowAt(layout_->num_sites + site)); }
  ConstRow backorders(int site) const { return ConstRow(RowAt(layout_->num_sites + site)); }
  /// Units on `lane` that arrive at the start of the period `periods_ahead` (1, 2, ... lead time) after the present
  /// one.
  Row in_transit(int lane, int periods_ahead) { return Row(RowAt(PipelineRow(lane, periods_ahead))); }
  ConstRow in_transit(int lane, int periods_ahead) const { return ConstRow(RowAt(PipelineRow(lane, periods_ahead))); }

  /// All rows of a lane's ring, one after the other, in no particular order: together all that is under way.
  const float* pipeline(int lane) const { return RowAt(layout_->pipeline_row[static_cast<size_t>(lane)]); }

  /// The present becomes the next period; what was one period ahead must have been received.
  void MoveClock();
  /// Nothing anywhere.
  void Clear();

  /// Appends the state as bytes; Load takes them off the front again (DataError where they are too few).
  void Save(std::string& bytes) const;
  void Load(std::string_view& bytes);

 private:
  struct Layout {
    int num_sites = 0;
    std::vector<int> lead_time;     // (num_lanes)
    std::vector<int> pipeline_row;  // first row of a lane's ring  (num_lanes)
  };

  float* RowAt(int row) { return values_.data() + static_cast<ptrdiff_t>(row) * kBlockSize; }
  const float* RowAt(int row) const { return values_.data() + static_cast<ptrdiff_t>(row) * kBlockSize; }
  int PipelineRow(int lane, int periods_ahead) const {
    const auto i = static_cast<size_t>(lane);
    const int lead_time = layout_->lead_time[i];
    const int slot = now_[static_cast<size_t>(lead_time)] + periods_ahead;
    return layout_->pipeline_row[i] + (slot < lead_time ? slot : slot - lead_time);
  }

  std::shared_ptr<const Layout> layout_;
  AlignedVector values_;
  std::vector<int> now_;  // by lead time: the ring's place of the present period
};

/// The costs of a period by kind, and units, each over the block's environments.
enum CostKind { kHolding, kStockout, kPurchase, kOrder, kOverflow, kLeftoverCredit, kNumCostKinds };
inline constexpr std::array<const char*, kNumCostKinds> kCostNames = {"holding", "stockout", "purchase",
                                                                      "order",   "overflow", "leftover credit"};

struct PeriodOutcome {
  AlignedVector cost;     // [kind][env]
  AlignedVector demand;   // units asked for  [site][env]
  AlignedVector sold;     // units served from stock in the period they were asked for  [site][env]
  AlignedVector shipped;  // units that left on each lane  [lane][env]
};

}  // namespace restock
