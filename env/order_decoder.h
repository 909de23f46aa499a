#pragma once

#include <span>
#include <vector>

#include "env/network.h"
#include "env/row_value.h"

namespace restock {

/// Orders lie in [0, kMostUnitsPerOrder], far below 2^24, up to which `float` counts units exactly.
inline constexpr float kMostUnitsPerOrder = 1 << 20;

/// Makes wanted orders feasible, each by itself: nothing on a lane that takes no orders (today, or ever), whole units
/// (halves up; goods that can be divided as they are), not below zero, within the lane's capacity, in packs and above
/// the minimum; what is not a number is nothing. What lanes share, and what the origin cannot ship, is rationed later
/// (period_step.h).
class OrderDecoder {
 public:
  explicit OrderDecoder(const Network& network);

  /// The orders of a block on a day, decoded when they are read: `orders(lane)`. The decoder must outlive it.
  class Orders {
   public:
    [[gnu::always_inline]] RowValue operator()(int lane) const {
      const auto i = static_cast<size_t>(lane);
      const float* const wanted = wanted_ + i * kBlockSize;
      AskForLaterRow(wanted);
      const RowValue order = Min(Max(RowValue::Load(wanted), 0.f), most_[i]);
      const RowValue units = decoder_.is_divisible_ ? order : Floor(order + 0.5f);
      return decoder_.sizes_.empty() || decoder_.sizes_[i].pack == 0 ? units : decoder_.sizes_[i].Round(units);
    }

   private:
    friend class OrderDecoder;
    Orders(const OrderDecoder& decoder, const float* most, const float* wanted)
        : decoder_(decoder), most_(most), wanted_(wanted) {}

    const OrderDecoder& decoder_;
    const float* most_;    // (lane)
    const float* wanted_;  // [lane][env]
  };

  /// `wanted`: [lane][env]
  Orders Decode(int phase, std::span<const float> wanted) const {
    return {*this, most_.data() + static_cast<size_t>(phase % cycle_) * num_lanes_, wanted.data()};
  }
  /// The same, written down.
  void Decode(int phase, std::span<const float> wanted, Rows orders) const {
    const Orders decoded = Decode(phase, wanted);
    for (size_t lane = 0; lane < num_lanes_; ++lane) orders(static_cast<int>(lane)) = decoded(static_cast<int>(lane));
  }

 private:
  /// Packs and the least order of a lane; a pack of 0: any.
  struct Sizes {
    float pack = 0, most_packs = 0, least = 0;
    [[gnu::always_inline]] RowValue Round(const RowValue& units) const {
      const RowValue packs = Min(Floor(units * (1 / pack) + 0.5f), most_packs);
      const RowValue is_enough = IsPositive(units * 2.f - least + kRoundingError);
      return Max(packs * pack, least) * is_enough;
    }
  };

  bool is_divisible_;
  int cycle_;  // of the calendars
  size_t num_lanes_;
  std::vector<float> most_;   // units, 0 where no order is taken  [phase of the cycle][lane]
  std::vector<Sizes> sizes_;  // empty where no lane has any  (lane)
};

}  // namespace restock
