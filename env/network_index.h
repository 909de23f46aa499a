#pragma once

#include <vector>

#include "env/network.h"
#include "env/thinning_uses.h"

namespace restock {

/// The part of period_step.h's vocabulary that does not depend on what a value is: the numbers of a network, and loops
/// over its sites, lanes and features, where a site or a lane is an index. `network` must outlive it.
class NetworkIndex {
 public:
  explicit NetworkIndex(const Network& network);

  float holding_cost(int site) const { return At(network_.holding_cost, site); }
  float stockout_cost(int site) const { return At(network_.stockout_cost, site); }
  float price(int site) const { return At(network_.price, site); }
  float volume(int site) const { return At(network_.volume, site); }
  float unit_cost(int lane) const { return At(network_.unit_cost, lane); }
  float order_cost(int lane) const { return At(network_.order_cost, lane); }
  float storage_capacity(int location) const { return At(network_.storage_capacity, location); }
  float overflow_cost(int location) const { return At(network_.overflow_cost, location); }
  float shipping_capacity(int site) const { return At(shipping_capacity_, site); }
  /// Of all that is short; 0 where chance decides how much of it waits.
  float backorder_share(int site) const { return At(backorder_share_, site); }
  bool HasBackorders() const { return has_backorders_; }
  bool HasOrderCosts() const { return has_order_costs_; }
  bool HasPrices() const { return has_prices_; }
  bool ReceivesAfterShipping() const { return network_.receives_after_shipping; }
  /// Every lane comes from outside, and nothing happens but that goods are ordered, received and sold.
  bool SitesStandAlone() const { return sites_stand_alone_; }

  /// Sites that keep stock.
  template <class Work>
  void ForEachSite(Work work) const {
    if (network_.channels.empty()) {
      for (int site = 0; site < network_.num_sites(); ++site) work(site);
    } else {
      for (const int site : stocking_sites_) work(site);
    }
  }
  template <class Work>
  void ForEachLane(Work work) const {
    for (int lane = 0; lane < network_.num_lanes(); ++lane) work(lane);
  }
  template <class Work>
  void ForEachLaneInto(int site, Work work) const {
    for (int i = At(lanes_into_.begin, site); i < At(lanes_into_.begin, site + 1); ++i)
      work(At(lanes_into_.entries, i));
  }
  /// `work(lane, origin)`
  template <class Work>
  void ForEachLaneFromSites(Work work) const {
    for (const int lane : lanes_from_sites_) work(lane, At(network_.lane_origin, lane));
  }
  /// Sites that feed others; those with a rule of their own.
  template <class Work>
  void ForEachSupplier(Work work) const {
    for (const int site : suppliers_) work(site);
  }
  template <class Work>
  void ForEachSupplierInTurn(Work work) const {
    for (const int site : suppliers_in_turn_) work(site);
  }
  /// `work(site, number of lanes out of it)`
  template <class Work>
  void ForEachSupplierByShortage(Work work) const {
    for (const int site : suppliers_by_shortage_) work(site, NumLanesOutOf(site));
  }
  /// Lanes out of them, `work(lane, origin)`, in turn.
  template <class Work>
  void ForEachLaneInTurn(Work work) const {
    for (const int site : suppliers_in_turn_) ForEachLaneOutOf(site, work);
  }
  template <class Work>
  void ForEachLaneByShortage(Work work) const {
    for (const int site : suppliers_by_shortage_) ForEachLaneOutOf(site, work);
  }
  /// Locations where overflow can cost something; those that refuse it.
  template <class Work>
  void ForEachLimitedLocation(Work work) const {
    for (const int location : limited_locations_) work(location);
  }
  template <class Work>
  void ForEachRefusingLocation(Work work) const {
    for (const int location : network_.refusing_locations) work(location);
  }
  template <class Work>
  void ForEachSiteAt(int location, Work work) const {
    for (const int site : network_.sites_at[static_cast<size_t>(location)]) work(site);
  }

  // the entries of features; `use` is a row of uniform numbers
  template <class Work>
  void ForEachGoodwill(Work work) const {
    for (int i = 0; i < Count(network_.goodwill); ++i) {
      const Goodwill& rule = At(network_.goodwill, i);
      work(i, uses_.goodwill + i, rule.site, rule);
    }
  }
  template <class Work>
  void ForEachOrderDelay(Work work) const {
    for (int i = 0; i < Count(network_.order_delays); ++i) work(i, At(network_.order_delays, i).lane);
  }
  template <class Work>
  void ForEachUnfilled(Work work) const {
    for (int i = 0; i < Count(network_.unfilled_orders); ++i) {
      const UnfilledOrders& rule = At(network_.unfilled_orders, i);
      work(i, rule.lane, rule);
    }
  }
  /// `work(supplier, lane)`
  template <class Work>
  void ForEachDisruptedLane(Work work) const {
    for (int i = 0; i < Count(network_.disruptions); ++i)
      for (const int lane : At(network_.disruptions, i).lanes) work(i, lane);
  }
  template <class Work>
  void ForEachYield(Work work) const {
    for (int i = 0; i < Count(network_.yields); ++i) {
      const LaneYield& entry = At(network_.yields, i);
      work(uses_.yield + i, entry.lane, entry.share);
    }
  }
  /// `work(site, host)`
  template <class Work>
  void ForEachChannel(Work work) const {
    for (const Channel& channel : network_.channels) work(channel.site, channel.host);
  }
  /// `work(use, lane, origin, destination, acceptance)`
  template <class Work>
  void ForEachEmergencyLane(Work work) const {
    for (int i = 0; i < Count(network_.emergency_lanes); ++i) {
      const EmergencyLane& entry = At(network_.emergency_lanes, i);
      work(uses_.emergency + i, entry.lane, At(network_.lane_origin, entry.lane), Destination(entry.lane),
           entry.acceptance);
    }
  }
  template <class Work>
  void ForEachPartialBackorder(Work work) const {
    for (int i = 0; i < Count(partial_backorders_); ++i) {
      const int site = At(partial_backorders_, i);
      work(uses_.partial_backorders + i, site, At(network_.backorder_share, site));
    }
  }
  template <class Work>
  void ForEachReturnLane(Work work) const {
    for (int i = 0; i < Count(network_.return_lanes); ++i) {
      const ReturnLane& entry = At(network_.return_lanes, i);
      work(uses_.returns + i, entry.lane, Destination(entry.lane), entry.share);
    }
  }
  template <class Work>
  void ForEachPerishable(Work work) const {
    for (int i = 0; i < Count(network_.perishables); ++i) {
      const Perishable& rule = At(network_.perishables, i);
      work(i, rule.site, rule.shelf_life, rule);
    }
  }
  template <class Work>
  void ForEachPipelineCost(Work work) const {
    for (const PipelineCost& entry : network_.pipeline_costs) work(entry.lane, entry.cost);
  }
  template <class Work>
  void ForEachVariableLeadTime(Work work) const {
    for (int i = 0; i < Count(network_.variable_lead_times); ++i) work(i, At(network_.variable_lead_times, i).lane);
  }
  template <class Work>
  void ForEachJointLimit(Work work) const {
    for (const JointLimit& limit : network_.joint_limits) work(Group{limit.lanes, limit.weight}, limit.limit);
  }
  template <class Work>
  void ForEachVehicles(Work work) const {
    for (const Vehicles& vehicles : network_.vehicles) work(Group{vehicles.lanes, vehicles.weight}, vehicles);
  }

  /// Lanes that share something, with a weight each.
  struct Group {
    const std::vector<int>& lanes;
    const std::vector<float>& weight;
  };
  template <class Work>
  void ForEachLaneOf(const Group& group, Work work) const {
    for (int i = 0; i < Count(group.lanes); ++i) work(At(group.lanes, i), At(group.weight, i));
  }

  int Destination(int lane) const { return At(network_.lane_destination, lane); }
  /// Of a lane from a site.
  int Origin(int lane) const { return At(network_.lane_origin, lane); }

 protected:
  /// Lists of indices, one after the other.
  struct IndexLists {
    std::vector<int> begin = {0};  // of list i; the last is the end  (num_lists + 1)
    std::vector<int> entries;
    void Append(const std::vector<int>& list);
  };

  template <class T>
  static const T& At(const std::vector<T>& values, int index) {
    return values[static_cast<size_t>(index)];
  }
  template <class T>
  static int Count(const std::vector<T>& entries) {
    return static_cast<int>(entries.size());
  }

  int NumLanesOutOf(int site) const { return At(lanes_out_of_.begin, site + 1) - At(lanes_out_of_.begin, site); }
  template <class Work>
  void ForEachLaneOutOf(int site, Work work) const {
    for (int i = At(lanes_out_of_.begin, site); i < At(lanes_out_of_.begin, site + 1); ++i)
      work(At(lanes_out_of_.entries, i), site);
  }

  const Network& network_;
  ThinningUses uses_;
  bool has_prices_ = false;
  bool has_backorders_ = false;
  bool has_order_costs_ = false;
  bool sites_stand_alone_ = false;
  std::vector<float> backorder_share_;    // (num_sites)
  std::vector<float> shipping_capacity_;  // (num_sites)
  std::vector<int> stocking_sites_;
  std::vector<int> lanes_from_sites_;
  std::vector<int> suppliers_;
  std::vector<int> suppliers_in_turn_;
  std::vector<int> suppliers_by_shortage_;
  std::vector<int> partial_backorders_;
  std::vector<int> limited_locations_;
  IndexLists lanes_into_;
  IndexLists immediate_lanes_into_;
  IndexLists emergency_lanes_into_;
  IndexLists lanes_out_of_;
  IndexLists sites_at_;
  IndexLists newest_channels_;  // by perishable
};

}  // namespace restock
