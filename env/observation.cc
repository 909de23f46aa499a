#include "env/observation.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "common/check.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

constexpr float kMostCover = 10;           // supplier_cover
constexpr float kMostFreeCapacity = 1e6f;  // free_capacity

constexpr const char* kFeatureNames[] = {
    "on_hand",        "backorders",       "in_transit",     "inventory_position", "echelon_position",
    "forecast_mean",  "forecast_q0.5",    "forecast_q0.7",  "forecast_q0.8",      "forecast_q0.9",
    "forecast_q0.95", "forecast_q0.975",  "forecast_next",  "protection_periods", "periods_to_next_order",
    "lead_time",      "supplier_on_hand", "supplier_cover", "free_capacity",      "has_own_demand",
    "holding_cost",   "stockout_cost",    "unit_cost",      "order_cost",         "season_sin",
    "season_cos"};
static_assert(std::size(kFeatureNames) == kFirstPipelineFeature);

int NumPipelineFeatures(const Network& network) { return std::max(0, network.max_lead_time() - 1); }

int FirstLane(const Network& network, int site) { return network.lanes_into[Index(site)].front(); }

}  // namespace

std::vector<std::string> FeatureNames(const Network& network) {
  std::vector<std::string> names(std::begin(kFeatureNames), std::end(kFeatureNames));
  for (int ahead = 1; ahead <= NumPipelineFeatures(network); ++ahead)
    names.push_back(fmt::format("pipeline_{}", ahead));
  return names;
}

Observer::Scratch::Scratch(const Network& network)
    : position(Index(network.num_sites() * kBlockSize)),
      forecast_mean(Index(network.num_sites() * kBlockSize)),
      used(Index(network.num_locations() * kBlockSize)) {}

Observer::Observer(const Network& network, const DemandSource& demand, std::vector<int> features)
    : network_(network), demand_(demand), features_(std::move(features)), calendars_(Index(network.CalendarCycle())) {
  for (int phase = 0; phase < network.CalendarCycle(); ++phase) {
    Calendar& calendar = calendars_[Index(phase)];
    for (int site = 0; site < network.num_sites(); ++site) {
      calendar.protection_periods.push_back(static_cast<float>(network.EchelonProtectionPeriods(site, phase)));
      calendar.periods_to_next_order.push_back(
          static_cast<float>(network.PeriodsToNextOrder(FirstLane(network, site), phase)));
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
  if (Needs({kInventoryPosition, kEchelonPosition})) {
    const Rows position{scratch.position.data()};
    for (int site = 0; site < network_.num_sites(); ++site)
      position(site) = state.on_hand(site) - state.backorders(site) + InTransit(state, site);
  }
  if (Needs({kForecastMeanFeature, kSupplierOnHand, kSupplierCover}))
    demand_.Forecast(moment.period, moment.scenarios, network_, kForecastMean, scratch.forecast_mean.data());
  if (Needs({kFreeCapacity})) {
    const Rows used{scratch.used.data()};
    std::fill(scratch.used.begin(), scratch.used.end(), 0.f);
    for (int site = 0; site < network_.num_sites(); ++site)
      used(network_.site_location[Index(site)]) += network_.volume[Index(site)] * state.on_hand(site);
  }
}

RowValue Observer::InTransit(const NetworkState& state, int site) const {
  RowValue sum = RowValue::Zero();
  for (const int lane : network_.lanes_into[Index(site)]) {
    for (int ahead = 1; ahead <= network_.lead_time[Index(lane)]; ++ahead) sum += state.in_transit(lane, ahead);
  }
  return sum;
}

RowValue Observer::SupplierCover(const NetworkState& state, const Scratch& scratch, int site) const {
  const int origin = network_.lane_origin[Index(FirstLane(network_, site))];
  if (origin == kOutside) return RowValue::Constant(kMostCover);
  RowValue wanted = RowValue::Zero();
  for (const int lane : network_.lanes_out_of[Index(origin)])
    wanted += ConstRow(scratch.forecast_mean.data() + network_.lane_destination[Index(lane)] * kBlockSize);
  return (state.on_hand(origin) / wanted.max(1e-6f)).min(kMostCover);
}

void Observer::WriteFeature(int feature, const NetworkState& state, const ObservationMoment& moment,
                            const Scratch& scratch, Rows column) const {
  const auto for_each_site = [&](const auto& value) {
    for (int site = 0; site < network_.num_sites(); ++site) column(site) = value(site);
  };
  const auto constant = [&](const auto& value) {
    for (int site = 0; site < network_.num_sites(); ++site) column(site).setConstant(static_cast<float>(value(site)));
  };
  const auto of_first_lane = [&](const auto& values) {
    constant([&](int site) { return values[Index(FirstLane(network_, site))]; });
  };
  const Calendar& calendar = calendars_[Index(moment.phase) % calendars_.size()];
  const ConstRows position{scratch.position.data()};
  const ConstRows forecast_mean{scratch.forecast_mean.data()};
  const double season_angle = 2 * std::numbers::pi * moment.phase / demand_.season();

  switch (feature) {
    case kOnHand:
      return for_each_site([&](int site) { return state.on_hand(site); });
    case kBackorders:
      return for_each_site([&](int site) { return state.backorders(site); });
    case kInTransit:
      return for_each_site([&](int site) { return InTransit(state, site); });
    case kInventoryPosition:
      return for_each_site([&](int site) { return position(site); });
    case kEchelonPosition:
      return for_each_site([&](int site) {
        RowValue sum = RowValue::Zero();
        for (const int member : network_.echelon[Index(site)]) sum += position(member);
        return sum;
      });
    case kForecastMeanFeature:
      return for_each_site([&](int site) { return forecast_mean(site); });
    case kForecastQ50:
    case kForecastQ70:
    case kForecastQ80:
    case kForecastQ90:
    case kForecastQ95:
    case kForecastQ975:
    case kForecastNext:
      return demand_.Forecast(moment.period, moment.scenarios, network_, feature - kForecastMeanFeature + kForecastMean,
                              column.data);
    case kProtectionPeriods:
      return constant([&](int site) { return calendar.protection_periods[Index(site)]; });
    case kPeriodsToNextOrder:
      return constant([&](int site) { return calendar.periods_to_next_order[Index(site)]; });
    case kLeadTime:
      return of_first_lane(network_.lead_time);
    case kSupplierOnHand:
      return for_each_site([&](int site) {
        const int origin = network_.lane_origin[Index(FirstLane(network_, site))];
        return origin == kOutside ? forecast_mean(site) : state.on_hand(origin);
      });
    case kSupplierCover:
      return for_each_site([&](int site) { return SupplierCover(state, scratch, site); });
    case kFreeCapacity:
      return for_each_site([&](int site) -> RowValue {
        const int location = network_.site_location[Index(site)];
        const float volume = network_.volume[Index(site)];
        const float capacity = network_.storage_capacity[Index(location)];
        if (capacity == kUnlimited || volume == 0) return RowValue::Constant(kMostFreeCapacity);
        const ConstRow used(scratch.used.data() + location * kBlockSize);
        return ((capacity - used) / volume).min(kMostFreeCapacity);
      });
    case kHasOwnDemand:
      return constant([&](int site) { return network_.site_series[Index(site)] != kNoSeries; });
    case kHoldingCost:
      return constant([&](int site) { return network_.holding_cost[Index(site)]; });
    case kStockoutCost:
      return constant([&](int site) { return network_.stockout_cost[Index(site)]; });
    case kUnitCost:
      return of_first_lane(network_.unit_cost);
    case kOrderCost:
      return of_first_lane(network_.order_cost);
    case kSeasonSin:
      return constant([&](int) { return std::sin(season_angle); });
    case kSeasonCos:
      return constant([&](int) { return std::cos(season_angle); });
    default:
      break;
  }

  const int ahead = feature - kFirstPipelineFeature + 1;
  RESTOCK_CHECK_LE(ahead, NumPipelineFeatures(network_));
  const bool is_last = ahead == NumPipelineFeatures(network_);
  for_each_site([&](int site) {
    RowValue sum = RowValue::Zero();
    for (const int lane : network_.lanes_into[Index(site)]) {
      const int lead_time = network_.lead_time[Index(lane)];
      for (int due = ahead; due <= (is_last ? lead_time : std::min(ahead, lead_time)); ++due)
        sum += state.in_transit(lane, due);
    }
    return sum;
  });
}

}  // namespace restock
