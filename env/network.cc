#include "env/network.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "common/error.h"
#include "env/network_checks.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

/// Sites that supply each other in a circle, found as in Tarjan 1972; a component comes after all that it feeds.
class Components {
 public:
  /// `counts(lane)`: whether a lane is looked at; all of them have an origin.
  template <class Counts>
  Components(const Network& network, Counts counts)
      : component_(Index(network.num_sites()), kNone), number_(Index(network.num_sites()), kNone), low_(number_) {
    for (int site = 0; site < network.num_sites(); ++site)
      if (number_[Index(site)] == kNone) Visit(network, counts, site);
  }

  int of(int site) const { return component_[Index(site)]; }
  /// By component, and within one in the order of the network.
  const std::vector<std::vector<int>>& members() const { return members_; }

 private:
  static constexpr int kNone = -1;

  template <class Counts>
  void Visit(const Network& network, Counts counts, int site) {
    const auto i = Index(site);
    number_[i] = low_[i] = next_++;
    open_.push_back(site);
    for (const int lane : network.lanes_out_of[i]) {
      if (!counts(lane)) continue;
      const int below = network.lane_destination[Index(lane)];
      if (number_[Index(below)] == kNone) Visit(network, counts, below);
      if (component_[Index(below)] == kNone) low_[i] = std::min(low_[i], low_[Index(below)]);
    }
    if (low_[i] == number_[i]) Close(site);
  }

  void Close(int site) {
    std::vector<int> members;
    do {
      members.push_back(open_.back());
      component_[Index(open_.back())] = static_cast<int>(members_.size());
      open_.pop_back();
    } while (members.back() != site);
    std::sort(members.begin(), members.end());
    members_.push_back(std::move(members));
  }

  std::vector<int> component_;
  std::vector<int> number_;  // in the order of the first visit
  std::vector<int> low_;     // the smallest number that can be reached within the component
  std::vector<int> open_;
  std::vector<std::vector<int>> members_;
  int next_ = 0;
};

// goods could go round within a period; those of emergencies go to a customer, not to the next lane
void CheckCircles(const Network& network) {
  const Components immediate(
      network, [&](int lane) { return network.lead_time[Index(lane)] == 0 && network.takes_orders[Index(lane)]; });
  for (const std::vector<int>& members : immediate.members()) {
    if (members.size() == 1) continue;
    // any of its lanes tells where it is
    int lane = 0;
    while (network.lead_time[Index(lane)] > 0 || network.lane_origin[Index(lane)] != members.front() ||
           immediate.of(network.lane_destination[Index(lane)]) != immediate.of(members.front()))
      ++lane;
    throw NetworkError(fmt::format("the lanes form a circle without lead time through {}: remove one of them, or give "
                                   "it a lead time.",
                                   network.SiteName(members.front())),
                       -1, lane);
  }
}

// lanes within a circle are transfers
void MarkTransfers(const Components& components, Network& network) {
  network.is_transfer.assign(Index(network.num_lanes()), false);
  for (int lane = 0; lane < network.num_lanes(); ++lane) {
    const int origin = network.lane_origin[Index(lane)];
    if (origin != kOutside && network.takes_orders[Index(lane)])
      network.is_transfer[Index(lane)] = components.of(origin) == components.of(network.lane_destination[Index(lane)]);
  }
  const auto rank = [&](int lane) {
    return !network.takes_orders[Index(lane)] ? 2 : network.is_transfer[Index(lane)] ? 1 : 0;
  };
  for (auto& lanes : network.lanes_into)
    std::stable_sort(lanes.begin(), lanes.end(), [&](int a, int b) { return rank(a) < rank(b); });
}

// the other lanes make echelons, which grow from the customers upwards
void MakeEchelons(const Components& components, Network& network) {
  network.sites_downstream_first.clear();
  for (const Channel& channel : network.channels) network.sites_downstream_first.push_back(channel.site);
  for (const std::vector<int>& component : components.members()) {
    for (const int site : component)
      if (network.HostOf(site) == site) network.sites_downstream_first.push_back(site);
  }
  network.echelon.assign(Index(network.num_sites()), {});
  for (const int site : network.sites_downstream_first) {
    std::vector<int>& members = network.echelon[Index(site)];
    members.push_back(site);
    for (const Channel& channel : network.channels)
      if (channel.host == site) members.push_back(channel.site);
    for (const int lane : network.lanes_out_of[Index(site)]) {
      if (network.is_transfer[Index(lane)] || !network.takes_orders[Index(lane)]) continue;
      const auto& below = network.echelon[Index(network.lane_destination[Index(lane)])];
      members.insert(members.end(), below.begin(), below.end());
    }
    std::sort(members.begin(), members.end());
    members.erase(std::unique(members.begin(), members.end()), members.end());
  }
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
    if (network.is_transfer[Index(lane)] || !network.takes_orders[Index(lane)]) continue;
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
  // what may be left empty
  if (price.empty()) price.resize(Index(num_sites()));
  if (lane_priority.empty()) lane_priority.resize(Index(num_lanes()));
  if (initial_in_transit.empty()) initial_in_transit.resize(Index(num_lanes()));
  CheckLocations(*this);
  CheckSites(*this);
  CheckLanes(*this);
  CheckFeatures(*this);

  // what chance and emergencies make special
  host_of.resize(Index(num_sites()));
  std::iota(host_of.begin(), host_of.end(), 0);
  for (const Channel& channel : channels) host_of[Index(channel.site)] = channel.host;
  has_variable_lead_time.assign(Index(num_lanes()), false);
  for (const VariableLeadTime& entry : variable_lead_times) has_variable_lead_time[Index(entry.lane)] = true;
  takes_orders.assign(Index(num_lanes()), true);
  for (const EmergencyLane& entry : emergency_lanes) takes_orders[Index(entry.lane)] = false;
  for (const ReturnLane& entry : return_lanes) takes_orders[Index(entry.lane)] = false;

  // who feeds whom, what stands where
  lanes_into.assign(Index(num_sites()), {});
  lanes_out_of.assign(Index(num_sites()), {});
  sites_at.assign(Index(num_locations()), {});
  for (int lane = 0; lane < num_lanes(); ++lane) {
    lanes_into[Index(lane_destination[Index(lane)])].push_back(lane);
    if (lane_origin[Index(lane)] != kOutside) lanes_out_of[Index(lane_origin[Index(lane)])].push_back(lane);
  }
  for (int site = 0; site < num_sites(); ++site) sites_at[Index(site_location[Index(site)])].push_back(site);
  for (auto& lanes : lanes_out_of) {
    std::stable_sort(lanes.begin(), lanes.end(),
                     [&](int a, int b) { return lane_priority[Index(a)] < lane_priority[Index(b)]; });
  }
  CheckSupply(*this);
  CheckInitialStockFits(*this);
  CheckCircles(*this);

  // echelons
  const Components components(*this, [&](int lane) { return static_cast<bool>(takes_orders[Index(lane)]); });
  MarkTransfers(components, *this);
  MakeEchelons(components, *this);
}

std::string Network::FirstFeature() const {
  const std::pair<bool, const char*> features[] = {
      {is_divisible, "divisible goods"},
      {receives_after_shipping, "receipt after shipping"},
      {std::any_of(price.begin(), price.end(), [](float p) { return p != 0; }), "prices"},
      {std::any_of(is_transfer.begin(), is_transfer.end(), [](bool b) { return b; }), "transfers"},
      {std::any_of(initial_in_transit.begin(), initial_in_transit.end(), [](float u) { return u != 0; }),
       "goods under way at the start"},
      {!rationing.empty(), "rationing that is not proportional"},
      {!shipping_capacities.empty(), "shipping capacities"},
      {!perishables.empty(), "perishable goods"},
      {!channels.empty(), "channels"},
      {!goodwill.empty(), "goodwill"},
      {!emergency_lanes.empty(), "emergency lanes"},
      {!return_lanes.empty(), "returns"},
      {!yields.empty(), "yields"},
      {!unfilled_orders.empty(), "orders that wait"},
      {!order_delays.empty(), "order delays"},
      {!order_sizes.empty(), "pack sizes and minimum orders"},
      {!pipeline_costs.empty(), "pipeline costs"},
      {!variable_lead_times.empty(), "lead times that vary"},
      {!disruptions.empty(), "disruptions"},
      {!joint_limits.empty(), "joint limits"},
      {!vehicles.empty(), "vehicles"},
      {!refusing_locations.empty(), "storage that refuses"}};
  for (const auto& [is_there, name] : features)
    if (is_there) return name;
  return "";
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
  return ProtectionPeriods(FirstLane(site), phase) + LongestWayDown(*this, site);
}

int Network::CalendarCycle() const {
  int cycle = 1;
  for (const OrderCalendar& calendar : calendars) cycle = std::lcm(cycle, calendar.cycle);
  return cycle;
}

}  // namespace restock
