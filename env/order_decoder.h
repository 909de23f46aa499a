#pragma once

#include <algorithm>
#include <cmath>
#include <span>

#include "env/network.h"
#include "env/row_network.h"

namespace restock {

/// Orders lie in [0, kMostUnitsPerOrder], far below 2^24, up to which `float` counts units exactly.
inline constexpr float kMostUnitsPerOrder = 1 << 20;

/// Makes wanted orders feasible, each by itself: nothing on a lane that takes no orders (today, or ever), whole units
/// (halves up; goods that can be divided as they are), not below zero, within the lane's capacity, in packs and above
/// the minimum; what is not a number is nothing. What lanes share, and what the origin cannot ship, is rationed later
/// (period_step.h). `wanted` and `orders`: [lane][env]
inline void DecodeOrders(const Network& network, int phase, std::span<const float> wanted, Rows orders) {
  const ConstRows asked{wanted.data()};
  const bool is_whole = !network.is_divisible;
  for (int lane = 0; lane < network.num_lanes(); ++lane) {
    const auto i = static_cast<size_t>(lane);
    if (!network.takes_orders[i] || !network.calendars[static_cast<size_t>(network.lane_calendar[i])].IsOpen(phase)) {
      orders(lane) = RowValue();
      continue;
    }
    const float capacity = std::min(network.lane_capacity[i], kMostUnitsPerOrder);
    const float most = is_whole ? std::floor(capacity) : capacity;
    const RowValue order = Min(Max(asked(lane), 0.f), most);
    orders(lane) = is_whole ? Min(Floor(order + 0.5f), most) : order;
  }
  for (const OrderSizes& sizes : network.order_sizes) {
    const float capacity = std::min(network.lane_capacity[static_cast<size_t>(sizes.lane)], kMostUnitsPerOrder);
    const RowValue wanted_units = orders(sizes.lane);
    const RowValue packs = Min(Floor(wanted_units * (1 / sizes.pack) + 0.5f), std::floor(capacity / sizes.pack));
    const float least = std::ceil(sizes.minimum / sizes.pack) * sizes.pack;
    const RowValue is_enough = IsPositive(wanted_units * 2.f - least + kRoundingError);
    orders(sizes.lane) = Max(packs * sizes.pack, least) * is_enough;
  }
}

}  // namespace restock
