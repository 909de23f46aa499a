#include "env/network_index.h"

#include <algorithm>
#include <iterator>

namespace restock {
namespace {

bool HasEventsOfItsOwn(const Network& network) {
  return !network.channels.empty() || !network.goodwill.empty() || !network.emergency_lanes.empty() ||
         !network.return_lanes.empty() || !network.yields.empty() || !network.unfilled_orders.empty() ||
         !network.order_delays.empty() || !network.pipeline_costs.empty() || !network.variable_lead_times.empty() ||
         !network.disruptions.empty() || !network.joint_limits.empty() || !network.vehicles.empty() ||
         !network.perishables.empty() || !network.refusing_locations.empty();
}

}  // namespace

void NetworkIndex::IndexLists::Append(const std::vector<int>& list) {
  entries.insert(entries.end(), list.begin(), list.end());
  begin.push_back(static_cast<int>(entries.size()));
}

NetworkIndex::NetworkIndex(const Network& network)
    : network_(network),
      uses_(network),
      has_prices_(std::any_of(network.price.begin(), network.price.end(), [](float price) { return price != 0; })),
      backorder_share_(network.backorder_share),
      shipping_capacity_(network.backorder_share.size(), kUnlimited) {
  has_backorders_ = std::any_of(network.backorder_share.begin(), network.backorder_share.end(),
                                [](float share) { return share > 0; });

  // what competes for a site's stock, what comes to it
  for (int site = 0; site < network.num_sites(); ++site) {
    const auto i = static_cast<size_t>(site);
    if (network.IsSupplier(site)) suppliers_.push_back(site);
    if (network.HostOf(site) == site) stocking_sites_.push_back(site);
    std::vector<int> immediate, emergency;
    for (const int lane : network.lanes_into[i]) {
      if (At(network.lead_time, lane) > 0) continue;
      (network.takes_orders[static_cast<size_t>(lane)] ? immediate : emergency).push_back(lane);
    }
    lanes_into_.Append(network.lanes_into[i]);
    immediate_lanes_into_.Append(immediate);
    emergency_lanes_into_.Append(emergency);
    lanes_out_of_.Append(network.lanes_out_of[i]);
    if (backorder_share_[i] > 0 && backorder_share_[i] < 1) {
      partial_backorders_.push_back(site);
      backorder_share_[i] = 0;
    }
  }

  for (int lane = 0; lane < network.num_lanes(); ++lane) {
    if (At(network.lane_origin, lane) >= 0) lanes_from_sites_.push_back(lane);
    has_order_costs_ |= order_cost(lane) > 0;
  }

  // rules of some sites and locations
  for (const RationingRule& rule : network.rationing) {
    if (rule.rule == Rationing::kInTurn) suppliers_in_turn_.push_back(rule.site);
    if (rule.rule == Rationing::kLeastShortage) suppliers_by_shortage_.push_back(rule.site);
  }
  for (const ShippingCapacity& capacity : network.shipping_capacities)
    shipping_capacity_[static_cast<size_t>(capacity.site)] = capacity.units;
  for (int location = 0; location < network.num_locations(); ++location) {
    sites_at_.Append(network.sites_at[static_cast<size_t>(location)]);
    const auto& refusing = network.refusing_locations;
    const bool refuses = std::find(refusing.begin(), refusing.end(), location) != refusing.end();
    if (storage_capacity(location) < kUnlimited && overflow_cost(location) > 0 && !refuses)
      limited_locations_.push_back(location);
  }
  for (const Perishable& perishable : network.perishables) {
    std::vector<int> channels;
    for (const Channel& channel : network.channels)
      if (channel.host == perishable.site && channel.sells_newest) channels.push_back(channel.site);
    newest_channels_.Append(channels);
  }
  sites_stand_alone_ = lanes_from_sites_.empty() && limited_locations_.empty() && partial_backorders_.empty() &&
                       !HasEventsOfItsOwn(network);
}

}  // namespace restock
