#include "env/network_places.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/error.h"
#include "common/text.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

}  // namespace

bool IsPattern(const std::string& name) { return name.find('*') != std::string::npos; }

bool Matches(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  if (pattern[0] != '*') return !name.empty() && pattern[0] == name[0] && Matches(pattern.substr(1), name.substr(1));
  return Matches(pattern.substr(1), name) || (!name.empty() && Matches(pattern, name.substr(1)));
}

NetworkPlaces::NetworkPlaces(const NetworkConfig& config, const std::vector<Series>& series, PeriodLength length)
    : config_(config), series_(series) {
  CheckSkus();
  AddPlaces();
  for (const LaneConfig& lane : config_.lanes) {
    if (length != PeriodLength::kDay && (lane.calendar.cycle == 7 || !lane.receives.empty()))
      throw ConfigError(fmt::format(
          "{}: order_days and receiving_days need periods of a day; with weeks give review_period.", lane.where));
    Connect(lane);
  }
  ConnectChannels();
}

// every SKU that is named is one of the data
void NetworkPlaces::CheckSkus() const {
  std::vector<std::string> skus;
  for (const Series& one : series_) skus.push_back(one.sku);
  const auto check = [&](const std::string& sku, const std::string& where) {
    if (IsPattern(sku) || std::find(skus.begin(), skus.end(), sku) != skus.end()) return;
    throw ConfigError(fmt::format("{}: there is no SKU {} in the demand.{}", where, Quote(sku), Suggestion(sku, skus)));
  };
  for (const LocationConfig& location : config_.locations) check(location.sku, location.where);
  for (const LaneConfig& lane : config_.lanes) check(lane.sku, lane.where);
  for (const LimitConfig& limit : config_.limits) check(limit.sku, limit.where);
}

void NetworkPlaces::AddPlaces() {
  std::vector<std::string> names;
  for (const Series& one : series_)
    if (std::find(names.begin(), names.end(), one.warehouse) == names.end()) names.push_back(one.warehouse);
  const std::vector<std::string> warehouses = names;
  for (const LocationConfig& location : config_.locations) {
    if (IsPattern(location.name) || std::find(names.begin(), names.end(), location.name) != names.end()) continue;
    places_.push_back({location.name, &location, false, {}});
    names.push_back(location.name);
  }
  for (const std::string& warehouse : warehouses) places_.push_back({warehouse, &SettingsOf(warehouse, ""), true, {}});
}

const LocationConfig& NetworkPlaces::SettingsOf(const std::string& place, const std::string& sku) const {
  const LocationConfig* best = nullptr;
  int best_score = -1;
  for (const LocationConfig& location : config_.locations) {
    if (!Matches(location.name, place) || (!sku.empty() && !Matches(location.sku, sku))) continue;
    const int score = (location.name == place ? 2 : 0) + (location.sku == sku ? 1 : 0);
    if (score > best_score) best = &location;
    best_score = std::max(best_score, score);
  }
  if (!best && sku.empty())
    throw ConfigError(fmt::format(
        "network.locations: none is for warehouse {} of the data: add one of this name, or a pattern \"*\".", place));
  if (!best)
    throw ConfigError(
        fmt::format("network.locations: none is for SKU {} at {}: add one with this sku, or without.", sku, place));
  return *best;
}

std::vector<int> NetworkPlaces::Named(const std::string& name, const std::string& where, const char* what) const {
  std::vector<int> found;
  std::vector<std::string> names;
  for (size_t place = 0; place < places_.size(); ++place) {
    names.push_back(places_[place].name);
    if (IsPattern(name) ? places_[place].sells && Matches(name, places_[place].name) : places_[place].name == name)
      found.push_back(static_cast<int>(place));
  }
  if (found.empty())
    throw ConfigError(fmt::format("{}: {} names {}, but there is no such location.{}", where, what, Quote(name),
                                  Suggestion(name, names)));
  return found;
}

void NetworkPlaces::Connect(const LaneConfig& lane) {
  const bool is_outside = lane.from == kSupplier || lane.kind == LaneKind::kReturns;
  const std::vector<int> to = Named(lane.to, lane.where, "a lane");
  const std::vector<int> from = is_outside ? std::vector{kOutside} : Named(lane.from, lane.where, "a lane");
  for (const int origin : from) {
    for (const int destination : to) {
      if (origin == destination && (IsPattern(lane.from) || IsPattern(lane.to))) continue;
      if (origin == destination)
        throw ConfigError(fmt::format("{}: a lane leads from {} to itself.", lane.where, lane.to));
      connections_.push_back({&lane, origin, destination});
      if (origin != kOutside) places_[Index(origin)].to.push_back(destination);
    }
  }
}

void NetworkPlaces::ConnectChannels() {
  for (int place = 0; place < size(); ++place) {
    const LocationConfig& config = *places_[Index(place)].config;
    if (config.sells_from.empty()) continue;
    const int host = Named(config.sells_from, config.where, "sells_from").front();
    places_[Index(host)].to.push_back(place);
  }
}

// all places that goods can reach from `place`
std::set<int> NetworkPlaces::Below(int place) const {
  std::set<int> reached;
  std::vector<int> open = {place};
  while (!open.empty()) {
    const int next = open.back();
    open.pop_back();
    for (const int below : places_[Index(next)].to)
      if (reached.insert(below).second) open.push_back(below);
  }
  return reached;
}

std::vector<std::string> NetworkPlaces::SkusOf(int place) const {
  std::set<int> served = {place};
  for (const int below : Below(place))
    if (Below(below).count(place) == 0) served.insert(below);
  std::set<std::string> sold;  // at one of these
  for (const Series& one : series_)
    for (const int below : served)
      if (places_[Index(below)].sells && one.warehouse == places_[Index(below)].name) sold.insert(one.sku);

  std::vector<std::string> skus;
  for (const Series& one : series_)
    if (sold.erase(one.sku) > 0) skus.push_back(one.sku);
  return skus;
}

}  // namespace restock
