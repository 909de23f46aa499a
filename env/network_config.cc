#include "env/network_config.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/error.h"
#include "env/supply_process.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

constexpr const char* kSupplier = "supplier";
constexpr const char* kCustomers = "customers";
const std::vector<std::string> kWeekdays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

void ReadShortage(ConfigNode& node, LocationConfig& location) {
  bool backorders = false;
  if (node.Has("backorder_share")) {
    if (node.Has("shortage")) node.Fail("backorder_share", "cannot stand beside shortage: keep one of them");
    node.Read("backorder_share", location.backorder_share, Between(0, 1));
    return;
  }
  node.ReadChoice("shortage", backorders, {{"lost_sales", false}, {"backorders", true}});
  location.backorder_share = backorders ? 1.f : 0.f;
}

void ReadPerishable(ConfigNode& node, LocationConfig& location) {
  for (const char* key : {"issue", "waste_cost"}) {
    if (node.Has(key) && !node.Has("shelf_life") && !node.Has("sells_from"))
      node.Fail(key, "needs a shelf_life beside it");
  }
  if (node.Has("shelf_life")) node.Read("shelf_life", location.shelf_life, Between(1, 1000));
  if (node.Has("issue"))
    node.ReadChoice("issue", location.sells_newest, {{"oldest_first", false}, {"newest_first", true}});
  if (node.Has("waste_cost")) node.Read("waste_cost", location.waste_cost, AtLeast(0));
}

Goodwill ReadGoodwill(ConfigNode node) {
  Goodwill goodwill{.after_stockout = 0.9f, .otherwise = 1.01f, .least = 0.2f, .most = 2};
  node.Read("after_stockout", goodwill.after_stockout, AboveAndUpTo(0, 1));
  node.Read("otherwise", goodwill.otherwise, AtLeast(1));
  node.Read("least", goodwill.least, Between(0, 1));
  node.Read("most", goodwill.most, AtLeast(1));
  node.ExpectNoMoreKeys();
  return goodwill;
}

LocationConfig ReadLocation(ConfigNode node) {
  LocationConfig location;
  location.where = node.Where();
  if (!node.Has("name")) node.Fail("needs a name");
  node.Read("name", location.name);
  if (location.name == kSupplier) node.Fail("name", "must not be supplier, which means outside supply");
  if (location.name == kCustomers) node.Fail("name", "must not be customers, from whom returns come");
  if (node.Has("sku")) node.Read("sku", location.sku);
  node.Read("holding_cost", location.holding_cost, AtLeast(0));
  node.Read("stockout_cost", location.stockout_cost, AtLeast(0));
  ReadShortage(node, location);
  node.Read("volume", location.volume, AtLeast(0));
  node.Read("unit_value", location.unit_value, AtLeast(0));
  node.Read("initial_cover", location.initial_cover, AtLeast(0));
  node.Read("storage_capacity", location.storage_capacity, Above(0));
  node.Read("storage_cover", location.storage_cover, Above(0));
  node.Read("overflow_cost", location.overflow_cost, AtLeast(0));

  // what few locations have
  if (node.Has("price")) node.Read("price", location.price, AtLeast(0));
  if (node.Has("initial_on_hand")) node.Read("initial_on_hand", location.initial_on_hand, AtLeast(0));
  if (node.Has("overflow")) node.ReadChoice("overflow", location.refuses_overflow, {{"pay", false}, {"refuse", true}});
  if (node.Has("shipping_capacity")) node.Read("shipping_capacity", location.shipping_capacity, AtLeast(0));
  if (node.Has("rationing")) {
    node.ReadChoice("rationing", location.rationing,
                    {{"proportional", Rationing::kProportional},
                     {"in_turn", Rationing::kInTurn},
                     {"least_shortage", Rationing::kLeastShortage}});
  }
  ReadPerishable(node, location);
  if (node.Has("goodwill")) location.goodwill = ReadGoodwill(node.Child("goodwill"));
  if (node.Has("sells_from")) node.Read("sells_from", location.sells_from);
  node.ExpectNoMoreKeys();
  return location;
}

std::vector<bool> ReadWeekdays(ConfigNode& node, const char* key) {
  std::vector<std::string> days;
  node.Read(key, days);
  std::vector<bool> is_named(7, false);
  for (const std::string& day : days) {
    const auto found = std::find(kWeekdays.begin(), kWeekdays.end(), day);
    if (found == kWeekdays.end())
      node.Fail(key, fmt::format("must be of mon, tue, wed, thu, fri, sat, sun, but holds {}", day));
    is_named[static_cast<size_t>(found - kWeekdays.begin())] = true;
  }
  if (days.empty()) node.Fail(key, "must name at least one day");
  return is_named;
}

OrderCalendar ReadCalendar(ConfigNode& node) {
  OrderCalendar calendar;
  if (node.Has("order_days")) {
    if (node.Has("review_period")) node.Fail("review_period", "cannot stand beside order_days: keep one of them");
    return {7, ReadWeekdays(node, "order_days")};
  }
  int review_phase = 0;
  node.Read("review_period", calendar.cycle, Between(1, 364));
  node.Read("review_phase", review_phase, Between(0, calendar.cycle - 1));
  calendar.open.assign(Index(calendar.cycle), false);
  calendar.open[Index(review_phase)] = true;
  return calendar;
}

void ReadLeadTimeOf(ConfigNode& node, LaneConfig& lane) {
  const bool is_map = node.Has("lead_time") && node.Child("lead_time").IsMap();
  if (!is_map) {
    node.Read("lead_time", lane.lead_time, Between(0, 1000));
    return;
  }
  lane.chance_lead_time = ReadLeadTime(node);
}

void ReadOrderTerms(ConfigNode& node, LaneConfig& lane) {
  if (node.Has("minimum_order")) node.Read("minimum_order", lane.minimum_order, AtLeast(0));
  if (node.Has("pack_size")) node.Read("pack_size", lane.pack_size, Above(0));
  if (node.Has("priority")) node.Read("priority", lane.priority);
  if (node.Has("unfilled")) node.ReadChoice("unfilled", lane.unfilled_waits, {{"vanish", false}, {"wait", true}});
  if (node.Has("unfilled_cost")) node.Read("unfilled_cost", lane.unfilled_cost, AtLeast(0));
  if (node.Has("order_delay")) node.Read("order_delay", lane.order_delay, Between(0, 1000));
  if (node.Has("initial_order")) {
    node.Read("initial_order", lane.initial_order, AtLeast(0));
    if (lane.order_delay == 0) node.Fail("initial_order", "needs an order_delay beside it");
  }
  if (node.Has("yield")) node.Read("yield", lane.share, Between(0, 1));
  if (node.Has("disruption")) {
    const DisruptionConfig disruption = ReadDisruption(node.Child("disruption"));
    lane.failure = static_cast<float>(disruption.failure_probability);
    lane.recovery = static_cast<float>(disruption.recovery_probability);
  }
}

LaneConfig ReadLane(ConfigNode node) {
  LaneConfig lane;
  lane.where = node.Where();
  for (const char* key : {"from", "to"}) {
    if (!node.Has(key)) node.Fail(fmt::format("needs {}: a location{}", key, key[0] == 'f' ? ", or supplier" : ""));
  }
  node.Read("from", lane.from);
  node.Read("to", lane.to);
  if (lane.to == kSupplier) node.Fail("to", "must be a location, but is supplier");
  if (node.Has("sku")) node.Read("sku", lane.sku);
  if (node.Has("kind"))
    node.ReadChoice("kind", lane.kind, {{"orders", LaneKind::kOrders}, {"emergencies", LaneKind::kEmergencies}});
  if (lane.from == kCustomers) lane.kind = LaneKind::kReturns;
  ReadLeadTimeOf(node, lane);
  node.Read("unit_cost", lane.unit_cost, AtLeast(0));
  if (node.Has("pipeline_cost")) node.Read("pipeline_cost", lane.pipeline_cost, AtLeast(0));
  if (node.Has("initial_in_transit")) node.Read("initial_in_transit", lane.initial_in_transit, AtLeast(0));
  switch (lane.kind) {
    case LaneKind::kOrders:
      node.Read("order_cost", lane.order_cost, AtLeast(0));
      node.Read("lane_capacity", lane.lane_capacity, node.Has("pack_size") ? Above(0) : AtLeast(1));
      lane.calendar = ReadCalendar(node);
      ReadOrderTerms(node, lane);
      break;
    case LaneKind::kEmergencies:
      node.Read("acceptance", lane.share, Between(0, 1));
      break;
    case LaneKind::kReturns:
      if (!node.Has("share")) node.Fail("needs a share of what is sold and comes back");
      node.Read("share", lane.share, Between(0, 1));
      break;
  }
  if (node.Has("receiving_days")) lane.receives = ReadWeekdays(node, "receiving_days");
  node.ExpectNoMoreKeys();
  return lane;
}

LimitConfig ReadLimit(ConfigNode node) {
  LimitConfig limit;
  limit.where = node.Where();
  for (const char* key : {"name", "capacity"})
    if (!node.Has(key)) node.Fail(fmt::format("needs {}", key));
  node.Read("name", limit.name);
  node.Read("from", limit.from);
  node.Read("to", limit.to);
  node.Read("sku", limit.sku);
  node.ReadChoice("counts", limit.counts,
                  {{"units", LimitConfig::Counts::kUnits},
                   {"volume", LimitConfig::Counts::kVolume},
                   {"money", LimitConfig::Counts::kMoney}});
  node.Read("capacity", limit.capacity, AtLeast(0));
  node.ExpectNoMoreKeys();
  return limit;
}

VehicleConfig ReadVehicles(ConfigNode node) {
  VehicleConfig vehicles;
  vehicles.where = node.Where();
  for (const char* key : {"from", "to", "cost"})
    if (!node.Has(key)) node.Fail(fmt::format("needs {}", key));
  node.Read("from", vehicles.from);
  node.Read("to", vehicles.to);
  node.Read("size", vehicles.size, Above(0));
  node.Read("cost", vehicles.cost, AtLeast(0));
  node.ExpectNoMoreKeys();
  return vehicles;
}

}  // namespace

NetworkConfig ReadNetworkConfig(ConfigNode node) {
  NetworkConfig network;
  if (node.Has("goods")) node.ReadChoice("goods", network.is_divisible, {{"whole", false}, {"divisible", true}});
  if (node.Has("receive")) {
    node.ReadChoice("receive", network.receives_after_shipping, {{"before_decision", false}, {"after_shipping", true}});
  }
  for (ConfigNode location : node.Child("locations").Items()) {
    network.locations.push_back(ReadLocation(location));
    const LocationConfig& last = network.locations.back();
    for (size_t i = 0; i + 1 < network.locations.size(); ++i) {
      if (network.locations[i].name == last.name && network.locations[i].sku == last.sku)
        location.Fail("name", fmt::format("{} stands twice in the list", last.name));
    }
  }
  for (ConfigNode lane : node.Child("lanes").Items()) network.lanes.push_back(ReadLane(lane));
  if (node.Has("limits"))
    for (ConfigNode limit : node.Child("limits").Items()) network.limits.push_back(ReadLimit(limit));
  if (node.Has("vehicles"))
    for (ConfigNode vehicles : node.Child("vehicles").Items()) network.vehicles.push_back(ReadVehicles(vehicles));
  if (network.locations.empty())
    node.Fail("needs locations, such as {name: \"*\", holding_cost: 0.1, stockout_cost: 2}");
  if (network.lanes.empty()) node.Fail("needs lanes, such as {from: supplier, to: \"*\", lead_time: 2}");
  node.ExpectNoMoreKeys();
  return network;
}

std::vector<ForecastTarget> ForecastTargets(const Network& network, int first_phase, int num_periods) {
  std::vector<ForecastTarget> targets(Index(network.num_sites()));
  for (int site = 0; site < network.num_sites(); ++site) {
    ForecastTarget& target = targets[Index(site)];
    for (const int member : network.echelon[Index(site)]) {
      if (network.site_series[Index(member)] != kNoSeries) target.series.push_back(network.site_series[Index(member)]);
    }
    for (int period = 0; period < num_periods; ++period)
      target.protection_periods.push_back(network.EchelonProtectionPeriods(site, first_phase + period));
  }
  return targets;
}

}  // namespace restock
