#include "env/observation.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "common/check.h"

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

RowValue Value(const ConstRow& row) { return RowValue::Load(row.data()); }

/// Units under way to a site.
RowValue UnitsUnderWay(const Network& network, const NetworkState& state, int site) {
  RowValue sum;
  for (const int lane : network.lanes_into[Index(site)]) {
    const ConstRows pipeline{state.pipeline(lane)};
    for (int row = 0; row < network.lead_time[Index(lane)]; ++row) sum = sum + pipeline(row);
  }
  return sum;
}

/// Units on the lanes into a site that arrive within [first, last] periods.
RowValue UnitsDue(const Network& network, const NetworkState& state, int site, int first, int last) {
  RowValue sum;
  for (const int lane : network.lanes_into[Index(site)]) {
    const int end = std::min(last, network.lead_time[Index(lane)]);
    for (int ahead = first; ahead <= end; ++ahead) sum = sum + Value(state.in_transit(lane, ahead));
  }
  return sum;
}

}  // namespace

std::vector<std::string> FeatureNames(const Network& network) {
  std::vector<std::string> names(std::begin(kFeatureNames), std::end(kFeatureNames));
  for (int ahead = 1; ahead <= NumPipelineFeatures(network); ++ahead)
    names.push_back(fmt::format("pipeline_{}", ahead));
  return names;
}

Observer::Scratch::Scratch(const Network& network)
    : in_transit(Index(network.num_sites() * kBlockSize)),
      position(in_transit.size()),
      forecast_mean(in_transit.size()),
      cover(in_transit.size()),
      free_volume(Index(network.num_locations() * kBlockSize)) {}

Observer::Observer(const Network& network, const DemandSource& demand, std::vector<int> features)
    : network_(network), demand_(demand), features_(std::move(features)), calendars_(Index(network.CalendarCycle())) {
  for (int site = 0; site < network.num_sites(); ++site) first_lane_.push_back(network.lanes_into[Index(site)].front());
  for (int phase = 0; phase < network.CalendarCycle(); ++phase) {
    Calendar& calendar = calendars_[Index(phase)];
    for (int site = 0; site < network.num_sites(); ++site) {
      const int next_order = network.PeriodsToNextOrder(first_lane_[Index(site)], phase);
      calendar.protection_periods.push_back(static_cast<float>(network.EchelonProtectionPeriods(site, phase)));
      calendar.periods_to_next_order.push_back(static_cast<float>(next_order));
    }
  }
}

void Observer::Observe(const NetworkState& state, const ObservationMoment& moment, Scratch& scratch,
                       float* observation) const {
  PrepareScratch(state, moment, scratch);
  for (const int feature : features_) {
    WriteFeature(feature, state, moment, scratch, {observation});
    observation += static_cast<ptrdiff_t>(network_.num_sites()) * kBlockSize;
  }
}

bool Observer::Needs(std::initializer_list<int> features) const {
  return std::find_first_of(features_.begin(), features_.end(), features.begin(), features.end()) != features_.end();
}

void Observer::PrepareScratch(const NetworkState& state, const ObservationMoment& moment, Scratch& scratch) const {
  const int num_sites = network_.num_sites();
  if (Needs({kInTransit, kInventoryPosition, kEchelonPosition})) {
    const Rows in_transit{scratch.in_transit.data()};
    const Rows position{scratch.position.data()};
    for (int site = 0; site < num_sites; ++site) {
      const RowValue units = UnitsUnderWay(network_, state, site);
      in_transit(site) = units;
      position(site) = Value(state.on_hand(site)) - Value(state.backorders(site)) + units;
    }
  }
  if (Needs({kForecastMeanFeature, kSupplierOnHand, kSupplierCover}))
    demand_.Forecast(moment.period, moment.scenarios, network_, kForecastMean, scratch.forecast_mean.data());
  if (Needs({kSupplierCover})) {
    const ConstRows forecast{scratch.forecast_mean.data()};
    for (int site = 0; site < num_sites; ++site) {
      if (!network_.IsSupplier(site)) continue;
      RowValue below;
      for (const int lane : network_.lanes_out_of[Index(site)])
        below = below + forecast(network_.lane_destination[Index(lane)]);
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

void Observer::WriteFeature(int feature, const NetworkState& state, const ObservationMoment& moment,
                            const Scratch& scratch, Rows column) const {
  const auto for_each_site = [&](const auto& value) {
    for (int site = 0; site < network_.num_sites(); ++site) column(site) = value(site);
  };
  const auto at_supplier = [&](const auto& value, const auto& of_outside) {
    for_each_site([&](int site) -> RowValue {
      const int origin = network_.lane_origin[Index(first_lane_[Index(site)])];
      return origin == kOutside ? of_outside(site) : value(origin);
    });
  };
  const ConstRows forecast_mean{scratch.forecast_mean.data()};
  const ConstRows position{scratch.position.data()};

  switch (feature) {
    case kOnHand:
      return for_each_site([&](int site) { return Value(state.on_hand(site)); });
    case kBackorders:
      return for_each_site([&](int site) { return Value(state.backorders(site)); });
    case kInTransit:
      return for_each_site(ConstRows{scratch.in_transit.data()});
    case kInventoryPosition:
      return for_each_site(position);
    case kEchelonPosition:
      return for_each_site([&](int site) {
        RowValue sum;
        for (const int member : network_.echelon[Index(site)]) sum = sum + position(member);
        return sum;
      });
    case kForecastMeanFeature:
      return for_each_site(forecast_mean);
    case kForecastQ50:
    case kForecastQ70:
    case kForecastQ80:
    case kForecastQ90:
    case kForecastQ95:
    case kForecastQ975:
    case kForecastNext:
      return demand_.Forecast(moment.period, moment.scenarios, network_, feature - kForecastMeanFeature + kForecastMean,
                              column.data);
    case kSupplierOnHand:
      return at_supplier([&](int origin) { return Value(state.on_hand(origin)); }, forecast_mean);
    case kSupplierCover:
      return at_supplier(ConstRows{scratch.cover.data()}, [](int) { return RowValue(kMostCover); });
    case kFreeCapacity:
      return for_each_site([&](int site) {
        const RowValue free_volume = ConstRows{scratch.free_volume.data()}(network_.site_location[Index(site)]);
        return Min(free_volume / std::max(network_.volume[Index(site)], kLeastVolume), kMostFreeCapacity);
      });
    default:
      break;
  }
  if (feature < kFirstPipelineFeature) return WriteConstant(feature, moment, column);
  WritePipeline(feature - kFirstPipelineFeature + 1, state, column);
}

// features that are the same in every environment
void Observer::WriteConstant(int feature, const ObservationMoment& moment, Rows column) const {
  const auto for_each_site = [&](const auto& value) {
    for (int site = 0; site < network_.num_sites(); ++site) column(site) = RowValue(static_cast<float>(value(site)));
  };
  const auto by_site = [&](const auto& values) { for_each_site([&](int site) { return values[Index(site)]; }); };
  const auto by_first_lane = [&](const auto& values) {
    for_each_site([&](int site) { return values[Index(first_lane_[Index(site)])]; });
  };
  const Calendar& calendar = calendars_[Index(moment.phase) % calendars_.size()];
  const double season_angle = 2 * std::numbers::pi * moment.phase / demand_.season();

  switch (feature) {
    case kProtectionPeriods:
      return by_site(calendar.protection_periods);
    case kPeriodsToNextOrder:
      return by_site(calendar.periods_to_next_order);
    case kLeadTime:
      return by_first_lane(network_.lead_time);
    case kHasOwnDemand:
      return for_each_site([&](int site) { return network_.site_series[Index(site)] != kNoSeries; });
    case kHoldingCost:
      return by_site(network_.holding_cost);
    case kStockoutCost:
      return by_site(network_.stockout_cost);
    case kUnitCost:
      return by_first_lane(network_.unit_cost);
    case kOrderCost:
      return by_first_lane(network_.order_cost);
    case kSeasonSin:
      return for_each_site([&](int) { return std::sin(season_angle); });
    case kSeasonCos:
      return for_each_site([&](int) { return std::cos(season_angle); });
    default:
      RESTOCK_CHECK(false && "known feature");
  }
}

// the last column holds what comes later too
void Observer::WritePipeline(int first_ahead, const NetworkState& state, Rows column) const {
  const int last = NumPipelineFeatures(network_);
  RESTOCK_CHECK_LE(first_ahead, last);
  const int last_ahead = first_ahead < last ? first_ahead : network_.max_lead_time();
  for (int site = 0; site < network_.num_sites(); ++site)
    column(site) = UnitsDue(network_, state, site, first_ahead, last_ahead);
}

}  // namespace restock
