#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "common/random.h"
#include "env/network.h"

namespace restock {

/// What a test says of one site and its first lane; the rest stands at its default.
struct SiteSettings {
  float holding_cost = 0;
  float stockout_cost = 0;
  float backorder_share = 0;
  float volume = 1;
  float unit_value = 0;
  float initial_on_hand = 0;
  int lead_time = 0;
  float unit_cost = 0;
  float order_cost = 0;
  float lane_capacity = kUnlimited;
  OrderCalendar calendar = {};
};

/// Puts small networks together by hand.
class NetworkBuilderForTests {
 public:
  int AddLocation(const std::string& name, float storage_capacity = kUnlimited, float overflow_cost = 0) {
    network_.location_name.push_back(name);
    network_.storage_capacity.push_back(storage_capacity);
    network_.overflow_cost.push_back(overflow_cost);
    return network_.num_locations() - 1;
  }

  /// A site with a lane from `origin` (a site, or kOutside). `series`: its column of demand, kNoSeries: none.
  int AddSite(int location, const std::string& sku, int origin, int series, const SiteSettings& settings) {
    const int site = AddSiteWithoutLane(location, sku, series, settings);
    AddLane(origin, site, settings);
    return site;
  }

  int AddSiteWithoutLane(int location, const std::string& sku, int series, const SiteSettings& settings) {
    network_.site_sku.push_back(sku);
    network_.site_location.push_back(location);
    network_.site_series.push_back(series);
    network_.holding_cost.push_back(settings.holding_cost);
    network_.stockout_cost.push_back(settings.stockout_cost);
    network_.backorder_share.push_back(settings.backorder_share);
    network_.volume.push_back(settings.volume);
    network_.unit_value.push_back(settings.unit_value);
    network_.initial_on_hand.push_back(settings.initial_on_hand);
    return network_.num_sites() - 1;
  }

  int AddLane(int origin, int destination, const SiteSettings& settings) {
    network_.lane_origin.push_back(origin);
    network_.lane_destination.push_back(destination);
    network_.lead_time.push_back(settings.lead_time);
    network_.unit_cost.push_back(settings.unit_cost);
    network_.order_cost.push_back(settings.order_cost);
    network_.lane_capacity.push_back(settings.lane_capacity);
    network_.lane_calendar.push_back(static_cast<int>(network_.calendars.size()));
    network_.calendars.push_back(settings.calendar);
    return network_.num_lanes() - 1;
  }

  /// Before Validate(), for what must be refused.
  Network& network() { return network_; }

  std::shared_ptr<const Network> Build() {
    network_.Validate();
    return std::make_shared<Network>(network_);
  }

 private:
  Network network_;
};

/// One SKU at one location, from outside supply, with demand of series 0.
inline std::shared_ptr<const Network> OneSite(const SiteSettings& settings) {
  NetworkBuilderForTests builder;
  builder.AddSite(builder.AddLocation("store"), "milk", kOutside, 0, settings);
  return builder.Build();
}

/// A central site (site 0, lane 0 from outside) that feeds stores (sites and lanes 1, 2, ...), series 0, 1, ...
inline std::shared_ptr<const Network> CentralAndStores(const SiteSettings& central,
                                                       const std::vector<SiteSettings>& stores) {
  NetworkBuilderForTests builder;
  const int origin = builder.AddSite(builder.AddLocation("central"), "milk", kOutside, kNoSeries, central);
  for (size_t store = 0; store < stores.size(); ++store) {
    const int location = builder.AddLocation("store " + std::to_string(store));
    builder.AddSite(location, "milk", origin, static_cast<int>(store), stores[store]);
  }
  return builder.Build();
}

/// Two echelons of one to three SKUs with random lead times, costs, capacities, calendars, shortage rules and second
/// lanes.
inline std::shared_ptr<const Network> RandomNetwork(uint64_t seed) {
  RandomStream random = Random(seed).Stream("network").At(0);
  const auto cost = [&] { return static_cast<float>(random.UniformInt(8)) * 0.25f; };
  const auto settings = [&] {
    SiteSettings drawn{.holding_cost = cost(),
                       .stockout_cost = cost(),
                       .volume = 0.5f + cost(),
                       .unit_value = cost(),
                       .unit_cost = cost(),
                       .order_cost = cost()};
    drawn.backorder_share = static_cast<float>(random.UniformInt(2));
    drawn.initial_on_hand = static_cast<float>(random.UniformInt(30));
    drawn.lead_time = random.UniformInt(5);
    if (random.UniformInt(3) == 0) drawn.lane_capacity = static_cast<float>(1 + random.UniformInt(20));
    if (random.UniformInt(3) == 0) drawn.calendar = {3, {true, false, random.UniformInt(2) == 0}};
    return drawn;
  };
  NetworkBuilderForTests builder;
  const int num_skus = 1 + random.UniformInt(3);
  const int num_stores = 1 + random.UniformInt(4);
  const int central = builder.AddLocation("central", 2000, cost());
  std::vector<int> stores;
  for (int store = 0; store < num_stores; ++store)
    stores.push_back(builder.AddLocation("store " + std::to_string(store), 300, cost()));
  int series = 0;
  for (int sku = 0; sku < num_skus; ++sku) {
    const std::string name = "sku " + std::to_string(sku);
    const int origin = builder.AddSite(central, name, kOutside, kNoSeries, settings());
    for (const int store : stores) {
      const int site = builder.AddSite(store, name, origin, series++, settings());
      if (random.UniformInt(4) == 0) builder.AddLane(kOutside, site, settings());
    }
  }
  return builder.Build();
}

}  // namespace restock
