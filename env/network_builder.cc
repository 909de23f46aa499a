#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "common/check.h"
#include "common/error.h"
#include "env/network_checks.h"
#include "env/network_config.h"
#include "env/network_places.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

// a lane's calendar is numbered like its entry in the file
const std::string& WhereIsLane(const NetworkConfig& config, const Network& network, int lane) {
  return config.lanes[Index(network.lane_calendar[Index(lane)])].where;
}

/// Puts a network together, step by step.
class NetworkBuilder {
 public:
  NetworkBuilder(const NetworkConfig& config, const std::vector<Series>& series, std::span<const double> mean_demand,
                 PeriodLength length)
      : config_(config),
        series_(series),
        mean_demand_(mean_demand),
        length_(length),
        places_(config, series, length),
        site_of_(Index(places_.size())) {
    RESTOCK_CHECK_EQ(series.size(), mean_demand.size());
  }

  Network Build() {
    network_.is_divisible = config_.is_divisible;
    network_.receives_after_shipping = config_.receives_after_shipping;
    for (const bool sells : {false, true}) {
      for (int place = 0; place < places_.size(); ++place)
        if (places_[place].sells == sells) AddSites(place);
    }
    AddChannels();
    AddLanes();
    AddLimits();
    try {
      SetStockAndStorage();
      network_.Validate();
    } catch (const NetworkError& error) {
      throw ConfigError(fmt::format("{}: {}", WhereIs(error), error.message));
    }
    return std::move(network_);
  }

 private:
  void AddSites(int index) {
    const NetworkPlaces::Place& place = places_[index];
    const int location = network_.num_locations();
    place_of_location_.push_back(index);
    network_.location_name.push_back(place.name);
    network_.storage_capacity.push_back(kUnlimited);
    network_.overflow_cost.push_back(place.config->overflow_cost);
    if (place.config->refuses_overflow) network_.refusing_locations.push_back(location);

    const std::vector<std::string> skus = places_.SkusOf(index);
    if (skus.empty())
      throw ConfigError(fmt::format(
          "{}: location {} is no warehouse of the data and feeds none{}: add a lane from it to one, or leave it out.",
          place.config->where, place.config->name,
          place.to.empty() ? "" : " (those that supply each other in a circle do not count)"));
    for (const std::string& sku : skus) {
      const LocationConfig& config = places_.SettingsOf(place.name, sku);
      const int series = place.sells ? SeriesOf(place.name, sku) : kNoSeries;
      if (series != kNoSeries && config.stockout_cost == 0 && config.price == 0)
        throw ConfigError(fmt::format("{}: location {} sells, so it needs a stockout_cost above 0 (or a price).",
                                      config.where, config.name));
      site_of_[Index(index)][sku] = network_.num_sites();
      site_config_.push_back(&config);
      network_.site_sku.push_back(sku);
      network_.site_location.push_back(location);
      network_.site_series.push_back(series);
      network_.holding_cost.push_back(config.holding_cost);
      network_.stockout_cost.push_back(config.stockout_cost);
      network_.backorder_share.push_back(config.backorder_share);
      network_.price.push_back(config.price);
      network_.volume.push_back(config.volume);
      network_.unit_value.push_back(config.unit_value);
      network_.initial_on_hand.push_back(0);
      AddSiteFeatures(network_.num_sites() - 1, config);
    }
  }

  void AddSiteFeatures(int site, const LocationConfig& config) {
    if (config.rationing != Rationing::kProportional) network_.rationing.push_back({site, config.rationing});
    if (config.shipping_capacity < kUnlimited) network_.shipping_capacities.push_back({site, config.shipping_capacity});
    if (config.shelf_life > 0)
      network_.perishables.push_back({site, config.shelf_life, config.sells_newest, config.waste_cost});
    if (config.goodwill) {
      network_.goodwill.push_back(*config.goodwill);
      network_.goodwill.back().site = site;
    }
  }

  int SeriesOf(const std::string& warehouse, const std::string& sku) const {
    for (size_t i = 0; i < series_.size(); ++i)
      if (series_[i].warehouse == warehouse && series_[i].sku == sku) return static_cast<int>(i);
    return kNoSeries;
  }

  void AddChannels() {
    for (int place = 0; place < places_.size(); ++place) {
      const LocationConfig& config = *places_[place].config;
      if (config.sells_from.empty()) continue;
      const int host = places_.Named(config.sells_from, config.where, "sells_from").front();
      for (const auto& [sku, site] : site_of_[Index(place)]) {
        const bool sells_newest = places_.SettingsOf(places_[place].name, sku).sells_newest;
        network_.channels.push_back({site, site_of_[Index(host)].at(sku), sells_newest});
      }
    }
  }

  void AddLanes() {
    std::map<const LaneConfig*, int> disruption;
    for (const auto& [config, origin, destination] : places_.connections()) {
      const int calendar = static_cast<int>(config - config_.lanes.data());
      for (const auto& [sku, site] : site_of_[Index(destination)]) {
        if (!Matches(config->sku, sku)) continue;
        if (origin != kOutside && site_of_[Index(origin)].count(sku) == 0) continue;
        const int lane = network_.num_lanes();
        network_.lane_origin.push_back(origin == kOutside ? kOutside : site_of_[Index(origin)].at(sku));
        network_.lane_destination.push_back(site);
        network_.lead_time.push_back(config->lead_time);
        network_.unit_cost.push_back(config->unit_cost);
        network_.order_cost.push_back(config->order_cost);
        network_.lane_capacity.push_back(config->lane_capacity);
        network_.lane_calendar.push_back(calendar);
        network_.lane_priority.push_back(config->priority);
        network_.initial_in_transit.push_back(config->initial_in_transit);
        AddLaneFeatures(lane, *config);
        if (config->failure > 0) {
          const auto [entry, is_new] = disruption.try_emplace(config, static_cast<int>(network_.disruptions.size()));
          if (is_new) network_.disruptions.push_back({{}, config->failure, config->recovery});
          network_.disruptions[Index(entry->second)].lanes.push_back(lane);
        }
      }
    }
    for (const LaneConfig& lane : config_.lanes) network_.calendars.push_back(lane.calendar);
  }

  void AddLaneFeatures(int lane, const LaneConfig& config) {
    if (config.kind == LaneKind::kEmergencies) network_.emergency_lanes.push_back({lane, config.share});
    if (config.kind == LaneKind::kReturns) network_.return_lanes.push_back({lane, config.share});
    if (config.kind == LaneKind::kOrders && config.share < 1) network_.yields.push_back({lane, config.share});
    if (config.unfilled_waits || config.unfilled_cost > 0)
      network_.unfilled_orders.push_back({lane, config.unfilled_waits, config.unfilled_cost});
    if (config.order_delay > 0) network_.order_delays.push_back({lane, config.order_delay, config.initial_order});
    if (config.minimum_order > 0 || config.pack_size != 1)
      network_.order_sizes.push_back({lane, config.pack_size, config.minimum_order});
    if (config.pipeline_cost > 0) network_.pipeline_costs.push_back({lane, config.pipeline_cost});
    AddVariableLeadTime(lane, config);
  }

  // goods that arrive on a closed day wait for the next that is open
  void AddVariableLeadTime(int lane, const LaneConfig& config) {
    if (!config.chance_lead_time && config.receives.empty()) return;
    VariableLeadTime entry{lane, {}, true, config.receives, config.lead_time};
    int& longest = network_.lead_time[Index(lane)];
    if (config.chance_lead_time) {
      const int destination = network_.lane_destination[Index(lane)];
      const LeadTimeDistribution distribution = config.chance_lead_time->Of(
          config.from, network_.location_name[Index(network_.site_location[Index(destination)])],
          network_.site_sku[Index(destination)], length_);
      entry.probability = distribution.probability;
      entry.may_cross = distribution.crossing;
      longest = static_cast<int>(entry.probability.size()) - 1;
    }
    const bool can_be_none = entry.probability.empty() ? longest < 1 : entry.probability[0] > 0;
    if (can_be_none)
      throw ConfigError(fmt::format("{}: lead_time must be at least 1 period where chance or receiving_days decide it.",
                                    config.where));
    longest += LongestWait(config.receives);
    network_.variable_lead_times.push_back(std::move(entry));
  }

  static int LongestWait(const std::vector<bool>& receives) {
    int longest = 0;
    int closed = 0;
    for (size_t day = 0; day < 2 * receives.size(); ++day) {
      closed = receives[day % receives.size()] ? 0 : closed + 1;
      longest = std::max(longest, closed);
    }
    return longest;
  }

  // the places that a limit names: all, outside supply, or locations
  std::vector<int> EndsOf(const std::string& name, const std::string& where, bool may_be_outside) const {
    std::vector<int> ends;
    if (may_be_outside && (name == "*" || name == kSupplier)) ends.push_back(kOutside);
    if (name == "*") {
      for (int place = 0; place < places_.size(); ++place) ends.push_back(place);
    } else if (name != kSupplier) {
      ends = places_.Named(name, where, "a limit");
    }
    return ends;
  }

  std::vector<int> LanesOf(const std::string& from, const std::string& to, const std::string& sku,
                           const std::string& where) const {
    const std::vector<int> origins = EndsOf(from, where, /*may_be_outside=*/true);
    const std::vector<int> destinations = EndsOf(to, where, /*may_be_outside=*/false);
    const auto place_of = [&](int site) {
      return site == kOutside ? kOutside : place_of_location_[Index(network_.site_location[Index(site)])];
    };
    const auto contains = [](const std::vector<int>& list, int one) {
      return std::find(list.begin(), list.end(), one) != list.end();
    };
    std::vector<int> lanes;
    for (int lane = 0; lane < network_.num_lanes(); ++lane) {
      const int site = network_.lane_destination[Index(lane)];
      if (contains(origins, place_of(network_.lane_origin[Index(lane)])) && contains(destinations, place_of(site)) &&
          Matches(sku, network_.site_sku[Index(site)]))
        lanes.push_back(lane);
    }
    if (lanes.empty()) throw ConfigError(fmt::format("{}: no lane leads from {} to {}.", where, from, to));
    return lanes;
  }

  void AddLimits() {
    const auto volume_of = [&](int lane) { return network_.volume[Index(network_.lane_destination[Index(lane)])]; };
    for (const LimitConfig& config : config_.limits) {
      JointLimit limit{config.name, LanesOf(config.from, config.to, config.sku, config.where), {}, config.capacity};
      for (const int lane : limit.lanes) {
        limit.weight.push_back(config.counts == LimitConfig::Counts::kUnits    ? 1
                               : config.counts == LimitConfig::Counts::kVolume ? volume_of(lane)
                                                                               : network_.unit_cost[Index(lane)]);
      }
      network_.joint_limits.push_back(std::move(limit));
    }
    for (const VehicleConfig& config : config_.vehicles) {
      Vehicles vehicles{LanesOf(config.from, config.to, "*", config.where), {}, config.size, config.cost};
      for (const int lane : vehicles.lanes) vehicles.weight.push_back(volume_of(lane));
      network_.vehicles.push_back(std::move(vehicles));
    }
  }

  // covers are told in periods of the mean demand of a site and all below it
  void SetStockAndStorage() {
    Network probe = network_;
    probe.Validate();
    std::vector<double> volume_per_period(Index(network_.num_locations()));
    for (int site = 0; site < network_.num_sites(); ++site) {
      double demand = 0;
      for (const int member : probe.echelon[Index(site)]) {
        const int series = network_.site_series[Index(member)];
        if (series != kNoSeries) demand += mean_demand_[Index(series)];
      }
      const LocationConfig& config = *site_config_[Index(site)];
      const double cover = config.initial_cover * demand;
      network_.initial_on_hand[Index(site)] =
          static_cast<float>((network_.is_divisible ? cover : std::round(cover)) + config.initial_on_hand);
      volume_per_period[Index(network_.site_location[Index(site)])] += config.volume * demand;
    }
    for (int location = 0; location < network_.num_locations(); ++location) {
      const LocationConfig& config = ConfigOf(location);
      const float cover = config.storage_cover < kUnlimited
                              ? config.storage_cover * static_cast<float>(volume_per_period[Index(location)])
                              : kUnlimited;
      network_.storage_capacity[Index(location)] = std::min(config.storage_capacity, cover);
    }
  }

  std::string WhereIs(const NetworkError& error) const {
    if (error.lane >= 0) return WhereIsLane(config_, network_, error.lane);
    return error.location >= 0 ? ConfigOf(error.location).where : "network";
  }

  const LocationConfig& ConfigOf(int location) const { return *places_[place_of_location_[Index(location)]].config; }

  const NetworkConfig& config_;
  const std::vector<Series>& series_;
  std::span<const double> mean_demand_;
  PeriodLength length_;
  NetworkPlaces places_;
  std::vector<std::map<std::string, int>> site_of_;  // SKU at a place  (place)
  std::vector<int> place_of_location_;               // (num_locations)
  std::vector<const LocationConfig*> site_config_;   // (num_sites)
  Network network_;
};

}  // namespace

Network BuildNetwork(const NetworkConfig& config, const std::vector<Series>& series,
                     std::span<const double> mean_demand, PeriodLength period_length) {
  return NetworkBuilder(config, series, mean_demand, period_length).Build();
}

void CheckLeadTimesFit(const NetworkConfig& config, const Network& network, int num_periods) {
  try {
    CheckHorizon(network, num_periods);
  } catch (const NetworkError& error) {
    throw ConfigError(fmt::format("{}: {}", WhereIsLane(config, network, error.lane), error.message));
  }
}

}  // namespace restock
