// The columns of what a replenishment program orders: Q and O, and what they cost.

#include <algorithm>
#include <cmath>

#include "common/random.h"
#include "env/order_decoder.h"
#include "optimization/replenishment_lp.h"

namespace restock {
namespace {

constexpr uint64_t kTieBreakKey = 2;

size_t Index(int i) { return static_cast<size_t>(i); }

}  // namespace

double ReplenishmentLp::MostShipped(int lane) const {
  const double most = std::min(network_.lane_capacity[Index(lane)], kMostUnitsPerOrder);
  return network_.is_divisible ? most : std::floor(most);
}

void ReplenishmentLp::AddShipments() {
  RandomStream tie_breaker(kTieBreakKey, 0);
  for (int place = 0; place < num_lanes(); ++place)
    for (int period = 0; period < options_.num_periods; ++period) AddShipmentsOf(place, period, tie_breaker.Uniform());
}

/// Q of each group of scenarios that may order apart. As the present moves through a plan, orders of a period belong
/// to ever larger groups.
void ReplenishmentLp::AddShipmentsOf(int lane_place, int period, double tie_breaker) {
  const int ahead_at_first = period - parts_[Index(lane_place)].delay, furthest = LevelOf(ahead_at_first);
  for (int level = options_.moves_forward ? 0 : furthest; level <= furthest; ++level) {
    for (int group = 0; group < num_groups_[Index(level)]; ++group)
      shipment_[Index(level)](group, lane_place, period) = AddShipment(lane_place, period, level, group, tie_breaker);
  }
}

/// Q leaves its origin in its period and reaches its destination a lead time later, or is under way at the end.
int ReplenishmentLp::AddShipment(int lane_place, int period, int level, int group, double tie_breaker) {
  const int lane = lanes_[Index(lane_place)];
  const LaneParts& parts = parts_[Index(lane_place)];
  const int lead_time = network_.lead_time[Index(lane)];
  const int left = options_.num_periods - period;
  double cost = parts.unit_cost + options_.tie_break * (std::abs(parts.unit_cost) + 1) * tie_breaker;
  cost = Weight(period) * cost + parts.pipeline_cost * WeightOf(period, std::clamp(lead_time, 1, left));
  if (lead_time >= left && options_.credit_leftovers)
    cost -= Weight(options_.num_periods - 1) * network_.unit_value[Index(network_.lane_destination[Index(lane)])];
  std::vector<LpEntry> entries;
  const int size = options_.num_scenarios / num_groups_[Index(level)];
  for (int scenario = group * size; scenario < (group + 1) * size; ++scenario)
    AddShipmentEntries(lane_place, period, scenario, entries);
  return AddColumn(cost * probability_ * size, MostShipped(lane), entries, "capacity", NameOfLane(lane_place), period);
}

void ReplenishmentLp::AddShipmentEntries(int lane_place, int period, int scenario,
                                         std::vector<LpEntry>& entries) const {
  const int lane = lanes_[Index(lane_place)];
  const auto add = [&](int row, double value) {
    if (row >= 0) entries.push_back({row, value});
  };
  if (const int origin = network_.lane_origin[Index(lane)]; origin != kOutside) {
    const int place = place_of_site_[Index(origin)];
    add(balance_(scenario, place, period), 1);
    add(shippable_(scenario, place, period), 1);
    add(capacity_(scenario, place, period), 1);
  }
  const int arrival = period + network_.lead_time[Index(lane)];
  if (arrival < options_.num_periods) {
    const int place = place_of_site_[Index(network_.lane_destination[Index(lane)])];
    add(balance_(scenario, place, arrival), -1);
    if (arrival > period && !network_.receives_after_shipping) add(shippable_(scenario, place, arrival), -1);
  }
  const LaneParts& parts = parts_[Index(lane_place)];
  add(ordered_(scenario, lane_place, period), 1);
  if (period < parts.delay) return;  // ordered before the plan begins
  for (const LpEntry& limit : parts.limits) add(joint_(scenario, limit.row, period - parts.delay), limit.value);
}

/// O: what waits was ordered and is no order again in the period after.
void ReplenishmentLp::AddWaitingOrders(int scenario) {
  for (int place = 0; place < num_lanes(); ++place) {
    const LaneParts& parts = parts_[Index(place)];
    for (int period = 0; period < options_.num_periods && parts.waiting_entry >= 0; ++period) {
      std::vector<LpEntry> entries = {{ordered_(scenario, place, period), 1}};
      const bool is_last = period + 1 == options_.num_periods;
      if (!is_last) entries.push_back({ordered_(scenario, place, period + 1), -1});
      for (const LpEntry& limit : parts.limits) {
        if (period >= parts.delay) entries.push_back({joint_(scenario, limit.row, period - parts.delay), limit.value});
        if (!is_last && period + 1 >= parts.delay)
          entries.push_back({joint_(scenario, limit.row, period + 1 - parts.delay), -limit.value});
      }
      owed_(scenario, place, period) = AddColumn(parts.unfilled_cost * Weight(period) * probability_, kInfinity,
                                                 entries, "waiting orders", NameOfLane(place), period);
    }
  }
}
}  // namespace restock
