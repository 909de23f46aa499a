#include "env/observation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "common/check.h"
#include "env/row_store.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

constexpr float kMostCover = 10;  // supplier_cover
constexpr float kLeastForecast = 1e-6f;
constexpr float kMostFreeCapacity = 1e6f;  // free_capacity
constexpr float kLeastVolume = 1e-6f;

constexpr const char* kFeatureNames[] = {
    "on_hand",        "backorders",       "in_transit",     "inventory_position", "echelon_position",
    "forecast_mean",  "forecast_q0.5",    "forecast_q0.7",  "forecast_q0.8",      "forecast_q0.9",
    "forecast_q0.95", "forecast_q0.975",  "forecast_next",  "protection_periods", "periods_to_next_order",
    "lead_time",      "supplier_on_hand", "supplier_cover", "free_capacity",      "has_own_demand",
    "holding_cost",   "stockout_cost",    "unit_cost",      "order_cost",         "season_sin",
    "season_cos"};
static_assert(std::size(kFeatureNames) == kFirstPipelineFeature);

int NumPipelineFeatures(const Network& network) { return std::max(0, network.max_lead_time() - 1); }

int LongestShelfLife(const Network& network) {
  int longest = 0;
  for (const Perishable& entry : network.perishables) longest = std::max(longest, entry.shelf_life);
  return longest;
}

RowValue Value(const ConstRow& row) { return RowValue::Load(row.data()); }

/// Units under way to a site.
[[gnu::always_inline]] inline RowValue UnitsUnderWay(const Network& network, const NetworkState& state, int site) {
  RowValue sum;
  for (const int lane : network.lanes_into[Index(site)]) {
    for (int slot = 0; slot < network.lead_time[Index(lane)]; ++slot) sum = sum + Value(state.ring(lane, slot));
  }
  return sum;
}

/// Units on the lanes into a site that arrive within [first, last] periods.
[[gnu::always_inline]] inline RowValue UnitsDue(const Network& network, const NetworkState& state, int site, int first,
                                                int last) {
  RowValue sum;
  for (const int lane : network.lanes_into[Index(site)]) {
    const int end = std::min(last, network.lead_time[Index(lane)]);
    for (int ahead = first; ahead <= end; ++ahead) sum = sum + Value(state.in_transit(lane, ahead));
  }
  return sum;
}

bool IsForecast(int feature) { return feature >= kForecastMeanFeature && feature <= kForecastNext; }

}  // namespace

std::vector<std::string> FeatureNames(const Network& network) {
  std::vector<std::string> names(std::begin(kFeatureNames), std::end(kFeatureNames));
  for (int ahead = 1; ahead <= NumPipelineFeatures(network); ++ahead)
    names.push_back(fmt::format("pipeline_{}", ahead));
  for (int left = 1; left <= LongestShelfLife(network); ++left) names.push_back(fmt::format("age_{}", left));
  return names;
}

Observer::Scratch::Scratch(const Network& network)
    : position(Index(network.num_sites() * kBlockSize)),
      forecast_mean(position.size()),
      cover(position.size()),
      free_volume(Index(network.num_locations() * kBlockSize)) {}

Observer::Observer(const Network& network, const DemandSource& demand, std::vector<int> features)
    : network_(network),
      demand_(demand),
      num_pipeline_features_(NumPipelineFeatures(network)),
      calendars_(Index(network.CalendarCycle())),
      perishable_(Index(network.num_sites()), kNotPerishable),
      open_orders_(Index(network.num_sites())) {
  const auto of_destination = [&](int lane) -> OpenOrderEntries& {
    return open_orders_[Index(network.lane_destination[Index(lane)])];
  };
  for (size_t entry = 0; entry < network.unfilled_orders.size(); ++entry)
    of_destination(network.unfilled_orders[entry].lane).unfilled.push_back(static_cast<int>(entry));
  for (size_t entry = 0; entry < network.order_delays.size(); ++entry)
    of_destination(network.order_delays[entry].lane).delayed.push_back(static_cast<int>(entry));
  for (size_t entry = 0; entry < network.perishables.size(); ++entry)
    perishable_[Index(network.perishables[entry].site)] = static_cast<int>(entry);
  for (int site = 0; site < network.num_sites(); ++site) first_lane_.push_back(network.FirstLane(site));
  for (int phase = 0; phase < network.CalendarCycle(); ++phase) {
    Calendar& calendar = calendars_[Index(phase)];
    for (int site = 0; site < network.num_sites(); ++site) {
      const int next_order = network.PeriodsToNextOrder(first_lane_[Index(site)], phase);
      calendar.protection_periods.push_back(static_cast<float>(network.EchelonProtectionPeriods(site, phase)));
      calendar.periods_to_next_order.push_back(static_cast<float>(next_order));
    }
  }
  if (demand.has_fixed_forecasts()) {
    const std::array<int, kBlockSize> any_scenarios = {};
    AlignedVector forecast(Index(network.num_sites() * kBlockSize));
    demand.Forecast(0, any_scenarios, network, kForecastMean, forecast.data());
    for (int site = 0; site < network.num_sites(); ++site)
      fixed_forecast_.push_back(forecast[Index(site * kBlockSize)]);
  }
  ptrdiff_t offset = 0;
  for (const int feature : features) {
    auto& columns = IsConstant(feature) ? constant_columns_ : IsForecast(feature) ? forecast_columns_ : site_columns_;
    columns.push_back({feature, offset});
    offset += static_cast<ptrdiff_t>(network.num_sites()) * kBlockSize;
  }
}

bool Observer::IsConstant(int feature) const {
  if (IsForecast(feature)) return demand_.has_fixed_forecasts();
  switch (feature) {
    case kProtectionPeriods:
    case kPeriodsToNextOrder:
      return calendars_.size() == 1;
    case kSeasonSin:
    case kSeasonCos:
      return demand_.season() == 1;
    case kFreeCapacity:
      return std::all_of(network_.storage_capacity.begin(), network_.storage_capacity.end(),
                         [](float capacity) { return capacity == kUnlimited; });
    case kLeadTime:
    case kHasOwnDemand:
    case kHoldingCost:
    case kStockoutCost:
    case kUnitCost:
    case kOrderCost:
      return true;
    default:
      return false;
  }
}

/// What a site has and expects, in registers.
struct Observer::SiteStock {
  RowValue on_hand, backorders, in_transit;
  RowValue position() const { return on_hand - backorders + in_transit; }  // without what is ordered and not shipped
};

void Observer::Observe(const NetworkState& state, const ObservationMoment& moment, Scratch& scratch, float* observation,
                       bool goes_to_memory) const {
  PrepareScratch(state, moment, scratch);
  for (const Column& column : forecast_columns_)
    demand_.Forecast(moment.period, moment.scenarios, network_, column.feature - kForecastMeanFeature + kForecastMean,
                     observation + column.offset);
  if (goes_to_memory) {
    WriteSites<StorePastCaches>(state, moment, scratch, observation);
    StorePastCaches::Finish();
  } else {
    WriteSites<StoreInCache>(state, moment, scratch, observation);
  }
}

void Observer::WriteConstants(float* observation) const {
  for (const Column& column : constant_columns_) {
    if (IsForecast(column.feature)) {
      const std::array<int, kBlockSize> scenarios = {};
      demand_.Forecast(0, scenarios, network_, column.feature - kForecastMeanFeature + kForecastMean,
                       observation + column.offset);
      continue;
    }
    for (int site = 0; site < network_.num_sites(); ++site)
      Rows{observation + column.offset}(site) = RowValue(SameEverywhere(column.feature, site, 0));
  }
}

bool Observer::Needs(std::initializer_list<int> features) const {
  return std::any_of(site_columns_.begin(), site_columns_.end(), [&](const Column& column) {
    return std::find(features.begin(), features.end(), column.feature) != features.end();
  });
}

void Observer::PrepareScratch(const NetworkState& state, const ObservationMoment& moment, Scratch& scratch) const {
  const int num_sites = network_.num_sites();
  if (fixed_forecast_.empty() && Needs({kSupplierOnHand, kSupplierCover}))
    demand_.Forecast(moment.period, moment.scenarios, network_, kForecastMean, scratch.forecast_mean.data());
  if (Needs({kSupplierCover})) {
    for (int site = 0; site < num_sites; ++site) {
      if (!network_.IsSupplier(site)) continue;
      RowValue below;
      for (const int lane : network_.lanes_out_of[Index(site)])
        below = below + ForecastMean(network_.lane_destination[Index(lane)], scratch);
      Rows{scratch.cover.data()}(site) = Min(Value(state.on_hand(site)) / Max(below, kLeastForecast), kMostCover);
    }
  }
  if (Needs({kFreeCapacity})) {
    for (int location = 0; location < network_.num_locations(); ++location) {
      RowValue used;
      for (const int site : network_.sites_at[Index(location)])
        used = used + network_.volume[Index(site)] * Value(state.on_hand(site));
      Rows{scratch.free_volume.data()}(location) = network_.storage_capacity[Index(location)] - used;
    }
  }
}

[[gnu::always_inline]] inline Observer::SiteStock Observer::StockOf(const NetworkState& state, int site) const {
  return {Value(state.on_hand(site)), Value(state.backorders(site)), UnitsUnderWay(network_, state, site)};
}

RowValue Observer::ForecastMean(int site, const Scratch& scratch) const {
  return fixed_forecast_.empty() ? ConstRows{scratch.forecast_mean.data()}(site)
                                 : RowValue(fixed_forecast_[Index(site)]);
}

// site by site, so that each row of the state is read from memory once; those that a site feeds before it
template <class How>
[[gnu::flatten]] void Observer::WriteSites(const NetworkState& state, const ObservationMoment& moment, Scratch& scratch,
                                           float* observation) const {
  const bool sums_positions = Needs({kEchelonPosition});
  for (const int site : network_.sites_downstream_first) {
    const SiteStock stock = StockOf(state, site);
    if (sums_positions) Rows{scratch.position.data()}(site) = stock.position();
    float* of_site = observation + static_cast<ptrdiff_t>(site) * kBlockSize;
    for (const Column& column : site_columns_)
      How::Store(SiteFeature(column.feature, site, stock, state, moment, scratch), of_site + column.offset);
  }
}

[[gnu::always_inline]] inline RowValue Observer::SiteFeature(int feature, int site, const SiteStock& stock,
                                                             const NetworkState& state, const ObservationMoment& moment,
                                                             const Scratch& scratch) const {
  const int origin = network_.lane_origin[Index(first_lane_[Index(site)])];
  switch (feature) {
    case kOnHand:
      return stock.on_hand;
    case kBackorders:
      return stock.backorders;
    case kInTransit:
      return stock.in_transit;
    case kInventoryPosition:
      return stock.position() + OpenOrders(site, state);
    case kEchelonPosition: {
      if (network_.echelon[Index(site)].size() == 1) return stock.position() + OpenOrders(site, state);
      RowValue sum = OpenOrders(site, state);
      for (const int member : network_.echelon[Index(site)]) sum = sum + ConstRows{scratch.position.data()}(member);
      return sum;
    }
    case kSupplierOnHand:
      return origin == kOutside ? ForecastMean(site, scratch) : Value(state.on_hand(origin));
    case kSupplierCover:
      return origin == kOutside ? RowValue(kMostCover) : ConstRows{scratch.cover.data()}(origin);
    case kFreeCapacity: {
      const RowValue free_volume = ConstRows{scratch.free_volume.data()}(network_.site_location[Index(site)]);
      const float volume = std::max(network_.volume[Index(site)], kLeastVolume);
      return Min(volume == 1 ? free_volume : free_volume / volume, kMostFreeCapacity);
    }
    default:
      if (feature >= kFirstPipelineFeature + num_pipeline_features_)
        return AgeFeature(feature - kFirstPipelineFeature - num_pipeline_features_ + 1, site, state);
      if (feature >= kFirstPipelineFeature) return PipelineFeature(feature - kFirstPipelineFeature + 1, site, state);
      return RowValue(SameEverywhere(feature, site, moment.phase));
  }
}

// features that are the same in every environment
float Observer::SameEverywhere(int feature, int site, int phase) const {
  const Calendar& calendar = calendars_[Index(phase) % calendars_.size()];
  const int lane = first_lane_[Index(site)];
  const double season_angle = 2 * std::numbers::pi * phase / demand_.season();
  switch (feature) {
    case kProtectionPeriods:
      return calendar.protection_periods[Index(site)];
    case kPeriodsToNextOrder:
      return calendar.periods_to_next_order[Index(site)];
    case kLeadTime:
      return static_cast<float>(network_.lead_time[Index(lane)]);
    case kFreeCapacity:  // unlimited
      return kMostFreeCapacity;
    case kHasOwnDemand:
      return network_.site_series[Index(site)] != kNoSeries ? 1.f : 0.f;
    case kHoldingCost:
      return network_.holding_cost[Index(site)];
    case kStockoutCost:
      return network_.stockout_cost[Index(site)];
    case kUnitCost:
      return network_.unit_cost[Index(lane)];
    case kOrderCost:
      return network_.order_cost[Index(lane)];
    case kSeasonSin:
      return static_cast<float>(std::sin(season_angle));
    case kSeasonCos:
      return static_cast<float>(std::cos(season_angle));
    default:
      RESTOCK_CHECK(false && "known feature");
      return 0;
  }
}

// what is ordered, but not yet on its way: it waits at the origin, or takes effect later
[[gnu::always_inline]] inline RowValue Observer::OpenOrders(int site, const NetworkState& state) const {
  RowValue units;
  for (const int entry : open_orders_[Index(site)].unfilled) units = units + Value(state.owed(entry));
  for (const int entry : open_orders_[Index(site)].delayed) {
    for (int ahead = 0; ahead < network_.order_delays[Index(entry)].periods; ++ahead)
      units = units + Value(state.delayed_order(entry, ahead));
  }
  return units;
}

RowValue Observer::AgeFeature(int periods_left, int site, const NetworkState& state) const {
  const int entry = perishable_[Index(site)];
  if (entry == kNotPerishable || periods_left > network_.perishables[Index(entry)].shelf_life) return RowValue();
  return Value(state.age(entry, periods_left));
}

// the last one holds what comes later too
[[gnu::always_inline]] inline RowValue Observer::PipelineFeature(int first_ahead, int site,
                                                                 const NetworkState& state) const {
  RESTOCK_CHECK_LE(first_ahead, num_pipeline_features_);
  const int last_ahead = first_ahead < num_pipeline_features_ ? first_ahead : num_pipeline_features_ + 1;
  return UnitsDue(network_, state, site, first_ahead, last_ahead);
}

}  // namespace restock
