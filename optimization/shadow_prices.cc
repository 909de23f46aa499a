#include "optimization/shadow_prices.h"

#include <algorithm>

namespace restock {
namespace {

constexpr double kNothing = 1e-9;  // [money]; what saves less saves nothing

size_t Index(int i) { return static_cast<size_t>(i); }

/// Counts one more unit in one of the periods.
void Add(double saved, double weight, int num_periods, ShadowPrice& price) {
  if (saved <= kNothing) return;
  price.value += weight * saved / num_periods;
  price.tight_share += weight / num_periods;
}

}  // namespace

std::vector<ShadowPrice> ScarceThings(const Network& network) {
  using Kind = ShadowPrice::Kind;
  std::vector<ShadowPrice> things;
  for (int location = 0; location < network.num_locations(); ++location) {
    if (network.storage_capacity[Index(location)] < kUnlimited && network.overflow_cost[Index(location)] > 0)
      things.push_back({Kind::kStorage, location, 0, 0});
  }
  for (int lane = 0; lane < network.num_lanes(); ++lane)
    if (network.lane_capacity[Index(lane)] < kUnlimited) things.push_back({Kind::kLane, lane, 0, 0});
  for (const ShippingCapacity& entry : network.shipping_capacities) things.push_back({Kind::kSite, entry.site, 0, 0});
  for (size_t limit = 0; limit < network.joint_limits.size(); ++limit)
    things.push_back({Kind::kLimit, static_cast<int>(limit), 0, 0});
  return things;
}

void AddShadowPrices(const Network& network, const ReplenishmentLp& lp, const LpSolution& plan, double weight,
                     std::vector<ShadowPrice>& prices) {
  using Kind = ShadowPrice::Kind;
  const int num_periods = lp.options().num_periods, num_scenarios = lp.options().num_scenarios;
  const auto add_rows = [&](const IndexTable& rows, int item, ShadowPrice& price) {
    for (int scenario = 0; scenario < num_scenarios; ++scenario) {
      for (int period = 0; period < num_periods; ++period)
        if (const int row = rows(scenario, item, period); row >= 0)
          Add(-plan.duals[Index(row)], weight, num_periods, price);
    }
  };
  const auto place_of = [](const std::vector<int>& among, int index) {
    const auto found = std::ranges::find(among, index);
    return found == among.end() ? -1 : static_cast<int>(found - among.begin());
  };
  for (ShadowPrice& price : prices) {
    if (price.kind == Kind::kLimit) add_rows(lp.joint_rows(), price.index, price);
    if (const int place = place_of(lp.limited_locations(), price.index); price.kind == Kind::kStorage && place >= 0)
      add_rows(lp.storage_rows(), place, price);
    if (const int place = place_of(lp.sites(), price.index); price.kind == Kind::kSite && place >= 0)
      add_rows(lp.capacity_rows(), place, price);
    const int place = price.kind == Kind::kLane ? place_of(lp.lanes(), price.index) : -1;
    for (int period = 0; period < num_periods && place >= 0; ++period) {
      // a closed day has no capacity to add to
      const int column = lp.ShipmentColumn(place, period);
      const bool ships = column >= 0 && plan.values[Index(column)] > network.lane_capacity[Index(price.index)] / 2;
      if (ships) Add(-plan.reduced_costs[Index(column)], weight, num_periods, price);
    }
  }
}

}  // namespace restock
