#include "env/network.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "common/check.h"
#include "common/error.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

// Goods are counted in `float`, which holds whole numbers exactly up to 2^24; a stock stays well below.
constexpr float kMostUnits = 1 << 20;
constexpr int kLongestLeadTime = 1000;

/// The checks of Validate(), one group of arrays each.
class NetworkChecks {
 public:
  explicit NetworkChecks(const Network& network) : network_(network) {}

  void CheckLocations() const {
    const size_t count = network_.location_name.size();
    RESTOCK_CHECK_EQ(network_.storage_capacity.size(), count);
    RESTOCK_CHECK_EQ(network_.overflow_cost.size(), count);
    for (size_t i = 0; i < count; ++i) {
      const std::string name = "location " + network_.location_name[i];
      Require(network_.storage_capacity[i] > 0, name, "storage_capacity", "above 0", network_.storage_capacity[i]);
      RequireCost(name, "overflow_cost", network_.overflow_cost[i]);
    }
  }

  void CheckSites() const {
    const size_t count = network_.site_sku.size();
    if (count == 0) throw ConfigError("network: there is no site: no location sells or stores any SKU.");
    for (const auto* values : {&network_.holding_cost, &network_.stockout_cost, &network_.backorder_share,
                               &network_.volume, &network_.unit_value, &network_.initial_on_hand})
      RESTOCK_CHECK_EQ(values->size(), count);
    RESTOCK_CHECK_EQ(network_.site_location.size(), count);
    RESTOCK_CHECK_EQ(network_.site_series.size(), count);
    for (int site = 0; site < network_.num_sites(); ++site) CheckSite(site);
  }

  void CheckLanes() const {
    const size_t count = network_.lane_origin.size();
    RESTOCK_CHECK_EQ(network_.lane_destination.size(), count);
    RESTOCK_CHECK_EQ(network_.lead_time.size(), count);
    RESTOCK_CHECK_EQ(network_.lane_calendar.size(), count);
    for (const auto* values : {&network_.unit_cost, &network_.order_cost, &network_.lane_capacity})
      RESTOCK_CHECK_EQ(values->size(), count);
    for (int lane = 0; lane < network_.num_lanes(); ++lane) CheckLane(lane);
  }

  void CheckSupply() const {
    for (int site = 0; site < network_.num_sites(); ++site) {
      if (!network_.lanes_into[Index(site)].empty()) continue;
      throw ConfigError(fmt::format("network: nobody supplies {}: add a lane to {}.", network_.SiteName(site),
                                    network_.location_name[Index(network_.site_location[Index(site)])]));
    }
  }

  void CheckInitialStockFits() const {
    for (int location = 0; location < network_.num_locations(); ++location) {
      float used = 0;
      for (const int site : network_.sites_at[Index(location)])
        used += network_.volume[Index(site)] * network_.initial_on_hand[Index(site)];
      if (used <= network_.storage_capacity[Index(location)]) continue;
      throw ConfigError(
          fmt::format("network: location {}: its initial stock takes a volume of {}, but storage_capacity is {}: "
                      "start with less or store more.",
                      network_.location_name[Index(location)], used, network_.storage_capacity[Index(location)]));
    }
  }

 private:
  void CheckSite(int site) const {
    const size_t i = Index(site);
    RESTOCK_CHECK(network_.site_location[i] >= 0 && network_.site_location[i] < network_.num_locations());
    const std::string name = network_.SiteName(site);
    RequireCost(name, "holding_cost", network_.holding_cost[i]);
    RequireCost(name, "stockout_cost", network_.stockout_cost[i]);
    RequireCost(name, "unit_value", network_.unit_value[i]);
    const float share = network_.backorder_share[i];
    Require(share >= 0 && share <= 1, name, "backorder_share", "between 0 and 1", share);
    const float volume = network_.volume[i];
    Require(volume >= 0 && std::isfinite(volume), name, "volume", "at least 0 and finite", volume);
    const float stock = network_.initial_on_hand[i];
    Require(stock >= 0 && stock <= kMostUnits && stock == std::floor(stock), name, "initial_on_hand",
            "a whole number of units from 0 to 2^20", stock);
  }

  void CheckLane(int lane) const {
    const size_t i = Index(lane);
    const int origin = network_.lane_origin[i];
    const int destination = network_.lane_destination[i];
    RESTOCK_CHECK(origin == kOutside || (origin >= 0 && origin < network_.num_sites()));
    RESTOCK_CHECK(destination >= 0 && destination < network_.num_sites());
    const std::string name = "lane " + network_.LaneName(lane);
    if (origin != kOutside && network_.site_sku[Index(origin)] != network_.site_sku[Index(destination)])
      throw ConfigError(fmt::format("network: {} takes {} and brings {}: a lane carries one SKU.", name,
                                    network_.site_sku[Index(origin)], network_.site_sku[Index(destination)]));
    const int lead_time = network_.lead_time[i];
    Require(lead_time >= 0 && lead_time <= kLongestLeadTime, name, "lead_time", "from 0 to 1000 periods", lead_time);
    RequireCost(name, "unit_cost", network_.unit_cost[i]);
    RequireCost(name, "order_cost", network_.order_cost[i]);
    Require(network_.lane_capacity[i] > 0, name, "lane_capacity", "above 0", network_.lane_capacity[i]);
    CheckCalendar(network_.lane_calendar[i], name);
  }

  void CheckCalendar(int index, const std::string& lane) const {
    RESTOCK_CHECK(index >= 0 && Index(index) < network_.calendars.size());
    const OrderCalendar& calendar = network_.calendars[Index(index)];
    RESTOCK_CHECK_EQ(calendar.open.size(), Index(calendar.cycle));
    if (std::none_of(calendar.open.begin(), calendar.open.end(), [](bool open) { return open; }))
      throw ConfigError(fmt::format("network: {}: its calendar has no order day: open one.", lane));
  }

  static void RequireCost(const std::string& name, const char* what, float value) {
    Require(value >= 0 && std::isfinite(value), name, what, "at least 0 and finite", value);
  }

  static void Require(bool holds, const std::string& name, const char* what, const char* range, auto value) {
    if (!holds) throw ConfigError(fmt::format("network: {}: {} must be {}, but is {}.", name, what, range, value));
  }

  const Network& network_;
};

// A site comes after all that it feeds; throws where goods could go round in a circle.
std::vector<int> SortDownstreamFirst(const Network& network) {
  enum class Mark : char { kNew, kOpen, kDone };
  std::vector<Mark> mark(Index(network.num_sites()), Mark::kNew);
  std::vector<int> order;
  const auto visit = [&](const auto& self, int site) -> void {
    if (mark[Index(site)] == Mark::kDone) return;
    if (mark[Index(site)] == Mark::kOpen)
      throw ConfigError(
          fmt::format("network: the lanes form a circle through {}: remove one of them.", network.SiteName(site)));
    mark[Index(site)] = Mark::kOpen;
    for (const int lane : network.lanes_out_of[Index(site)]) self(self, network.lane_destination[Index(lane)]);
    mark[Index(site)] = Mark::kDone;
    order.push_back(site);
  };
  for (int site = 0; site < network.num_sites(); ++site) visit(visit, site);
  return order;
}

// Longest wait between two order days: 1 when every period is open.
int LongestGap(const OrderCalendar& calendar) {
  int longest = 0;
  int closed = 0;
  for (int phase = 0; phase < 2 * calendar.cycle; ++phase) {
    closed = calendar.IsOpen(phase) ? 0 : closed + 1;
    longest = std::max(longest, closed);
  }
  return longest + 1;
}

// Lead times and waits for order days from `site` down to the farthest customer.
int LongestWayDown(const Network& network, int site) {
  int longest = 0;
  for (const int lane : network.lanes_out_of[Index(site)]) {
    const int wait = LongestGap(network.calendars[Index(network.lane_calendar[Index(lane)])]) - 1;
    const int below = LongestWayDown(network, network.lane_destination[Index(lane)]);
    longest = std::max(longest, network.lead_time[Index(lane)] + wait + below);
  }
  return longest;
}

}  // namespace

std::string Network::SiteName(int site) const {
  return site_sku[Index(site)] + " at " + location_name[Index(site_location[Index(site)])];
}

std::string Network::LaneName(int lane) const {
  const int origin = lane_origin[Index(lane)];
  const int destination = lane_destination[Index(lane)];
  const std::string from = origin == kOutside ? "supplier" : location_name[Index(site_location[Index(origin)])];
  return fmt::format("{} from {} to {}", site_sku[Index(destination)], from,
                     location_name[Index(site_location[Index(destination)])]);
}

int Network::max_lead_time() const {
  return lead_time.empty() ? 0 : *std::max_element(lead_time.begin(), lead_time.end());
}

void Network::Validate() {
  const NetworkChecks checks(*this);
  checks.CheckLocations();
  checks.CheckSites();
  checks.CheckLanes();

  // who feeds whom, what stands where
  lanes_into.assign(Index(num_sites()), {});
  lanes_out_of.assign(Index(num_sites()), {});
  sites_at.assign(Index(num_locations()), {});
  for (int lane = 0; lane < num_lanes(); ++lane) {
    lanes_into[Index(lane_destination[Index(lane)])].push_back(lane);
    if (lane_origin[Index(lane)] != kOutside) lanes_out_of[Index(lane_origin[Index(lane)])].push_back(lane);
  }
  for (int site = 0; site < num_sites(); ++site) sites_at[Index(site_location[Index(site)])].push_back(site);
  checks.CheckSupply();
  checks.CheckInitialStockFits();

  // echelons grow from the customers upwards
  sites_downstream_first = SortDownstreamFirst(*this);
  echelon.assign(Index(num_sites()), {});
  for (const int site : sites_downstream_first) {
    std::vector<int>& members = echelon[Index(site)];
    members.push_back(site);
    for (const int lane : lanes_out_of[Index(site)]) {
      const auto& below = echelon[Index(lane_destination[Index(lane)])];
      members.insert(members.end(), below.begin(), below.end());
    }
    std::sort(members.begin(), members.end());
    members.erase(std::unique(members.begin(), members.end()), members.end());
  }
}

int Network::PeriodsToNextOrder(int lane, int phase) const {
  const OrderCalendar& calendar = calendars[Index(lane_calendar[Index(lane)])];
  int wait = 0;
  while (!calendar.IsOpen(phase + wait)) ++wait;
  return wait;
}

int Network::ProtectionPeriods(int lane, int phase) const {
  const int next = PeriodsToNextOrder(lane, phase);
  const int after_next = next + 1 + PeriodsToNextOrder(lane, phase + next + 1);
  return after_next + lead_time[Index(lane)];
}

int Network::EchelonProtectionPeriods(int site, int phase) const {
  return ProtectionPeriods(lanes_into[Index(site)].front(), phase) + LongestWayDown(*this, site);
}

int Network::CalendarCycle() const {
  int cycle = 1;
  for (const OrderCalendar& calendar : calendars) cycle = std::lcm(cycle, calendar.cycle);
  return cycle;
}

}  // namespace restock
