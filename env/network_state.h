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
/// simulation. It is the state at the moment of decision: what was due at the start of the period has been received
/// (where a network receives after shipping, not yet).
///
/// Rows, environments innermost: on hand and backorders by site; then by lane a ring of as many rows as its lead time;
/// then what features keep: stock by age, goodwill, orders not filled, orders not yet in effect.
class NetworkState {
 public:
  /// Empty: no stock, nothing on its way, customers of good will.
  explicit NetworkState(const Network& network);

  Row on_hand(int site) { return Row(RowAt(site)); }
  ConstRow on_hand(int site) const { return ConstRow(RowAt(site)); }
  Row backorders(int site) { return Row(RowAt(layout_->num_sites + site)); }
  ConstRow backorders(int site) const { return ConstRow(RowAt(layout_->num_sites + site)); }
  /// Units on `lane` that are received at the receipt after `receipts_ahead` - 1 others (1, 2, ... lead time): at the
  /// start of the period `receipts_ahead` after the present one, or one period earlier where a network receives after
  /// shipping.
  Row in_transit(int lane, int receipts_ahead) { return Row(RowAt(PipelineRow(lane, receipts_ahead))); }
  ConstRow in_transit(int lane, int receipts_ahead) const { return ConstRow(RowAt(PipelineRow(lane, receipts_ahead))); }
  /// The rows of a lane's ring, `slot` below its lead time, in no particular order: together all that is under way.
  ConstRow ring(int lane, int slot) const { return ConstRow(RowAt(RingRow(lane, slot))); }

  // by entry of the network's lists
  Row age(int perishable, int periods_left) { return Row(RowAt(AgeRow(perishable, periods_left))); }
  ConstRow age(int perishable, int periods_left) const { return ConstRow(RowAt(AgeRow(perishable, periods_left))); }
  Row goodwill(int entry) { return Row(RowAt(layout_->goodwill_row + entry)); }
  ConstRow goodwill(int entry) const { return ConstRow(RowAt(layout_->goodwill_row + entry)); }
  /// Ordered and not yet shipped.
  Row owed(int unfilled) { return Row(RowAt(layout_->owed_row + unfilled)); }
  ConstRow owed(int unfilled) const { return ConstRow(RowAt(layout_->owed_row + unfilled)); }
  /// Orders that take effect in `periods_ahead` periods, 0: in the present one.
  Row delayed_order(int delay, int periods_ahead) { return Row(RowAt(DelayRow(delay, periods_ahead))); }
  ConstRow delayed_order(int delay, int periods_ahead) const { return ConstRow(RowAt(DelayRow(delay, periods_ahead))); }

  /// Where stock is kept by age, makes all that is on hand as fresh as it can be.
  void Freshen();
  /// The present becomes the next period; what was one period ahead must have been received.
  void MoveClock();
  /// Nothing anywhere, customers of good will.
  void Clear();
  /// What an episode of `network`, whose state this is, begins with.
  void Start(const Network& network);

  /// Appends the state as bytes; Load takes them off the front again (DataError where they are too few).
  void Save(std::string& bytes) const;
  void Load(std::string_view& bytes);

 private:
  struct Layout {
    int num_sites = 0;
    std::vector<int> lead_time;        // (num_lanes)
    std::vector<int> pipeline_row;     // first row of a lane's ring  (num_lanes)
    std::vector<int> row_step;         // from a slot of a ring to the next, by lead time
    std::vector<int> perishable_site;  // by entry
    std::vector<int> shelf_life;       // by entry
    std::vector<int> age_row;          // first row of an entry
    std::vector<int> delay;            // periods, by entry
    std::vector<int> delay_row;        // first row of an entry's ring
    int goodwill_row = 0;
    int num_goodwill = 0;
    int owed_row = 0;
    int longest_ring = 0;
  };

  static void AddRings(const std::vector<int>& lead_times, int& num_rows, Layout& layout);
  float* RowAt(int row) { return values_.data() + static_cast<ptrdiff_t>(row) * kBlockSize; }
  const float* RowAt(int row) const { return values_.data() + static_cast<ptrdiff_t>(row) * kBlockSize; }
  int PipelineRow(int lane, int receipts_ahead) const {
    return RingRow(lane, RingSlot(layout_->lead_time[static_cast<size_t>(lane)], receipts_ahead));
  }
  int RingRow(int lane, int slot) const {
    const auto i = static_cast<size_t>(lane);
    return layout_->pipeline_row[i] + slot * layout_->row_step[static_cast<size_t>(layout_->lead_time[i])];
  }
  int AgeRow(int perishable, int periods_left) const {
    return layout_->age_row[static_cast<size_t>(perishable)] + periods_left - 1;
  }
  int DelayRow(int delay, int periods_ahead) const {
    const auto i = static_cast<size_t>(delay);
    return layout_->delay_row[i] + RingSlot(layout_->delay[i], periods_ahead);
  }
  int RingSlot(int size, int ahead) const {
    const int slot = now_[static_cast<size_t>(size)] + ahead;
    return slot < size ? slot : slot - size;
  }

  std::shared_ptr<const Layout> layout_;
  AlignedVector values_;
  std::vector<int> now_;  // by size of a ring: the place of the present period
};

/// The costs of a period by kind, and units, each over the block's environments.
enum CostKind {
  kHolding,
  kStockout,
  kPurchase,
  kOrder,
  kOverflow,
  kWaste,
  kPipeline,
  kUnfilled,
  kRevenue,  // below zero
  kLeftoverCredit,
  kNumCostKinds
};
inline constexpr std::array<const char*, kNumCostKinds> kCostNames = {
    "holding", "stockout", "purchase", "order",   "overflow",
    "waste",   "pipeline", "unfilled", "revenue", "leftover credit"};

struct PeriodOutcome {
  AlignedVector cost;     // [kind][env]
  AlignedVector demand;   // units asked for  [site][env]
  AlignedVector sold;     // units served from stock in the period they were asked for  [site][env]
  AlignedVector shipped;  // units that left on each lane  [lane][env]
};

}  // namespace restock
