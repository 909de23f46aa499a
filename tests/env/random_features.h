#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/random.h"
#include "tests/env/test_networks.h"

namespace restock {

/// Two echelons, and of all that a network may have each feature with some probability. Costs, volumes and weights are
/// quarters, so that sums of them are exact in any order. Costs have no influence on what happens.
class RandomFeatures {
 public:
  RandomFeatures(uint64_t seed, bool is_divisible) : random_(Random(seed).Stream("features").At(0)) {
    network().is_divisible = is_divisible;
    network().receives_after_shipping = Chance(4);
  }

  std::shared_ptr<const Network> Build() {
    AddPlaces();
    AddOtherLanes();
    network().price.resize(sites());
    network().lane_priority.resize(lanes());
    network().initial_in_transit.resize(lanes());
    for (float& price : network().price) price = Chance(2) ? Quarters() : 0;
    for (int& priority : network().lane_priority) priority = random_.UniformInt(3);
    for (float& units : network().initial_in_transit) units = static_cast<float>(random_.UniformInt(4));
    for (int site = 0; site < network().num_sites(); ++site) DrawSite(site);
    for (int lane = 0; lane < network().num_lanes(); ++lane) DrawLane(lane);
    DrawGroups();
    return builder_.Build();
  }

 private:
  Network& network() { return builder_.network(); }
  size_t sites() { return network().site_sku.size(); }
  size_t lanes() { return network().lane_origin.size(); }
  bool Chance(int one_in) { return random_.UniformInt(one_in) == 0; }
  float Quarters() { return static_cast<float>(random_.UniformInt(8)) * 0.25f; }
  float Share() { return static_cast<float>(1 + random_.UniformInt(7)) / 8; }

  SiteSettings Settings() {
    SiteSettings drawn{.holding_cost = Quarters(),
                       .stockout_cost = Quarters(),
                       .volume = 0.5f + Quarters(),
                       .unit_value = Quarters(),
                       .unit_cost = Quarters(),
                       .order_cost = Quarters()};
    drawn.backorder_share = Chance(3) ? Share() : static_cast<float>(random_.UniformInt(2));
    drawn.initial_on_hand = static_cast<float>(random_.UniformInt(15));
    drawn.lead_time = random_.UniformInt(5);
    if (Chance(3)) drawn.lane_capacity = static_cast<float>(1 + random_.UniformInt(20));
    if (Chance(4)) drawn.calendar = {3, {true, false, Chance(2)}};
    return drawn;
  }

  // where a location refuses, all goods have one volume
  int AddLocation(const std::string& name, float capacity) {
    const int location = builder_.AddLocation(name, capacity, Quarters());
    if (!network().receives_after_shipping && Chance(3)) network().refusing_locations.push_back(location);
    return location;
  }
  bool Refuses(int location) {
    return !network().refusing_locations.empty() && network().refusing_locations.back() == location;
  }
  int AddSite(int location, const std::string& sku, int origin, int series) {
    SiteSettings settings = Settings();
    if (Refuses(location)) settings.volume = 0.5f;
    return builder_.AddSite(location, sku, origin, series, settings);
  }

  // central sites, stores that they feed, channels that sell what stands there
  void AddPlaces() {
    const int num_skus = 1 + random_.UniformInt(2);
    const int num_stores = 2 + random_.UniformInt(3);
    const int central = AddLocation("central", 64);
    for (int sku = 0; sku < num_skus; ++sku) {
      centrals_.push_back(AddSite(central, Sku(sku), kOutside, Chance(2) ? series_++ : kNoSeries));
      stores_.emplace_back();
    }
    for (int store = 0; store < num_stores; ++store) {
      const int location = AddLocation("store " + std::to_string(store), 64);
      for (int sku = 0; sku < num_skus; ++sku)
        stores_[At(sku)].push_back(AddSite(location, Sku(sku), centrals_[At(sku)], series_++));
    }
    const int num_channels = Chance(2) ? 1 + random_.UniformInt(3) : 0;
    for (int channel = 0; channel < num_channels; ++channel) {
      const int location = builder_.AddLocation("channel " + std::to_string(channel));
      const int sku = random_.UniformInt(num_skus);
      const int host = Chance(3) ? centrals_[At(sku)] : AnyStore(sku);
      network().channels.push_back(
          {builder_.AddSiteWithoutLane(location, Sku(sku), series_++, Settings()), host, Chance(2)});
    }
  }

  void AddOtherLanes() {
    for (size_t sku = 0; sku < centrals_.size(); ++sku) {
      const int product = static_cast<int>(sku);
      if (Chance(2)) builder_.AddLane(kOutside, AnyStore(product), Settings());
      for (int transfer = Chance(2) ? 1 + random_.UniformInt(3) : 0; transfer > 0; --transfer) {
        const int from = AnyStore(product);
        const int to = AnyStore(product);
        if (from != to) builder_.AddLane(from, to, WithLeadTime(1 + random_.UniformInt(3)));
      }
      for (int emergency = Chance(2) ? 1 + random_.UniformInt(3) : 0; emergency > 0; --emergency) {
        const int to = AnyStore(product);
        const int from = Chance(2) ? centrals_[sku] : AnyStore(product);
        if (from != to) network().emergency_lanes.push_back({builder_.AddLane(from, to, WithLeadTime(0)), Share()});
      }
      for (int back = Chance(2) ? 1 + random_.UniformInt(2) : 0; back > 0; --back) {
        const int lane = builder_.AddLane(kOutside, AnyStore(product), WithLeadTime(1 + random_.UniformInt(3)));
        network().return_lanes.push_back({lane, Share() / 2});
      }
    }
  }

  void DrawSite(int site) {
    Network& drawn = network();
    const bool is_channel = drawn.site_location[At(site)] >= drawn.num_locations() - Count(drawn.channels);
    if (drawn.site_series[At(site)] != kNoSeries && Chance(4))
      drawn.goodwill.push_back({site, 0.5f + Quarters() / 4, 1.f + Quarters() / 8, Share() / 2, 1.f + Quarters()});
    if (is_channel) return;
    if (Chance(2)) drawn.rationing.push_back({site, Chance(2) ? Rationing::kInTurn : Rationing::kLeastShortage});
    if (Chance(4)) drawn.shipping_capacities.push_back({site, static_cast<float>(1 + random_.UniformInt(12))});
    if (!drawn.receives_after_shipping && Chance(3))
      drawn.perishables.push_back({site, 1 + random_.UniformInt(4), Chance(2), Quarters()});
  }

  void DrawLane(int lane) {
    Network& drawn = network();
    int& lead_time = drawn.lead_time[At(lane)];
    if (Chance(4)) drawn.pipeline_costs.push_back({lane, Quarters()});
    for (const EmergencyLane& entry : drawn.emergency_lanes)
      if (entry.lane == lane) return;
    for (const ReturnLane& entry : drawn.return_lanes)
      if (entry.lane == lane) return;
    if (Chance(4)) drawn.unfilled_orders.push_back({lane, Chance(2), Quarters()});
    if (Chance(5)) {
      const int periods = 1 + random_.UniformInt(3);
      drawn.order_delays.push_back({lane, periods, static_cast<float>(random_.UniformInt(4))});
    }
    if (drawn.lane_origin[At(lane)] == kOutside && Chance(3)) drawn.yields.push_back({lane, Share()});
    if (lead_time > 1 && Chance(3)) {
      std::vector<double> probability(At(lead_time + 1), 1.0 / lead_time);
      probability[0] = 0;
      drawn.variable_lead_times.push_back({lane, probability, Chance(2), {}, 0});
    }
  }

  void DrawGroups() {
    const auto draw_lanes = [&] {
      std::vector<int> drawn;
      for (int lane = 0; lane < network().num_lanes(); ++lane)
        if (drawn.empty() || Chance(2)) drawn.push_back(lane);
      return drawn;
    };
    const auto draw_weights = [&](size_t count) {
      std::vector<float> weights(count);
      for (float& weight : weights) weight = Quarters();
      return weights;
    };
    for (int limit = random_.UniformInt(3); limit > 0; --limit) {
      const std::vector<int> lanes = draw_lanes();
      network().joint_limits.push_back(
          {"limit", lanes, draw_weights(lanes.size()), static_cast<float>(5 + random_.UniformInt(30))});
    }
    for (int vehicles = random_.UniformInt(3); vehicles > 0; --vehicles) {
      const std::vector<int> lanes = draw_lanes();
      network().vehicles.push_back({lanes, draw_weights(lanes.size()), 1.f + Quarters() * 4, Quarters()});
    }
    if (Chance(3)) network().disruptions.push_back({draw_lanes(), 0.25, 0.5});
  }

  SiteSettings WithLeadTime(int lead_time) {
    SiteSettings settings = Settings();
    settings.lead_time = lead_time;
    return settings;
  }
  int AnyStore(int sku) { return stores_[At(sku)][At(random_.UniformInt(Count(stores_[At(sku)])))]; }
  static std::string Sku(int sku) { return "sku " + std::to_string(sku); }
  static size_t At(int index) { return static_cast<size_t>(index); }
  template <class T>
  static int Count(const std::vector<T>& entries) {
    return static_cast<int>(entries.size());
  }

  RandomStream random_;
  NetworkBuilderForTests builder_;
  std::vector<int> centrals_;             // by SKU
  std::vector<std::vector<int>> stores_;  // by SKU
  int series_ = 0;
};

inline std::shared_ptr<const Network> RandomNetworkWithFeatures(uint64_t seed, bool is_divisible = false) {
  return RandomFeatures(seed, is_divisible).Build();
}

}  // namespace restock
