#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <vector>

#include "env/demand_source.h"
#include "env/network.h"
#include "env/network_state.h"
#include "env/row_value.h"

namespace restock {

/// The features of a site's observation, in units, periods and money, always in this order; scaling is the network's
/// business. After the named ones follow `pipeline_1` ... `pipeline_N`: units that arrive 1, 2, ... N periods from now,
/// N one less than the longest lead time (the last order has arrived before a lane's next decision); in `pipeline_N` is
/// also what comes later; then, where stock is kept by age, `age_1` ... `age_M`: units on hand with 1, 2, ... M periods
/// left to be sold.
enum Feature {
  kOnHand,               // on_hand
  kBackorders,           // backorders
  kInTransit,            // in_transit: units under way to the site
  kInventoryPosition,    // inventory_position: on hand - backorders + in transit + ordered and not yet shipped
  kEchelonPosition,      // echelon_position: of the site and all that it feeds, and on the way among them; else its own
                         // position
  kForecastMeanFeature,  // forecast_mean: of the target's demand over the protection periods
  kForecastQ50,          // forecast_q0.5, _q0.7, _q0.8, _q0.9, _q0.95, _q0.975
  kForecastQ70,
  kForecastQ80,
  kForecastQ90,
  kForecastQ95,
  kForecastQ975,
  kForecastNext,        // forecast_next: mean of the coming period alone
  kProtectionPeriods,   // protection_periods
  kPeriodsToNextOrder,  // periods_to_next_order: 0: an order may be placed now
  kLeadTime,            // lead_time of the first lane
  kSupplierOnHand,  // supplier_on_hand: units at the origin of the first lane; the forecast mean where that is outside
                    // supply
  kSupplierCover,   // supplier_cover: the origin's on hand over the summed forecast of the sites that it feeds, at most
                    // 10
  kFreeCapacity,  // free_capacity: what still fits at the location beyond on hand, in units of this site's SKU, at most
                  // 1e6
  kHasOwnDemand,  // has_own_demand: 1, or 0 for a site that only feeds others
  kHoldingCost,   // holding_cost
  kStockoutCost,  // stockout_cost
  kUnitCost,      // unit_cost of the first lane
  kOrderCost,     // order_cost of the first lane
  kSeasonSin,     // season_sin, season_cos: phase within the week (or year, for weeks)
  kSeasonCos,
  kFirstPipelineFeature
};

/// Names of all features for a network, as they go into exports: `on_hand` ... `season_cos`, `pipeline_1` ...
std::vector<std::string> FeatureNames(const Network& network);

/// The moment that is observed.
struct ObservationMoment {
  int period = 0;                  // of the episode
  int phase = 0;                   // of the order calendars
  std::span<const int> scenarios;  // of the block's environments  (kBlockSize)
};

/// Computes the features of all sites for one block of environments.
class Observer {
 public:
  /// `features`: indices into FeatureNames(network), in the order of the columns. Network and demand must outlive the
  /// observer.
  Observer(const Network& network, const DemandSource& demand, std::vector<int> features);

  /// What sites need to know of each other, one per thread.
  struct Scratch {
    explicit Scratch(const Network& network);
    AlignedVector position;       // on hand - backorders + in transit  (num_sites)
    AlignedVector forecast_mean;  // (num_sites)
    AlignedVector cover;          // of sites that feed others: on hand over the forecasts of these  (num_sites)
    AlignedVector free_volume;    // (num_locations)
  };

  /// Writes the features that change, `observation`: [feature][site][env]. Where `goes_to_memory`, past the caches:
  /// right for a batch that is larger than they are, and would only drive out the state.
  void Observe(const NetworkState& state, const ObservationMoment& moment, Scratch& scratch, float* observation,
               bool goes_to_memory) const;
  /// Writes the features that never change, the same in every block: costs, lead times, forecasts of steady demand ...
  void WriteConstants(float* observation) const;

 private:
  struct Column {
    int feature = 0;
    ptrdiff_t offset = 0;  // in an observation
  };
  struct Calendar {
    std::vector<float> protection_periods;     // (num_sites)
    std::vector<float> periods_to_next_order;  // (num_sites)
  };
  struct OpenOrderEntries {
    std::vector<int> unfilled;  // of Network::unfilled_orders
    std::vector<int> delayed;   // of Network::order_delays
  };
  struct SiteStock;

  bool IsConstant(int feature) const;
  bool Needs(std::initializer_list<int> features) const;
  SiteStock StockOf(const NetworkState& state, int site) const;
  void PrepareScratch(const NetworkState& state, const ObservationMoment& moment, Scratch& scratch) const;
  template <class How>
  void WriteSites(const NetworkState& state, const ObservationMoment& moment, Scratch& scratch,
                  float* observation) const;
  RowValue ForecastMean(int site, const Scratch& scratch) const;
  RowValue SiteFeature(int feature, int site, const SiteStock& stock, const NetworkState& state,
                       const ObservationMoment& moment, const Scratch& scratch) const;
  float SameEverywhere(int feature, int site, int phase) const;
  RowValue PipelineFeature(int first_ahead, int site, const NetworkState& state) const;
  RowValue AgeFeature(int periods_left, int site, const NetworkState& state) const;
  RowValue OpenOrders(int site, const NetworkState& state) const;

  const Network& network_;
  const DemandSource& demand_;
  std::vector<Column> forecast_columns_;  // written column by column: features of the demand source ...
  std::vector<Column> site_columns_;      // ... site by site: all others that change ...
  std::vector<Column> constant_columns_;  // ... once: those that do not
  std::vector<int> first_lane_;           // (num_sites)
  int num_pipeline_features_;
  std::vector<float> fixed_forecast_;  // mean, where forecasts never change  (num_sites)
  std::vector<Calendar> calendars_;    // by phase of the network's calendar cycle
  static constexpr int kNotPerishable = -1;
  std::vector<int> perishable_;                // entry of Network::perishables, or kNotPerishable  (num_sites)
  std::vector<OpenOrderEntries> open_orders_;  // on the lanes into a site  (num_sites)
};

}  // namespace restock
