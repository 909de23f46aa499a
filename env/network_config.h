#pragma once

#include <limits>
#include <span>
#include <string>
#include <vector>

#include "common/calendar.h"
#include "common/config_node.h"
#include "common/demand.h"
#include "env/network.h"

namespace restock {

/// Settings of one location, or of every warehouse of the data whose name matches a pattern.
struct LocationConfig {
  std::string name;         // of a location; with * for any letters: a pattern of warehouses
  float holding_cost = 0;   // per unit on hand at period end
  float stockout_cost = 0;  // per unit short; needed where something is sold
  bool backorders = false;  // `shortage: backorders`: what is short waits; otherwise the sale is lost
  float volume = 1;         // of one unit
  float unit_value = 0;     // credit per unit left at the end
  float initial_cover = 0;  // stock at the start, in periods of mean demand; of a central location, of all below it
  float storage_capacity = kUnlimited;  // volume that fits
  float storage_cover = kUnlimited;     // the same in periods of the location's mean demand; the smaller of both counts
  float overflow_cost = 0;              // per volume above it at period end
  std::string where;                    // file:line:column, for messages
};

/// Settings of the lanes between two locations, or between all that match two patterns: one lane per SKU.
struct LaneConfig {
  std::string from;  // a location, or `supplier`: outside supply
  std::string to;
  int lead_time = 0;                 // [period]
  float unit_cost = 0;               // per unit shipped
  float order_cost = 0;              // per period with a shipment
  float lane_capacity = kUnlimited;  // most units of one SKU per order
  OrderCalendar calendar;            // of `order_days`, or of `review_period` and `review_phase`
  std::string where;
};

/// The `network:` block of a configuration.
struct NetworkConfig {
  std::vector<LocationConfig> locations;
  std::vector<LaneConfig> lanes;
};

/// Reads the block. Throws ConfigError with file, line, value and cure.
NetworkConfig ReadNetworkConfig(ConfigNode network);

/// Builds and validates the network that sells `series`: a site per series at its warehouse, and at a location that
/// only feeds others a site per SKU that they sell. `mean_demand`: per period, in units (num_series). Central sites
/// come first.
Network BuildNetwork(const NetworkConfig& config, const std::vector<Series>& series,
                     std::span<const double> mean_demand, PeriodLength period_length);

/// What the forecast of each site is about, for paths that begin at `first_phase` (see PhaseOf in demand_source.h).
std::vector<ForecastTarget> ForecastTargets(const Network& network, int first_phase, int num_periods);

}  // namespace restock
