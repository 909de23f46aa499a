#include "optimization/replenishment_lp.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "common/check.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

bool HasStorageLimit(const Network& network, int location) {
  return network.storage_capacity[Index(location)] < kUnlimited && network.overflow_cost[Index(location)] > 0;
}

}  // namespace

void IndexTable::Resize(int num_scenarios, int num_items, int num_periods) {
  num_items_ = num_items;
  num_periods_ = num_periods;
  index_.assign(Index(num_scenarios) * Index(num_items) * Index(num_periods), -1);
}

std::string ReplenishmentLp::FirstUnknown(const Network& network) {
  if (!network.goodwill.empty()) return "goodwill";
  if (!network.emergency_lanes.empty()) return "emergency lanes";
  if (!network.return_lanes.empty()) return "returns";
  if (!network.variable_lead_times.empty()) return "lead times that vary";
  if (!network.refusing_locations.empty()) return "storage that refuses";
  for (const LaneYield& yield : network.yields) {
    for (const UnfilledOrders& unfilled : network.unfilled_orders)
      if (unfilled.waits && unfilled.lane == yield.lane) return "yields of orders that wait";
  }
  return "";
}

ReplenishmentLp::ReplenishmentLp(const Network& network, std::vector<int> sites, const ReplenishmentLpOptions& options)
    : network_(network),
      options_(options),
      probability_(1.0 / options.num_scenarios),
      sites_(std::move(sites)),
      place_of_site_(Index(network.num_sites()), -1) {
  for (int place = 0; place < num_places(); ++place) place_of_site_[Index(sites_[Index(place)])] = place;
  for (const int site : sites_) host_place_.push_back(place_of_site_[Index(network.HostOf(site))]);
  FindLanes();
  FindLocations();
  FindLevels();

  const int scenarios = options_.num_scenarios, periods = options_.num_periods;
  for (IndexTable* table :
       {&balance_, &shippable_, &capacity_, &waiting_, &who_waits_, &safety_, &on_hand_, &unmet_, &still_waiting_})
    table->Resize(scenarios, num_places(), periods);
  for (IndexTable* table : {&ordered_, &owed_}) table->Resize(scenarios, num_lanes(), periods);
  for (size_t level = 0; level < num_groups_.size(); ++level)
    shipment_[level].Resize(num_groups_[level], num_lanes(), periods);
  storage_.Resize(scenarios, static_cast<int>(locations_.size()), periods);
  joint_.Resize(scenarios, static_cast<int>(network.joint_limits.size()), periods);

  AddShortageRows();
  for (int scenario = 0; scenario < scenarios; ++scenario) AddRows(scenario);
  AddShipments();
  for (int scenario = 0; scenario < scenarios; ++scenario) {
    first_column_.push_back(model_.num_columns());
    AddWaitingOrders(scenario);
    AddStocks(scenario);
    AddShortages(scenario);
    AddOverflows(scenario);
    AddWaste(scenario);
    if (options_.safety_stock) AddSafetyStocks(scenario);
  }
  first_column_.push_back(model_.num_columns());
}

/// How much a cost of `period` counts.
double ReplenishmentLp::Weight(int period) const {
  return period < options_.warm_up ? 0 : std::pow(options_.discount, period - options_.warm_up);
}

/// The same of a cost that is paid in each of `num_periods` periods.
double ReplenishmentLp::WeightOf(int first, int num_periods) const {
  double weight = 0;
  for (int period = first; period < first + num_periods; ++period) weight += Weight(period);
  return weight;
}

void ReplenishmentLp::FindLanes() {
  std::vector<int> place_of_lane(Index(network_.num_lanes()), -1);
  for (int lane = 0; lane < network_.num_lanes(); ++lane) {
    const int origin = network_.lane_origin[Index(lane)];
    const bool is_supplied = origin == kOutside || place_of_site_[Index(origin)] >= 0;
    const bool is_wanted = place_of_site_[Index(network_.lane_destination[Index(lane)])] >= 0;
    if (!is_supplied || !is_wanted || !network_.takes_orders[Index(lane)]) continue;
    place_of_lane[Index(lane)] = num_lanes();
    lanes_.push_back(lane);
    parts_.push_back({.unit_cost = network_.unit_cost[Index(lane)], .limits = {}});
  }

  // what some lanes have
  const auto parts_of = [&](int lane) -> LaneParts* {
    const int place = place_of_lane[Index(lane)];
    return place < 0 ? nullptr : &parts_[Index(place)];
  };
  for (size_t i = 0; i < network_.order_delays.size(); ++i) {
    if (LaneParts* parts = parts_of(network_.order_delays[i].lane)) {
      parts->delay = network_.order_delays[i].periods;
      parts->delay_entry = static_cast<int>(i);
    }
  }
  for (size_t i = 0; i < network_.unfilled_orders.size(); ++i) {
    const UnfilledOrders& unfilled = network_.unfilled_orders[i];
    LaneParts* parts = parts_of(unfilled.lane);
    if (!parts || !unfilled.waits) continue;
    parts->waiting_entry = static_cast<int>(i);
    parts->unfilled_cost = unfilled.cost;
  }
  for (const PipelineCost& entry : network_.pipeline_costs)
    if (LaneParts* parts = parts_of(entry.lane)) parts->pipeline_cost += entry.cost;
  for (const LaneYield& entry : network_.yields)
    if (LaneParts* parts = parts_of(entry.lane)) parts->yield = entry.share;
  for (const Vehicles& vehicles : network_.vehicles) {
    for (size_t i = 0; i < vehicles.lanes.size(); ++i)
      if (LaneParts* parts = parts_of(vehicles.lanes[i]))
        parts->unit_cost += static_cast<double>(vehicles.cost) * vehicles.weight[i] / vehicles.size;
  }
  for (size_t limit = 0; limit < network_.joint_limits.size(); ++limit) {
    const JointLimit& joint = network_.joint_limits[limit];
    for (size_t i = 0; i < joint.lanes.size(); ++i)
      if (LaneParts* parts = parts_of(joint.lanes[i]))
        parts->limits.push_back({static_cast<int>(limit), joint.weight[i]});
  }
}

void ReplenishmentLp::FindLocations() {
  for (int location = 0; location < network_.num_locations(); ++location) {
    const auto& there = network_.sites_at[Index(location)];
    const bool is_used = std::ranges::any_of(there, [&](int site) { return place_of_site_[Index(site)] >= 0; });
    if (is_used && HasStorageLimit(network_, location)) locations_.push_back(location);
  }
  waste_cost_.assign(sites_.size(), -1);
  for (const Perishable& entry : network_.perishables)
    if (const int place = place_of_site_[Index(entry.site)]; place >= 0) waste_cost_[Index(place)] = entry.waste_cost;
  shipping_capacity_.assign(sites_.size(), kInfinity);
  for (const ShippingCapacity& entry : network_.shipping_capacities)
    if (const int place = place_of_site_[Index(entry.site)]; place >= 0) shipping_capacity_[Index(place)] = entry.units;
}

void ReplenishmentLp::FindLevels() {
  num_groups_ = {1};
  for (const DemandBranching& branching : options_.branchings)
    num_groups_.push_back(num_groups_.back() * branching.parts);
  RESTOCK_CHECK_EQ(options_.num_scenarios % num_groups_.back(), 0);
  shipment_.resize(num_groups_.size());
}

/// How far scenarios have parted when an order is placed so many periods after the present.
int ReplenishmentLp::LevelOf(int ahead) const {
  int level = 0;
  for (const DemandBranching& branching : options_.branchings) level += ahead >= branching.after;
  return level;
}

bool ReplenishmentLp::Sells(int place) const { return network_.site_series[Index(sites_[Index(place)])] != kNoSeries; }

bool ReplenishmentLp::HasBackorders(int place) const {
  return Sells(place) && network_.backorder_share[Index(sites_[Index(place)])] > 0;
}

/// Which customers wait is chance where a part of them does; of goods that can be divided just that part.
bool ReplenishmentLp::ChoosesWhoWaits(int place) const {
  const float share = network_.backorder_share[Index(sites_[Index(place)])];
  return options_.is_bound && !network_.is_divisible && HasBackorders(place) && share < 1;
}

std::string ReplenishmentLp::NameOfSite(int place) const {
  return options_.has_names ? network_.SiteName(sites_[Index(place)]) : "";
}
std::string ReplenishmentLp::NameOfLane(int place) const {
  return options_.has_names ? network_.LaneName(lanes_[Index(place)]) : "";
}

int ReplenishmentLp::AddColumn(double cost, double upper, const std::vector<LpEntry>& entries, const char* what,
                               const std::string& where, int period) {
  if (!options_.has_names) return model_.AddColumn(cost, 0, upper, entries);
  column_labels_.push_back({fmt::format("{} of {}", what, where), period});
  return model_.AddColumn(cost, 0, upper, entries, fmt::format("{} in period {}", column_labels_.back().what, period));
}

}  // namespace restock
