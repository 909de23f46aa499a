#include "env/network_config.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include "common/check.h"
#include "common/error.h"
#include "common/text.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

constexpr const char* kSupplier = "supplier";
const std::vector<std::string> kWeekdays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

LocationConfig ReadLocation(ConfigNode node) {
  LocationConfig location;
  location.where = node.Where();
  if (!node.Has("name")) node.Fail("needs a name");
  node.Read("name", location.name);
  if (location.name == kSupplier) node.Fail("name", "must not be supplier, which means outside supply");
  node.Read("holding_cost", location.holding_cost, AtLeast(0));
  node.Read("stockout_cost", location.stockout_cost, AtLeast(0));
  node.ReadChoice("shortage", location.backorders, {{"lost_sales", false}, {"backorders", true}});
  node.Read("volume", location.volume, AtLeast(0));
  node.Read("unit_value", location.unit_value, AtLeast(0));
  node.Read("initial_cover", location.initial_cover, AtLeast(0));
  node.Read("storage_capacity", location.storage_capacity, Above(0));
  node.Read("storage_cover", location.storage_cover, Above(0));
  node.Read("overflow_cost", location.overflow_cost, AtLeast(0));
  node.ExpectNoMoreKeys();
  return location;
}

OrderCalendar ReadCalendar(ConfigNode& node) {
  OrderCalendar calendar;
  if (node.Has("order_days")) {
    if (node.Has("review_period")) node.Fail("review_period", "cannot stand beside order_days: keep one of them");
    std::vector<std::string> days;
    node.Read("order_days", days);
    calendar = {7, std::vector<bool>(7, false)};
    for (const std::string& day : days) {
      const auto found = std::find(kWeekdays.begin(), kWeekdays.end(), day);
      if (found == kWeekdays.end())
        node.Fail("order_days", fmt::format("must be of mon, tue, wed, thu, fri, sat, sun, but holds {}", day));
      calendar.open[static_cast<size_t>(found - kWeekdays.begin())] = true;
    }
    if (days.empty()) node.Fail("order_days", "must name at least one day");
    return calendar;
  }
  int review_phase = 0;
  node.Read("review_period", calendar.cycle, Between(1, 364));
  node.Read("review_phase", review_phase, Between(0, calendar.cycle - 1));
  calendar.open.assign(Index(calendar.cycle), false);
  calendar.open[Index(review_phase)] = true;
  return calendar;
}

LaneConfig ReadLane(ConfigNode node) {
  LaneConfig lane;
  lane.where = node.Where();
  for (const char* key : {"from", "to"}) {
    if (!node.Has(key)) node.Fail(fmt::format("needs {}: a location{}", key, key[0] == 'f' ? ", or supplier" : ""));
  }
  node.Read("from", lane.from);
  node.Read("to", lane.to);
  if (lane.to == kSupplier) node.Fail("to", "must be a location, but is supplier");
  node.Read("lead_time", lane.lead_time, Between(0, 1000));
  node.Read("unit_cost", lane.unit_cost, AtLeast(0));
  node.Read("order_cost", lane.order_cost, AtLeast(0));
  node.Read("lane_capacity", lane.lane_capacity, AtLeast(1));
  lane.calendar = ReadCalendar(node);
  node.ExpectNoMoreKeys();
  return lane;
}

bool IsPattern(const std::string& name) { return name.find('*') != std::string::npos; }

// `*` stands for any letters, also none.
bool Matches(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  if (pattern[0] != '*') return !name.empty() && pattern[0] == name[0] && Matches(pattern.substr(1), name.substr(1));
  return Matches(pattern.substr(1), name) || (!name.empty() && Matches(pattern, name.substr(1)));
}

/// A location of the network to be, with the settings that hold for it.
struct Place {
  std::string name;
  const LocationConfig* config = nullptr;
  bool sells = false;
  std::vector<int> to;              // places that it feeds
  std::map<std::string, int> site;  // by SKU
};

/// Puts a network together, step by step.
class NetworkBuilder {
 public:
  NetworkBuilder(const NetworkConfig& config, const std::vector<Series>& series, std::span<const double> mean_demand,
                 PeriodLength length)
      : config_(config), series_(series), mean_demand_(mean_demand), length_(length) {
    RESTOCK_CHECK_EQ(series.size(), mean_demand.size());
  }

  Network Build() {
    AddPlaces();
    ConnectPlaces();
    for (const bool sells : {false, true}) {
      for (size_t place = 0; place < places_.size(); ++place)
        if (places_[place].sells == sells) AddSites(place);
    }
    AddLanes();
    SetStockAndStorage();
    network_.Validate();
    return std::move(network_);
  }

 private:
  // central locations in the order of the file, then the warehouses of the data
  void AddPlaces() {
    std::vector<std::string> warehouses;
    for (const Series& one : series_)
      if (std::find(warehouses.begin(), warehouses.end(), one.warehouse) == warehouses.end())
        warehouses.push_back(one.warehouse);
    for (const LocationConfig& location : config_.locations) {
      if (IsPattern(location.name) ||
          std::find(warehouses.begin(), warehouses.end(), location.name) != warehouses.end())
        continue;
      places_.push_back({location.name, &location, false, {}, {}});
    }
    for (const std::string& warehouse : warehouses)
      places_.push_back({warehouse, &SettingsOf(warehouse), true, {}, {}});
  }

  // a name wins over a pattern, an earlier pattern over a later one
  const LocationConfig& SettingsOf(const std::string& warehouse) const {
    const LocationConfig* found = nullptr;
    for (const LocationConfig& location : config_.locations) {
      if (location.name == warehouse) return location;
      if (!found && IsPattern(location.name) && Matches(location.name, warehouse)) found = &location;
    }
    if (!found)
      throw ConfigError(fmt::format(
          "network.locations: none is for warehouse {} of the data: add one of this name, or a pattern \"*\".",
          warehouse));
    return *found;
  }

  // a pattern stands for warehouses, a name for any location
  std::vector<int> PlacesOf(const std::string& name, const LaneConfig& lane) const {
    std::vector<int> found;
    std::vector<std::string> names;
    for (size_t place = 0; place < places_.size(); ++place) {
      names.push_back(places_[place].name);
      if (IsPattern(name) ? places_[place].sells && Matches(name, places_[place].name) : places_[place].name == name)
        found.push_back(static_cast<int>(place));
    }
    if (found.empty())
      throw ConfigError(fmt::format("{}: a lane names {}, but there is no such location.{}", lane.where, Quote(name),
                                    Suggestion(name, names)));
    return found;
  }

  void ConnectPlaces() {
    for (const LaneConfig& lane : config_.lanes) {
      if (length_ != PeriodLength::kDay && lane.calendar.cycle == 7)
        throw ConfigError(
            fmt::format("{}: order_days needs periods of a day; with weeks give review_period.", lane.where));
      const std::vector<int> to = PlacesOf(lane.to, lane);
      const std::vector<int> from = lane.from == kSupplier ? std::vector{kOutside} : PlacesOf(lane.from, lane);
      for (const int origin : from) {
        for (const int destination : to) {
          if (origin == destination)
            throw ConfigError(fmt::format("{}: a lane leads from {} to itself.", lane.where, lane.to));
          connections_.push_back({&lane, origin, destination});
          if (origin != kOutside) places_[Index(origin)].to.push_back(destination);
        }
      }
    }
  }

  // a warehouse sells its series; besides, a place keeps every SKU of the places that it feeds
  void CollectSkus(int place, std::set<std::string>& skus, int depth) const {
    if (depth > static_cast<int>(places_.size()))
      throw ConfigError(fmt::format("network.lanes: the lanes form a circle through {}: remove one of them.",
                                    places_[Index(place)].name));
    for (const Series& one : series_)
      if (places_[Index(place)].sells && one.warehouse == places_[Index(place)].name) skus.insert(one.sku);
    for (const int below : places_[Index(place)].to) CollectSkus(below, skus, depth + 1);
  }

  void AddSites(size_t index) {
    Place& place = places_[index];
    const LocationConfig& config = *place.config;
    const int location = network_.num_locations();
    network_.location_name.push_back(place.name);
    network_.storage_capacity.push_back(kUnlimited);
    network_.overflow_cost.push_back(config.overflow_cost);
    if (place.sells && config.stockout_cost == 0)
      throw ConfigError(
          fmt::format("{}: location {} sells, so it needs a stockout_cost above 0.", config.where, config.name));

    std::set<std::string> skus;
    CollectSkus(static_cast<int>(index), skus, 0);
    if (skus.empty())
      throw ConfigError(
          fmt::format("{}: location {} is no warehouse of the data and feeds none.", config.where, config.name));
    for (const std::string& sku : SkusInOrder(skus)) {
      place.site[sku] = network_.num_sites();
      network_.site_sku.push_back(sku);
      network_.site_location.push_back(location);
      network_.site_series.push_back(place.sells ? SeriesOf(place.name, sku) : kNoSeries);
      network_.holding_cost.push_back(config.holding_cost);
      network_.stockout_cost.push_back(config.stockout_cost);
      network_.backorder_share.push_back(config.backorders ? 1.f : 0.f);
      network_.volume.push_back(config.volume);
      network_.unit_value.push_back(config.unit_value);
      network_.initial_on_hand.push_back(0);
    }
  }

  std::vector<std::string> SkusInOrder(const std::set<std::string>& skus) const {
    std::vector<std::string> ordered;
    for (const Series& one : series_) {
      if (skus.count(one.sku) > 0 && std::find(ordered.begin(), ordered.end(), one.sku) == ordered.end())
        ordered.push_back(one.sku);
    }
    return ordered;
  }

  int SeriesOf(const std::string& warehouse, const std::string& sku) const {
    for (size_t i = 0; i < series_.size(); ++i)
      if (series_[i].warehouse == warehouse && series_[i].sku == sku) return static_cast<int>(i);
    return kNoSeries;
  }

  void AddLanes() {
    for (const auto& [lane, origin, destination] : connections_) {
      const int calendar = static_cast<int>(lane - config_.lanes.data());
      for (const auto& [sku, site] : places_[Index(destination)].site) {
        network_.lane_origin.push_back(origin == kOutside ? kOutside : places_[Index(origin)].site.at(sku));
        network_.lane_destination.push_back(site);
        network_.lead_time.push_back(lane->lead_time);
        network_.unit_cost.push_back(lane->unit_cost);
        network_.order_cost.push_back(lane->order_cost);
        network_.lane_capacity.push_back(lane->lane_capacity);
        network_.lane_calendar.push_back(calendar);
      }
    }
    for (const LaneConfig& lane : config_.lanes) network_.calendars.push_back(lane.calendar);
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
      const LocationConfig& config = ConfigOf(network_.site_location[Index(site)]);
      network_.initial_on_hand[Index(site)] = static_cast<float>(std::round(config.initial_cover * demand));
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

  const LocationConfig& ConfigOf(int location) const {
    const auto place = std::find_if(places_.begin(), places_.end(), [&](const Place& one) {
      return one.name == network_.location_name[Index(location)];
    });
    return *place->config;
  }

  struct Connection {
    const LaneConfig* lane;
    int origin;  // place or kOutside
    int destination;
  };

  const NetworkConfig& config_;
  const std::vector<Series>& series_;
  std::span<const double> mean_demand_;
  PeriodLength length_;
  std::vector<Place> places_;
  std::vector<Connection> connections_;
  Network network_;
};

}  // namespace

NetworkConfig ReadNetworkConfig(ConfigNode node) {
  NetworkConfig network;
  for (ConfigNode location : node.Child("locations").Items()) {
    network.locations.push_back(ReadLocation(location));
    for (size_t i = 0; i + 1 < network.locations.size(); ++i) {
      if (network.locations[i].name == network.locations.back().name)
        location.Fail("name", fmt::format("{} stands twice in the list", network.locations[i].name));
    }
  }
  for (ConfigNode lane : node.Child("lanes").Items()) network.lanes.push_back(ReadLane(lane));
  if (network.locations.empty())
    node.Fail("needs locations, such as {name: \"*\", holding_cost: 0.1, stockout_cost: 2}");
  if (network.lanes.empty()) node.Fail("needs lanes, such as {from: supplier, to: \"*\", lead_time: 2}");
  node.ExpectNoMoreKeys();
  return network;
}

Network BuildNetwork(const NetworkConfig& config, const std::vector<Series>& series,
                     std::span<const double> mean_demand, PeriodLength period_length) {
  return NetworkBuilder(config, series, mean_demand, period_length).Build();
}

std::vector<ForecastTarget> ForecastTargets(const Network& network, int first_phase, int num_periods) {
  std::vector<ForecastTarget> targets(Index(network.num_sites()));
  for (int site = 0; site < network.num_sites(); ++site) {
    ForecastTarget& target = targets[Index(site)];
    for (const int member : network.echelon[Index(site)]) {
      if (network.site_series[Index(member)] != kNoSeries) target.series.push_back(network.site_series[Index(member)]);
    }
    for (int period = 0; period < num_periods; ++period)
      target.protection_periods.push_back(network.EchelonProtectionPeriods(site, first_phase + period));
  }
  return targets;
}

}  // namespace restock
