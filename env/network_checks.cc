#include "env/network_checks.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include <fmt/format.h>

#include "common/check.h"
#include "common/error.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

// Goods are counted in `float`, which holds whole numbers exactly up to 2^24; a stock stays well below.
constexpr float kMostUnits = 1 << 20;
constexpr int kLongestLeadTime = 1000;
constexpr int kLongestShelfLife = 1000;

/// What a message is about.
struct Subject {
  std::string name;
  int location = -1;  // or none
  int lane = -1;
};

[[noreturn]] void Fail(const Subject& subject, const std::string& what) {
  throw NetworkError(subject.name + what, subject.location, subject.lane);
}
void Require(bool holds, const Subject& subject, const char* what, const char* range, auto value) {
  if (!holds) Fail(subject, fmt::format(": {} must be {}, but is {}.", what, range, value));
}
void RequireCost(const Subject& name, const char* what, float value) {
  Require(value >= 0 && std::isfinite(value), name, what, "at least 0 and finite", value);
}
void RequireShare(const Subject& name, const char* what, double value) {
  Require(value >= 0 && value <= 1, name, what, "between 0 and 1", value);
}
void RequireUnits(const Network& network, const Subject& name, const char* what, float units) {
  const bool is_whole = network.is_divisible || units == std::floor(units);
  Require(units >= 0 && units <= kMostUnits && is_whole, name, what, "a whole number of units from 0 to 2^20", units);
}

Subject NameOfLane(const Network& network, int lane) {
  RESTOCK_CHECK(lane >= 0 && lane < network.num_lanes());
  return {"lane " + network.LaneName(lane), -1, lane};
}
Subject NameOfSite(const Network& network, int site) {
  RESTOCK_CHECK(site >= 0 && site < network.num_sites());
  return {network.SiteName(site), network.site_location[Index(site)], -1};
}
Subject NameOfLocation(const Network& network, int location) {
  return {"location " + network.location_name[Index(location)], location, -1};
}

/// At most one entry a site, or a lane.
void RequireOnce(std::set<int>& seen, int entry, const Subject& name, const char* what) {
  if (!seen.insert(entry).second) Fail(name, fmt::format(": {} is given twice: keep one.", what));
}

void CheckSite(const Network& network, int site) {
  const size_t i = Index(site);
  RESTOCK_CHECK(network.site_location[i] >= 0 && network.site_location[i] < network.num_locations());
  const Subject name = NameOfSite(network, site);
  RequireCost(name, "holding_cost", network.holding_cost[i]);
  RequireCost(name, "stockout_cost", network.stockout_cost[i]);
  RequireCost(name, "unit_value", network.unit_value[i]);
  RequireCost(name, "price", network.price[i]);
  RequireShare(name, "backorder_share", network.backorder_share[i]);
  const float volume = network.volume[i];
  Require(volume >= 0 && std::isfinite(volume), name, "volume", "at least 0 and finite", volume);
  RequireUnits(network, name, "initial_on_hand", network.initial_on_hand[i]);
}

void CheckCalendar(const Network& network, int index, const Subject& lane) {
  RESTOCK_CHECK(index >= 0 && Index(index) < network.calendars.size());
  const OrderCalendar& calendar = network.calendars[Index(index)];
  RESTOCK_CHECK_EQ(calendar.open.size(), Index(calendar.cycle));
  if (std::none_of(calendar.open.begin(), calendar.open.end(), [](bool open) { return open; }))
    Fail(lane, ": its calendar has no order day: open one.");
}

void CheckLane(const Network& network, int lane) {
  const size_t i = Index(lane);
  const int origin = network.lane_origin[i];
  const int destination = network.lane_destination[i];
  RESTOCK_CHECK(origin == kOutside || (origin >= 0 && origin < network.num_sites()));
  RESTOCK_CHECK(destination >= 0 && destination < network.num_sites());
  const Subject name = NameOfLane(network, lane);
  if (origin == destination) Fail(name, " leads back to where it begins.");
  if (origin != kOutside && network.site_sku[Index(origin)] != network.site_sku[Index(destination)])
    Fail(name, fmt::format(" takes {} and brings {}: a lane carries one SKU.", network.site_sku[Index(origin)],
                           network.site_sku[Index(destination)]));
  const int lead_time = network.lead_time[i];
  Require(lead_time >= 0 && lead_time <= kLongestLeadTime, name, "lead_time", "from 0 to 1000 periods", lead_time);
  RequireCost(name, "unit_cost", network.unit_cost[i]);
  RequireCost(name, "order_cost", network.order_cost[i]);
  Require(network.lane_capacity[i] > 0, name, "lane_capacity", "above 0", network.lane_capacity[i]);
  RequireUnits(network, name, "initial_in_transit", network.initial_in_transit[i]);
  CheckCalendar(network, network.lane_calendar[i], name);
}

void CheckPerishables(const Network& network) {
  std::set<int> seen;
  for (const Perishable& entry : network.perishables) {
    const Subject name = NameOfSite(network, entry.site);
    RequireOnce(seen, entry.site, name, "shelf_life");
    Require(entry.shelf_life >= 1 && entry.shelf_life <= kLongestShelfLife, name, "shelf_life",
            "from 1 to 1000 periods", entry.shelf_life);
    RequireCost(name, "waste_cost", entry.waste_cost);
    if (network.receives_after_shipping) Fail(name, ": stock by age needs `receive: before_decision`.");
  }
}

void CheckChannels(const Network& network) {
  std::set<int> seen;
  for (const Channel& entry : network.channels) {
    const Subject name = NameOfSite(network, entry.site);
    RequireOnce(seen, entry.site, name, "the site that it sells from");
    if (network.site_sku[Index(entry.host)] != network.site_sku[Index(entry.site)])
      Fail(name, fmt::format(" cannot sell {}: a channel sells one SKU.", network.SiteName(entry.host)));
    for (const int lane_end : {0, 1}) {
      const auto& ends = lane_end == 0 ? network.lane_origin : network.lane_destination;
      if (std::find(ends.begin(), ends.end(), entry.site) != ends.end())
        Fail(name, fmt::format(" sells the stock of {}, so no lane can lead to it or from it.",
                               network.SiteName(entry.host)));
    }
  }
  for (const Channel& entry : network.channels) {
    if (seen.count(entry.host) > 0)
      Fail(NameOfSite(network, entry.site),
           fmt::format(" sells from {}, which has no stock of its own.", network.SiteName(entry.host)));
  }
}

void CheckChances(const Network& network) {
  for (const Goodwill& entry : network.goodwill) {
    const Subject name = NameOfSite(network, entry.site);
    Require(entry.least >= 0 && entry.least <= 1, name, "goodwill.least", "between 0 and 1", entry.least);
    Require(entry.most >= 1 && std::isfinite(entry.most), name, "goodwill.most", "at least 1", entry.most);
    Require(entry.after_stockout > 0 && entry.after_stockout <= 1, name, "goodwill.after_stockout",
            "above 0 and at most 1", entry.after_stockout);
    Require(entry.otherwise >= 1 && std::isfinite(entry.otherwise), name, "goodwill.otherwise", "at least 1",
            entry.otherwise);
  }
  for (const EmergencyLane& entry : network.emergency_lanes) {
    const Subject name = NameOfLane(network, entry.lane);
    RequireShare(name, "acceptance", entry.acceptance);
    Require(network.lead_time[Index(entry.lane)] == 0, name, "lead_time", "0 for emergencies",
            network.lead_time[Index(entry.lane)]);
    if (network.lane_origin[Index(entry.lane)] == kOutside)
      Fail(name, ": emergencies are served from a location, not from outside.");
  }
  for (const ReturnLane& entry : network.return_lanes) {
    const Subject name = NameOfLane(network, entry.lane);
    RequireShare(name, "share", entry.share);
    Require(network.lead_time[Index(entry.lane)] >= 1, name, "lead_time", "at least 1 period for returns",
            network.lead_time[Index(entry.lane)]);
  }
  for (const LaneYield& entry : network.yields) {
    const Subject name = NameOfLane(network, entry.lane);
    RequireShare(name, "yield", entry.share);
    if (network.lane_origin[Index(entry.lane)] != kOutside) Fail(name, ": a yield is for lanes from outside supply.");
  }
  for (const Disruption& entry : network.disruptions) {
    RequireShare(Subject{"disruption"}, "failure", entry.failure);
    Require(entry.recovery > 0 && entry.recovery <= 1, Subject{"disruption"}, "recovery", "above 0 and at most 1",
            entry.recovery);
    for (const int lane : entry.lanes) NameOfLane(network, lane);
  }
}

void CheckVariableLeadTimes(const Network& network) {
  std::set<int> seen;
  for (const VariableLeadTime& entry : network.variable_lead_times) {
    const Subject name = NameOfLane(network, entry.lane);
    RequireOnce(seen, entry.lane, name, "lead_time");
    if (!entry.probability.empty()) {
      Require(entry.probability[0] == 0, name, "lead_time", "at least 1 period where chance decides it", 0);
      const double sum = std::accumulate(entry.probability.begin(), entry.probability.end(), 0.0);
      Require(std::abs(sum - 1) < 1e-9, name, "the sum of the lead time's probabilities", "1", sum);
      for (const double probability : entry.probability) RequireShare(name, "a lead time's probability", probability);
    }
    if (!entry.receives.empty() && std::none_of(entry.receives.begin(), entry.receives.end(), [](bool b) { return b; }))
      Fail(name, ": its calendar has no receiving day: open one.");
  }
}

void CheckOrders(const Network& network) {
  for (const UnfilledOrders& entry : network.unfilled_orders)
    RequireCost(NameOfLane(network, entry.lane), "unfilled_cost", entry.cost);
  for (const OrderDelay& entry : network.order_delays) {
    const Subject name = NameOfLane(network, entry.lane);
    Require(entry.periods >= 1 && entry.periods <= kLongestLeadTime, name, "order_delay", "from 1 to 1000 periods",
            entry.periods);
    RequireUnits(network, name, "initial_order", entry.initial);
  }
  for (const OrderSizes& entry : network.order_sizes) {
    const Subject name = NameOfLane(network, entry.lane);
    RequireUnits(network, name, "pack_size", entry.pack);
    Require(entry.pack > 0, name, "pack_size", "above 0", entry.pack);
    RequireUnits(network, name, "minimum_order", entry.minimum);
    const float least = std::ceil(entry.minimum / entry.pack) * entry.pack;
    Require(least <= network.lane_capacity[Index(entry.lane)], name, "minimum_order, in whole packs,",
            "at most lane_capacity", least);
    Require(entry.pack <= network.lane_capacity[Index(entry.lane)], name, "pack_size", "at most lane_capacity",
            entry.pack);
  }
  for (const PipelineCost& entry : network.pipeline_costs)
    RequireCost(NameOfLane(network, entry.lane), "pipeline_cost", entry.cost);
  for (const JointLimit& entry : network.joint_limits) {
    RESTOCK_CHECK_EQ(entry.lanes.size(), entry.weight.size());
    Require(entry.limit >= 0 && !std::isnan(entry.limit), Subject{"limit " + entry.name}, "capacity", "at least 0",
            entry.limit);
    for (size_t i = 0; i < entry.lanes.size(); ++i)
      RequireCost(NameOfLane(network, entry.lanes[i]), "its weight in a limit", entry.weight[i]);
  }
  for (const Vehicles& entry : network.vehicles) {
    RESTOCK_CHECK_EQ(entry.lanes.size(), entry.weight.size());
    RequireCost(Subject{"vehicles"}, "cost", entry.cost);
    Require(entry.size > 0 && std::isfinite(entry.size), Subject{"vehicles"}, "size", "above 0 and finite", entry.size);
  }
}

void CheckRationing(const Network& network) {
  std::set<int> seen;
  for (const RationingRule& entry : network.rationing)
    RequireOnce(seen, entry.site, NameOfSite(network, entry.site), "rationing");
  for (const ShippingCapacity& entry : network.shipping_capacities)
    RequireUnits(network, NameOfSite(network, entry.site), "shipping_capacity", entry.units);
  for (const int location : network.refusing_locations) {
    RESTOCK_CHECK(location >= 0 && location < network.num_locations());
    if (network.receives_after_shipping)
      Fail(NameOfLocation(network, location), ": `overflow: refuse` needs `receive: before_decision`.");
  }
}

}  // namespace

void CheckLocations(const Network& network) {
  const size_t count = network.location_name.size();
  RESTOCK_CHECK_EQ(network.storage_capacity.size(), count);
  RESTOCK_CHECK_EQ(network.overflow_cost.size(), count);
  for (size_t i = 0; i < count; ++i) {
    const Subject name = NameOfLocation(network, static_cast<int>(i));
    Require(network.storage_capacity[i] > 0, name, "storage_capacity", "above 0", network.storage_capacity[i]);
    RequireCost(name, "overflow_cost", network.overflow_cost[i]);
  }
}

void CheckSites(const Network& network) {
  const size_t count = network.site_sku.size();
  if (count == 0) throw ConfigError("network: there is no site: no location sells or stores any SKU.");
  for (const auto* values : {&network.holding_cost, &network.stockout_cost, &network.backorder_share, &network.volume,
                             &network.unit_value, &network.initial_on_hand, &network.price})
    RESTOCK_CHECK_EQ(values->size(), count);
  RESTOCK_CHECK_EQ(network.site_location.size(), count);
  RESTOCK_CHECK_EQ(network.site_series.size(), count);
  for (int site = 0; site < network.num_sites(); ++site) CheckSite(network, site);
}

void CheckLanes(const Network& network) {
  const size_t count = network.lane_origin.size();
  RESTOCK_CHECK_EQ(network.lane_destination.size(), count);
  RESTOCK_CHECK_EQ(network.lead_time.size(), count);
  RESTOCK_CHECK_EQ(network.lane_calendar.size(), count);
  RESTOCK_CHECK_EQ(network.lane_priority.size(), count);
  for (const auto* values :
       {&network.unit_cost, &network.order_cost, &network.lane_capacity, &network.initial_in_transit})
    RESTOCK_CHECK_EQ(values->size(), count);
  for (int lane = 0; lane < network.num_lanes(); ++lane) CheckLane(network, lane);
}

void CheckFeatures(const Network& network) {
  CheckRationing(network);
  CheckPerishables(network);
  CheckChannels(network);
  CheckChances(network);
  CheckVariableLeadTimes(network);
  CheckOrders(network);
}

// from outside supply on, along lanes on which orders are placed
void CheckSupply(const Network& network) {
  std::vector<bool> is_supplied(Index(network.num_sites()));
  std::vector<int> open;
  const auto reach = [&](int site) {
    if (is_supplied[Index(site)]) return;
    is_supplied[Index(site)] = true;
    open.push_back(site);
  };
  for (int lane = 0; lane < network.num_lanes(); ++lane) {
    if (network.lane_origin[Index(lane)] == kOutside && network.takes_orders[Index(lane)])
      reach(network.lane_destination[Index(lane)]);
  }
  while (!open.empty()) {
    const int site = open.back();
    open.pop_back();
    for (const int lane : network.lanes_out_of[Index(site)])
      if (network.takes_orders[Index(lane)]) reach(network.lane_destination[Index(lane)]);
  }
  for (int site = 0; site < network.num_sites(); ++site) {
    if (is_supplied[Index(network.HostOf(site))]) continue;
    const Subject subject = NameOfSite(network, site);
    throw NetworkError(fmt::format("nobody supplies {}: add a lane to {}.", subject.name,
                                   network.location_name[Index(subject.location)]),
                       subject.location, subject.lane);
  }
}

void CheckInitialStockFits(const Network& network) {
  for (int location = 0; location < network.num_locations(); ++location) {
    float used = 0;
    for (const int site : network.sites_at[Index(location)])
      used += network.volume[Index(site)] * network.initial_on_hand[Index(site)];
    if (used <= network.storage_capacity[Index(location)]) continue;
    Fail(NameOfLocation(network, location),
         fmt::format(": its initial stock takes a volume of {}, but storage_capacity is {}: start with less or store "
                     "more.",
                     used, network.storage_capacity[Index(location)]));
  }
}

void CheckHorizon(const Network& network, int num_periods) {
  for (int lane = 0; lane < network.num_lanes(); ++lane) {
    int delay = 0;
    for (const OrderDelay& entry : network.order_delays)
      if (entry.lane == lane) delay = entry.periods;
    const int arrival = delay + network.lead_time[Index(lane)];
    if (arrival < num_periods) continue;
    Fail(NameOfLane(network, lane),
         fmt::format(": lead_time{} is up to {} periods, so nothing that is ordered arrives within the {} of an "
                     "episode: take longer episodes or a shorter lead time.",
                     delay > 0 ? " with order_delay" : "", arrival, num_periods));
  }
}

}  // namespace restock
