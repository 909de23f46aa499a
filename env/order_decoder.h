#pragma once

#include <algorithm>
#include <cmath>
#include <span>

#include "env/network.h"
#include "env/row_network.h"

namespace restock {

/// Orders lie in [0, kMostUnitsPerOrder], far below 2^24, up to which `float` counts units exactly.
inline constexpr float kMostUnitsPerOrder = 1 << 20;

/// Makes wanted orders feasible: nothing on a lane that takes no orders today, whole units (halves up), not below zero,
/// within the lane's capacity; what is not a number is nothing. What the origin cannot ship is rationed later
/// (period_step.h). `wanted` and `orders`: [lane][env]
inline void DecodeOrders(const Network& network, int phase, std::span<const float> wanted, Rows orders) {
  const ConstRows asked{wanted.data()};
  for (int lane = 0; lane < network.num_lanes(); ++lane) {
    const auto i = static_cast<size_t>(lane);
    if (!network.calendars[static_cast<size_t>(network.lane_calendar[i])].IsOpen(phase)) {
      orders(lane) = RowValue();
      continue;
    }
    const float most = std::floor(std::min(network.lane_capacity[i], kMostUnitsPerOrder));
    orders(lane) = Min(Floor(Min(Max(asked(lane), 0.f), most) + 0.5f), most);
  }
}

}  // namespace restock
