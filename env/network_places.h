#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/demand.h"
#include "env/network_config.h"

namespace restock {

/// The supplier's name in a configuration: outside the network.
inline constexpr const char* kSupplier = "supplier";

/// `*` stands for any letters, also none.
bool IsPattern(const std::string& name);
bool Matches(std::string_view pattern, std::string_view name);

/// The locations of a network to be: the settings that hold for each, who feeds whom, and which SKUs it keeps.
/// Throws ConfigError, with the place in the file, where a configuration names what is not there.
class NetworkPlaces {
 public:
  struct Place {
    std::string name;
    const LocationConfig* config = nullptr;  // of the location as a whole
    bool sells = false;
    std::vector<int> to;  // places that it feeds, and its channels
  };
  struct Connection {
    const LaneConfig* lane = nullptr;
    int origin = kOutside;  // place or kOutside
    int destination = 0;
  };

  /// Central locations in the order of the file, then the warehouses of the data. Both must outlive it.
  NetworkPlaces(const NetworkConfig& config, const std::vector<Series>& series, PeriodLength length);

  int size() const { return static_cast<int>(places_.size()); }
  const Place& operator[](int place) const { return places_[static_cast<size_t>(place)]; }
  const std::vector<Connection>& connections() const { return connections_; }

  /// The entry that holds for a SKU at a location: a name wins over a pattern, then a SKU over a pattern of SKUs, then
  /// the earlier. No SKU: for the location as a whole.
  const LocationConfig& SettingsOf(const std::string& place, const std::string& sku) const;
  /// A pattern stands for warehouses, a name for any location. `what` names it, at `where`.
  std::vector<int> Named(const std::string& name, const std::string& where, const char* what) const;
  /// A warehouse sells its series; besides, a place keeps every SKU of the places that it feeds, but for those that
  /// feed it in turn: between these, goods are only transferred. In the order of the data.
  std::vector<std::string> SkusOf(int place) const;

 private:
  void CheckSkus() const;
  void AddPlaces();
  void Connect(const LaneConfig& lane);
  void ConnectChannels();
  std::set<int> Below(int place) const;

  const NetworkConfig& config_;
  const std::vector<Series>& series_;
  std::vector<Place> places_;
  std::vector<Connection> connections_;
};

}  // namespace restock
