#pragma once

#include <string>
#include <vector>

#include "env/network.h"

namespace restock {

/// The features of a site's observation, in units, periods and money, always in this order; scaling is the network's business.
/// After the named ones follow `pipeline_1` ... `pipeline_N`: units that arrive 1, 2, ... periods from now, N the longest lead time.
enum Feature {
  kOnHand,               // on_hand
  kBackorders,           // backorders
  kInTransit,            // in_transit: units under way to the site
  kInventoryPosition,    // inventory_position: on hand - backorders + in transit
  kEchelonPosition,      // echelon_position: of the site and all that it feeds, and on the way among them; else its own position
  kForecastMeanFeature,  // forecast_mean: of the target's demand over the protection periods
  kForecastQ50,          // forecast_q0.5, _q0.7, _q0.8, _q0.9, _q0.95, _q0.975
  kForecastQ70,
  kForecastQ80,
  kForecastQ90,
  kForecastQ95,
  kForecastQ975,
  kForecastNext,         // forecast_next: mean of the coming period alone
  kProtectionPeriods,    // protection_periods
  kPeriodsToNextOrder,   // periods_to_next_order: 0: an order may be placed now
  kLeadTime,             // lead_time of the first lane
  kSupplierOnHand,       // supplier_on_hand: units at the origin of the first lane; the forecast mean where that is outside supply
  kSupplierCover,        // supplier_cover: the origin's on hand over the summed forecast of the sites that it feeds, at most 10
  kFreeCapacity,         // free_capacity: what still fits at the location beyond on hand, in units of this site's SKU, at most 1e6
  kHasOwnDemand,         // has_own_demand: 1, or 0 for a site that only feeds others
  kHoldingCost,          // holding_cost
  kStockoutCost,         // stockout_cost
  kUnitCost,             // unit_cost of the first lane
  kOrderCost,            // order_cost of the first lane
  kSeasonSin,            // season_sin, season_cos: phase within the week (or year, for weeks)
  kSeasonCos,
  kFirstPipelineFeature
};

/// Names of all features for a network, as they go into exports: `on_hand` ... `season_cos`, `pipeline_1` ...
std::vector<std::string> FeatureNames(const Network& network);

}  // namespace restock
