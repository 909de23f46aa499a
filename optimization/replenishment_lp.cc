#include "optimization/replenishment_lp.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "common/check.h"
#include "common/random.h"
#include "env/order_decoder.h"

namespace restock {
namespace {

constexpr uint64_t kTieBreakKey = 2;

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
    AddWaitingOrders(scenario);
    AddStocks(scenario);
    AddShortages(scenario);
    AddOverflows(scenario);
    AddWaste(scenario);
    if (options_.safety_stock) AddSafetyStocks(scenario);
  }
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

/// What comes in after the decision cannot go out in the same period. Elsewhere the balance alone keeps shipments
/// within the stock.
bool ReplenishmentLp::HasRowOfShippable(int place) const {
  const auto site = Index(sites_[Index(place)]);
  if (network_.lanes_out_of[site].empty()) return false;
  return network_.receives_after_shipping || std::ranges::any_of(network_.lanes_into[site], [&](int lane) {
           return network_.lead_time[Index(lane)] == 0 && network_.takes_orders[Index(lane)];
         });
}

int ReplenishmentLp::AddRow(double lower, double upper, const char* what, const std::string& where, int period) {
  if (!options_.has_names) return model_.AddRow(lower, upper);
  row_labels_.push_back({fmt::format("{} of {}", what, where), period});
  return model_.AddRow(lower, upper, fmt::format("{} in period {}", row_labels_.back().what, period));
}

std::string ReplenishmentLp::NameOfSite(int place) const {
  return options_.has_names ? network_.SiteName(sites_[Index(place)]) : "";
}
std::string ReplenishmentLp::NameOfLane(int place) const {
  return options_.has_names ? network_.LaneName(lanes_[Index(place)]) : "";
}

void ReplenishmentLp::AddShortageRows() {
  const auto add = [&](const std::string& where) {
    return AddRow(-kInfinity, kInfinity, "demand not met at once", where, 0);
  };
  shortage_row_.assign(sites_.size(), -1);
  const bool is_together = options_.shortage_rows == ShortageRows::kTogether;
  const int together = is_together ? add("all sites") : -1;
  for (int place = 0; place < num_places(); ++place) {
    if (!Sells(place) || options_.shortage_rows == ShortageRows::kNone) continue;
    shortage_row_[Index(place)] = is_together ? together : add(NameOfSite(place));
  }
}

void ReplenishmentLp::AddRows(int scenario) {
  for (int place = 0; place < num_places(); ++place) {
    if (host_place_[Index(place)] != place) continue;
    const std::string name = NameOfSite(place);
    for (int period = 0; period < options_.num_periods; ++period)
      balance_(scenario, place, period) = AddRow(0, 0, "stock", name, period);
  }
  for (int place = 0; place < num_places(); ++place) {
    const std::string name = NameOfSite(place);
    for (int period = 0; period < options_.num_periods; ++period) {
      const auto add = [&](IndexTable& table, double lower, double upper, const char* what) {
        table(scenario, place, period) = AddRow(lower, upper, what, name, period);
      };
      if (HasRowOfShippable(place)) add(shippable_, -kInfinity, 0, "what can be shipped");
      if (shipping_capacity_[Index(place)] < kInfinity)
        add(capacity_, -kInfinity, shipping_capacity_[Index(place)], "shipping capacity");
      if (HasBackorders(place)) add(waiting_, -kInfinity, 0, "customers who wait");
      if (ChoosesWhoWaits(place)) add(who_waits_, -kInfinity, 0, "customers who begin to wait");
      if (options_.safety_stock && host_place_[Index(place)] == place) add(safety_, 0, kInfinity, "safety stock");
    }
  }
  for (int place = 0; place < num_lanes(); ++place) {
    const std::string name = NameOfLane(place);
    for (int period = 0; period < options_.num_periods && parts_[Index(place)].waiting_entry >= 0; ++period)
      ordered_(scenario, place, period) = AddRow(0, 0, "orders", name, period);
  }
  for (size_t location = 0; location < locations_.size(); ++location) {
    const std::string& name = network_.location_name[Index(locations_[location])];
    const double capacity = network_.storage_capacity[Index(locations_[location])];
    for (int period = 0; period < options_.num_periods; ++period)
      storage_(scenario, static_cast<int>(location), period) = AddRow(-kInfinity, capacity, "storage", name, period);
  }
  std::vector<bool> is_used(network_.joint_limits.size());
  for (const LaneParts& parts : parts_)
    for (const LpEntry& entry : parts.limits) is_used[Index(entry.row)] = true;
  for (size_t limit = 0; limit < is_used.size(); ++limit) {
    for (int period = 0; period < options_.num_periods && is_used[limit]; ++period)
      joint_(scenario, static_cast<int>(limit), period) =
          AddRow(-kInfinity, network_.joint_limits[limit].limit, "limit", network_.joint_limits[limit].name, period);
  }
}

int ReplenishmentLp::AddColumn(double cost, double upper, const std::vector<LpEntry>& entries, const char* what,
                               const std::string& where, int period) {
  if (!options_.has_names) return model_.AddColumn(cost, 0, upper, entries);
  column_labels_.push_back({fmt::format("{} of {}", what, where), period});
  return model_.AddColumn(cost, 0, upper, entries, fmt::format("{} in period {}", column_labels_.back().what, period));
}

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

int ReplenishmentLp::FirstArrival(int place) const {
  int first = options_.num_periods;
  for (int lane = 0; lane < num_lanes(); ++lane) {
    const auto index = Index(lanes_[Index(lane)]);
    if (network_.lane_destination[index] == sites_[Index(host_place_[Index(place)])])
      first = std::min(first, network_.lead_time[index] + parts_[Index(lane)].delay);
  }
  return first;
}

std::vector<ReplenishmentLp::SharedColumn> ReplenishmentLp::ShipmentColumns(int place, int period) const {
  std::vector<SharedColumn> columns;
  for (size_t level = 0; level < num_groups_.size(); ++level) {
    for (int group = 0; group < num_groups_[level]; ++group)
      if (const int column = shipment_[level](group, place, period); column >= 0)
        columns.push_back({column, 1.0 / num_groups_[level]});
  }
  return columns;
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

/// I is held over the night, takes up storage, and is what the next period begins with.
void ReplenishmentLp::AddStocks(int scenario) {
  for (int place = 0; place < num_places(); ++place) {
    if (host_place_[Index(place)] != place) continue;
    const int site = sites_[Index(place)];
    const auto limited = std::ranges::find(locations_, network_.site_location[Index(site)]);
    for (int period = 0; period < options_.num_periods; ++period) {
      const bool is_last = period + 1 == options_.num_periods;
      double cost = network_.holding_cost[Index(site)];
      if (is_last && options_.credit_leftovers) cost -= network_.unit_value[Index(site)];
      std::vector<LpEntry> entries = {{balance_(scenario, place, period), 1}};
      if (!is_last) {
        entries.push_back({balance_(scenario, place, period + 1), -1});
        if (const int row = shippable_(scenario, place, period + 1); row >= 0) entries.push_back({row, -1});
      }
      if (limited != locations_.end()) {
        const auto location = static_cast<int>(limited - locations_.begin());
        entries.push_back({storage_(scenario, location, period), network_.volume[Index(site)]});
      }
      if (options_.safety_stock) entries.push_back({safety_(scenario, place, period), 1});
      on_hand_(scenario, place, period) =
          AddColumn(cost * Weight(period) * probability_, kInfinity, entries, "stock", NameOfSite(place), period);
    }
  }
}

/// U and, where shortages wait, W: both cost their period's shortage, earn nothing yet, and are asked for again in the
/// next. Where it is chosen who waits, they are a column of their own, at most U.
void ReplenishmentLp::AddShortages(int scenario) {
  for (int place = 0; place < num_places(); ++place) {
    if (!Sells(place)) continue;
    const auto site = Index(sites_[Index(place)]);
    const int host = host_place_[Index(place)];
    const double price = network_.price[site], waiting_cost = network_.stockout_cost[site];
    for (int period = 0; period < options_.num_periods; ++period) {
      const bool is_last = period + 1 == options_.num_periods;
      const int who_waits = who_waits_(scenario, place, period);
      // of one unit that is short now, `asked_again` are in the next period
      const auto add = [&](double stockout_cost, double is_short, double asked_again, double upper,
                           std::vector<LpEntry> entries) {
        double cost = is_short * (stockout_cost + price) * Weight(period);
        if (is_short != 0) entries.push_back({balance_(scenario, host, period), -is_short});
        if (!is_last && asked_again > 0) {
          cost -= asked_again * price * Weight(period + 1);
          entries.push_back({balance_(scenario, host, period + 1), asked_again});
          entries.push_back({waiting_(scenario, place, period + 1), -asked_again});
        }
        return AddColumn(cost * probability_, upper, entries, "shortage", NameOfSite(place), period);
      };
      std::vector<LpEntry> of_unmet;
      if (who_waits >= 0) of_unmet.push_back({who_waits, -1});
      if (const int row = shortage_row_[Index(place)]; row >= 0 && period >= FirstArrival(place))
        of_unmet.push_back({row, probability_});
      const double share = who_waits >= 0 ? 0 : network_.backorder_share[site];
      unmet_(scenario, place, period) = add(options_.shortage_is_free ? 0 : waiting_cost, 1, share, 0, of_unmet);
      if (HasBackorders(place))
        still_waiting_(scenario, place, period) =
            add(waiting_cost, 1, 1, kInfinity, {{waiting_(scenario, place, period), 1}});
      if (who_waits >= 0) add(0, 0, 1, kInfinity, {{who_waits, 1}});
    }
  }
}

void ReplenishmentLp::AddOverflows(int scenario) {
  if (options_.within_storage) return;
  for (size_t location = 0; location < locations_.size(); ++location) {
    const double cost = network_.overflow_cost[Index(locations_[location])];
    for (int period = 0; period < options_.num_periods; ++period)
      AddColumn(cost * Weight(period) * probability_, kInfinity,
                {{storage_(scenario, static_cast<int>(location), period), -1}}, "overflow",
                network_.location_name[Index(locations_[location])], period);
  }
}

void ReplenishmentLp::AddWaste(int scenario) {
  for (int place = 0; place < num_places(); ++place) {
    const double cost = waste_cost_[Index(place)];
    for (int period = 0; period < options_.num_periods && cost >= 0; ++period)
      AddColumn(cost * Weight(period) * probability_, kInfinity, {{balance_(scenario, place, period), 1}}, "waste",
                NameOfSite(place), period);
  }
}

/// Per unit and period that a safety stock is short: so little that it never pays to turn demand away for it while an
/// order is under way.
double ReplenishmentLp::ShortfallCost(int place) const {
  const int site = sites_[Index(place)];
  const auto& echelon = network_.echelon[Index(site)];
  double stockout_cost = 0;
  for (const int below : echelon)
    stockout_cost =
        std::max<double>(stockout_cost, network_.stockout_cost[Index(below)] + network_.price[Index(below)]);
  int longest_protection = 1;
  for (int phase = 0; phase < network_.CalendarCycle(); ++phase) {
    longest_protection = std::max(longest_protection, network_.EchelonProtectionPeriods(site, phase));
  }
  return std::max(stockout_cost / (2 * longest_protection), 2.0 * network_.holding_cost[Index(site)]);
}

void ReplenishmentLp::AddSafetyStocks(int scenario) {
  for (int place = 0; place < num_places(); ++place) {
    if (host_place_[Index(place)] != place) continue;
    const double cost = ShortfallCost(place);
    for (int period = 0; period < options_.num_periods; ++period)
      AddColumn(cost * Weight(period) * probability_, kInfinity, {{safety_(scenario, place, period), 1}},
                "safety stock", NameOfSite(place), period);
  }
}

}  // namespace restock
