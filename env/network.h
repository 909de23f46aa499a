#pragma once

#include <limits>
#include <string>
#include <vector>

#include "env/network_features.h"

namespace restock {

inline constexpr int kOutside = -1;   // origin of a lane that brings goods from outside supply, which never runs short
inline constexpr int kNoSeries = -1;  // of a site without demand of its own
inline constexpr float kUnlimited = std::numeric_limits<float>::infinity();
inline constexpr float kRoundingError = 1e-4f;  // [unit]; what is less counts as nothing where something costs a jump

/// On which periods a lane takes orders.
struct OrderCalendar {
  int cycle = 1;                    // periods after which the pattern repeats: 1, or 7 for week days
  std::vector<bool> open = {true};  // (cycle); entry 0 is a Monday where cycle is 7 and periods are days
  bool IsOpen(int phase) const { return open[static_cast<size_t>(phase % cycle)]; }
};

/// Everything about the supply network that stays the same. A site is one SKU at one location; a lane brings one SKU
/// from one site, or from outside supply, to another site. Arrays by site and by lane, const after Validate().
///
/// Time in periods, goods in units (unit sizes), volume in volume units, money in the currency of the data.
struct Network {
  // locations
  std::vector<std::string> location_name;  // (num_locations)
  std::vector<float> storage_capacity;     // volume that fits, kUnlimited: no limit  [volume] (num_locations)
  std::vector<float>
      overflow_cost;  // per volume above the capacity at period end  [money/volume/period] (num_locations)

  // sites
  std::vector<std::string> site_sku;  // (num_sites)
  std::vector<int> site_location;     // (num_sites)
  std::vector<int> site_series;       // column of the demand, kNoSeries: none of its own  (num_sites)
  std::vector<float> holding_cost;    // h: per unit on hand at period end  [money/unit/period] (num_sites)
  std::vector<float>
      stockout_cost;  // p: per unit short in the period; of backorders, each period  [money/unit] (num_sites)
  std::vector<float> backorder_share;  // of a shortage that waits: 1 backorders, 0 lost sales  (num_sites)
  std::vector<float> volume;           // that one unit takes  [volume/unit] (num_sites)
  std::vector<float> unit_value;  // credit per unit left at the end, on hand or in transit  [money/unit] (num_sites)
  std::vector<float> initial_on_hand;  // [unit] (num_sites)
  std::vector<float> price;            // per unit sold; may be left empty: nothing  [money/unit] (num_sites)

  // lanes
  std::vector<int> lane_origin;       // site or kOutside  (num_lanes)
  std::vector<int> lane_destination;  // site  (num_lanes)
  std::vector<int> lead_time;         // L: ordered at t, usable at the start of t + L, 0: at once  [period] (num_lanes)
  std::vector<float> unit_cost;       // c: per unit shipped  [money/unit] (num_lanes)
  std::vector<float> order_cost;      // K: per period in which anything is shipped  [money] (num_lanes)
  std::vector<float> lane_capacity;   // most units per order, kUnlimited  [unit] (num_lanes)
  std::vector<int> lane_calendar;     // index into calendars  (num_lanes)
  std::vector<int> lane_priority;     // smaller is served earlier; may be left empty: equal  (num_lanes)
  std::vector<float> initial_in_transit;  // in each period of the pipeline; may be left empty  [unit] (num_lanes)
  std::vector<OrderCalendar> calendars;

  // the whole network
  bool is_divisible = false;             // goods flow in any quantity; otherwise in whole units
  bool receives_after_shipping = false;  // what is due is received after the period's shipments have left, not before

  // what only some sites, lanes and locations have
  std::vector<RationingRule> rationing;
  std::vector<ShippingCapacity> shipping_capacities;
  std::vector<Perishable> perishables;
  std::vector<Channel> channels;
  std::vector<Goodwill> goodwill;
  std::vector<EmergencyLane> emergency_lanes;
  std::vector<ReturnLane> return_lanes;
  std::vector<LaneYield> yields;
  std::vector<UnfilledOrders> unfilled_orders;
  std::vector<OrderDelay> order_delays;
  std::vector<OrderSizes> order_sizes;
  std::vector<PipelineCost> pipeline_costs;
  std::vector<VariableLeadTime> variable_lead_times;
  std::vector<Disruption> disruptions;
  std::vector<JointLimit> joint_limits;
  std::vector<Vehicles> vehicles;
  std::vector<int> refusing_locations;  // what does not fit is refused at the door; overflow_cost is paid for it

  int num_locations() const { return static_cast<int>(location_name.size()); }
  int num_sites() const { return static_cast<int>(site_sku.size()); }
  int num_lanes() const { return static_cast<int>(lane_origin.size()); }
  int max_lead_time() const;

  // derived by Validate()
  std::vector<std::vector<int>> lanes_into;    // by site: from suppliers, then transfers, emergencies, returns
  std::vector<std::vector<int>> lanes_out_of;  // by site, in turn where orders compete
  std::vector<int> host_of;                    // by site: itself, but for a channel
  std::vector<bool> has_variable_lead_time;    // by lane
  std::vector<bool> takes_orders;              // by lane: not those of emergencies and returns
  std::vector<bool> is_transfer;               // by lane: within a circle of sites that supply each other
  std::vector<std::vector<int>> sites_at;      // by location
  std::vector<std::vector<int>> echelon;  // by site: itself and every site that it feeds, directly or not; no transfers
  std::vector<int> sites_downstream_first;  // a site comes after its channels and all that it feeds  (num_sites)

  /// Checks sizes, ranges and sense (circles without lead time, sites that no supplier reaches, calendars without an
  /// order day, capacities below the initial stock), throws ConfigError that names the site, location or lane; then
  /// fills what is derived.
  void Validate();

  /// The first feature that a plain network has not, for those who know no others: "perishables"; empty: none.
  std::string FirstFeature() const;

  std::string SiteName(int site) const;  // "milk at north"
  std::string LaneName(int lane) const;  // "milk from central to north"
  /// The site whose stock `site` sells: itself, but for a channel.
  int HostOf(int site) const { return host_of[static_cast<size_t>(site)]; }
  /// The lane on which a site, or a channel's host, usually orders.
  int FirstLane(int site) const { return lanes_into[static_cast<size_t>(HostOf(site))].front(); }
  bool HasVariableLeadTime(int lane) const { return has_variable_lead_time[static_cast<size_t>(lane)]; }
  bool IsSupplier(int site) const { return !lanes_out_of[static_cast<size_t>(site)].empty(); }

  /// Periods until the next order on `lane` may be placed, 0: now. A phase counts periods from any Monday (see
  /// demand_source.h).
  int PeriodsToNextOrder(int lane, int phase) const;
  /// Periods whose demand the next order on `lane` must cover: from `phase` until the order after it can arrive.
  int ProtectionPeriods(int lane, int phase) const;
  /// The same for a site: of its first lane; for a site that feeds others, plus the longest way to a customer below.
  int EchelonProtectionPeriods(int site, int phase) const;
  /// Periods after which all calendars repeat together.
  int CalendarCycle() const;
};

}  // namespace restock
