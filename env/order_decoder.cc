#include "env/order_decoder.h"

#include <algorithm>
#include <cmath>

namespace restock {

OrderDecoder::OrderDecoder(const Network& network)
    : is_divisible_(network.is_divisible),
      cycle_(network.CalendarCycle()),
      num_lanes_(static_cast<size_t>(network.num_lanes())) {
  const auto capacity = [&](size_t lane) { return std::min(network.lane_capacity[lane], kMostUnitsPerOrder); };
  for (int phase = 0; phase < cycle_; ++phase) {
    for (size_t lane = 0; lane < num_lanes_; ++lane) {
      const OrderCalendar& calendar = network.calendars[static_cast<size_t>(network.lane_calendar[lane])];
      const bool takes_orders = network.takes_orders[lane] && calendar.IsOpen(phase);
      const float most = is_divisible_ ? capacity(lane) : std::floor(capacity(lane));
      most_.push_back(takes_orders ? most : 0.f);
    }
  }
  if (!network.order_sizes.empty()) sizes_.resize(num_lanes_);
  for (const OrderSizes& entry : network.order_sizes) {
    const auto lane = static_cast<size_t>(entry.lane);
    sizes_[lane] = {.pack = entry.pack,
                    .most_packs = std::floor(capacity(lane) / entry.pack),
                    .least = std::ceil(entry.minimum / entry.pack) * entry.pack};
  }
}

}  // namespace restock
