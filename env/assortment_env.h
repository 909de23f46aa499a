#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "env/aligned_vector.h"
#include "env/assortment_demand.h"
#include "env/network.h"
#include "env/network_state.h"

namespace restock {

/// What each SKU of an assortment has of its own, by site or lane of the template: [row][sku]; or [sku], the same at
/// all rows; or empty: the template's numbers for every SKU. Units as in network.h.
struct AssortmentParameters {
  int num_skus = 0;
  std::vector<float> holding_cost = {};  // (num_sites x num_skus), as the next four
  std::vector<float> stockout_cost = {};
  std::vector<float> price = {};
  std::vector<float> volume = {};
  std::vector<float> initial_on_hand = {};
  std::vector<float> unit_cost = {};  // (num_lanes x num_skus), as the next
  std::vector<float> order_cost = {};
  // what a unit takes of a limit or a vehicle, by entry of the template's list; those missing at the end: the
  // template's
  std::vector<std::vector<float>> limit_weight = {};  // (lanes of the entry x num_skus)
  std::vector<std::vector<float>> vehicle_weight = {};
};

struct AssortmentConfig {
  int num_threads = 1;         // 0: one per core
  int first_phase = 0;         // of the order calendars, see demand_source.h
  bool keep_outcomes = false;  // fill AssortmentBatch::demand, sold, shipped; without them steps are faster
};

/// What an assortment observes of each site, in units.
enum AssortmentFeature {
  kAssortmentOnHand,
  kAssortmentInTransit,          // under way to the site
  kAssortmentInventoryPosition,  // on hand - backorders + in transit
  kAssortmentForecastMean,       // mean demand over the protection periods, of the site and all that it feeds
  kNumAssortmentFeatures
};
inline constexpr std::array<const char*, kNumAssortmentFeatures> kAssortmentFeatureNames = {
    "on_hand", "in_transit", "inventory_position", "forecast_mean"};

/// What a step returns. Blocks of kBlockSize SKUs outermost, SKUs innermost; behind the last SKU nothing is ever there.
struct AssortmentBatch {
  AlignedVector observation;                    // [block][feature][site][sku]
  AlignedVector site_cost;                      // the cost of a lane at its destination  [block][site][sku]
  AlignedVector demand, sold;                   // where outcomes are kept  [block][site][sku]
  AlignedVector shipped;                        // [block][lane][sku]
  std::array<double, kNumCostKinds> cost = {};  // of all SKUs, by kind
  double TotalCost() const;
};

/// One environment of very many SKUs: all have the sites, lanes, lead times, calendars and features of a template, a
/// network of usually one SKU, and costs, volumes and demand of their own. The same dynamics as VectorEnv, a column
/// being a SKU instead of a copy. What sites and lanes share in the template (storage, joint limits, vehicles) all SKUs
/// share; a supplier that breaks down does so for all of them, what chance decides else it decides for each.
///
///   AssortmentEnv env(network, {.num_skus = 100'000, .holding_cost = ...}, demand, {.num_threads = 2});
///   AssortmentBatch batch = env.MakeBatch();
///   env.Reset(seed, batch);
///   while (...) { policy(...); env.Step(orders, batch); }
///
/// It runs as long as it is asked to; nothing is credited at an end. The same seed gives the same bits with any number
/// of threads: sums over SKUs are made block by block, in double.
class AssortmentEnv {
 public:
  /// Throws ConfigError where parameters are too few, too many, below zero or not finite.
  AssortmentEnv(std::shared_ptr<const Network> network, const AssortmentParameters& parameters,
                std::shared_ptr<const AssortmentDemand> demand, AssortmentConfig config = {});
  ~AssortmentEnv();
  AssortmentEnv(AssortmentEnv&&) noexcept;

  const Network& network() const;
  int num_skus() const;
  int num_blocks() const;
  AssortmentBatch MakeBatch() const;

  /// Begins anew; fills only `observation`.
  void Reset(uint64_t seed, AssortmentBatch& batch);
  /// `orders`: wanted units, [block][lane][sku]; anything not feasible is made so (order_decoder.h). Allocates nothing.
  void Step(std::span<const float> orders, AssortmentBatch& batch);

  int period() const;
  const NetworkState& state(int block) const;
  /// Everything that must be kept to go on exactly from here. Load() throws DataError where it was saved by another
  /// kind of environment; it does not fill a batch: Observe() does.
  std::string Save() const;
  void Load(const std::string& saved);
  void Observe(AssortmentBatch& batch) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace restock
