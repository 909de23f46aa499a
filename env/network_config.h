#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/calendar.h"
#include "common/config_node.h"
#include "common/demand.h"
#include "env/lead_time_process.h"
#include "env/network.h"

namespace restock {

/// Settings of one location, or of every warehouse of the data whose name matches a pattern; of one SKU there, or of
/// all.
struct LocationConfig {
  std::string name;           // of a location; with * for any letters: a pattern of warehouses
  std::string sku = "*";      // of one SKU, or all
  float holding_cost = 0;     // per unit on hand at period end
  float stockout_cost = 0;    // per unit short; needed where something is sold
  float backorder_share = 0;  // of what is short and waits: `shortage: backorders`: 1; `lost_sales`: 0
  float price = 0;            // per unit sold
  float volume = 1;           // of one unit
  float unit_value = 0;       // credit per unit left at the end
  float initial_cover = 0;    // stock at the start, in periods of mean demand; of a central location, of all below it
  float initial_on_hand = 0;  // stock at the start besides, in units
  float storage_capacity = kUnlimited;   // volume that fits
  float storage_cover = kUnlimited;      // the same in periods of the location's mean demand; the smaller counts
  float overflow_cost = 0;               // per volume above it at period end, or per volume refused
  bool refuses_overflow = false;         // `overflow: refuse`: what does not fit is not received
  float shipping_capacity = kUnlimited;  // most units of a SKU shipped in a period
  Rationing rationing = Rationing::kProportional;
  int shelf_life = 0;                // periods in which a unit can be sold; 0: it keeps
  bool sells_newest = false;         // `issue: newest_first`
  float waste_cost = 0;              // per unit wasted
  std::optional<Goodwill> goodwill;  // its site is set later
  std::string sells_from;            // location whose stock this one sells; empty: its own
  std::string where;                 // file:line:column, for messages
};

enum class LaneKind { kOrders, kEmergencies, kReturns };

/// Settings of the lanes between two locations, or between all that match two patterns: one lane per SKU.
struct LaneConfig {
  std::string from;  // a location, or `supplier`: outside supply; of returns, `customers`
  std::string to;
  std::string sku = "*";  // one SKU, or all
  LaneKind kind = LaneKind::kOrders;
  int lead_time = 0;                               // [period]
  std::optional<LeadTimeConfig> chance_lead_time;  // where chance decides it
  float unit_cost = 0;                             // per unit shipped
  float order_cost = 0;                            // per period with a shipment
  float lane_capacity = kUnlimited;                // most units of one SKU per order
  float minimum_order = 0;                         // [unit]
  float pack_size = 1;                             // [unit]
  int priority = 0;                                // smaller is served earlier where orders compete in turn
  float initial_in_transit = 0;                    // units in each period of the pipeline at the start
  float pipeline_cost = 0;                         // per unit under way and period
  bool unfilled_waits = false;                     // `unfilled: wait`
  float unfilled_cost = 0;                         // per unit ordered and not shipped, and period
  int order_delay = 0;                             // periods until an order takes effect
  float initial_order = 0;                         // units that take effect in each of them, ordered before the start
  float share = 1;    // good units of a lane from outside; accepted emergencies; units that come back
  float failure = 0;  // probability that the supplier breaks down, and that it comes back
  float recovery = 1;
  OrderCalendar calendar;      // of `order_days`, or of `review_period` and `review_phase`
  std::vector<bool> receives;  // of `receiving_days`, from Monday; empty: always
  std::string where;
};

/// Lanes that match, their orders together within a limit: `counts` units, volume or money.
struct LimitConfig {
  enum class Counts { kUnits, kVolume, kMoney };
  std::string name, from = "*", to = "*", sku = "*";
  Counts counts = Counts::kUnits;
  float capacity = 0;  // of a period
  std::string where;
};

/// Lanes that match travel in vehicles together.
struct VehicleConfig {
  std::string from, to;
  float size = 1;  // volume
  float cost = 0;  // of each that is begun
  std::string where;
};

/// The `network:` block of a configuration.
struct NetworkConfig {
  bool is_divisible = false;             // `goods: divisible`
  bool receives_after_shipping = false;  // `receive: after_shipping`
  std::vector<LocationConfig> locations;
  std::vector<LaneConfig> lanes;
  std::vector<LimitConfig> limits;
  std::vector<VehicleConfig> vehicles;
};

/// Reads the block. Throws ConfigError with file, line, value and cure.
NetworkConfig ReadNetworkConfig(ConfigNode network);

/// Builds and validates the network that sells `series`: a site per series at its warehouse, and at a location that
/// only feeds others a site per SKU that they sell. `mean_demand`: per period, in units (num_series). Central sites
/// come first.
Network BuildNetwork(const NetworkConfig& config, const std::vector<Series>& series,
                     std::span<const double> mean_demand, PeriodLength period_length);

/// Throws ConfigError where a lead time is no shorter than an episode of `num_periods`, so that nothing would arrive.
/// `network`: built from `config`.
void CheckLeadTimesFit(const NetworkConfig& config, const Network& network, int num_periods);

/// What the forecast of each site is about, for paths that begin at `first_phase` (see PhaseOf in demand_source.h).
std::vector<ForecastTarget> ForecastTargets(const Network& network, int first_phase, int num_periods);

}  // namespace restock
