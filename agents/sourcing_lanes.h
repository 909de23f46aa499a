#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "agents/policy.h"
#include "env/observation.h"

namespace restock {

using BlockArray = Eigen::Array<float, kBlockSize, 1>;

/// Whether a site's orders on `lane` are replenishment: no transfer, and none that only an emergency or a return uses.
inline bool IsSupplyLane(const Network& network, int lane) {
  const auto i = static_cast<size_t>(lane);
  return network.takes_orders[i] && !network.is_transfer[i];
}

/// The lane into a site that brings the bulk: of its supply lanes the one with the longest lead time, the first of
/// those; kNoLane for a channel, whose host orders.
inline constexpr int kNoLane = -1;
inline int RegularLane(const Network& network, int site) {
  int regular = kNoLane;
  for (const int lane : network.lanes_into[static_cast<size_t>(site)]) {
    const bool is_longer = regular == kNoLane || network.lead_time[static_cast<size_t>(lane)] >
                                                     network.lead_time[static_cast<size_t>(regular)];
    if (IsSupplyLane(network, lane) && is_longer) regular = lane;
  }
  return regular;
}

/// The lane for emergencies: the supply lane with the shortest lead time, the last of those that are not the regular
/// one; the regular lane itself where it is the only one.
inline int ExpeditedLane(const Network& network, int site) {
  const int regular = RegularLane(network, site);
  int expedited = regular;
  for (const int lane : network.lanes_into[static_cast<size_t>(site)]) {
    if (lane == regular || !IsSupplyLane(network, lane)) continue;
    if (network.lead_time[static_cast<size_t>(lane)] <= network.lead_time[static_cast<size_t>(expedited)])
      expedited = lane;
  }
  return expedited;
}

/// On hand minus backorders plus all that is on its way to the site.
inline BlockArray InventoryPosition(const DecisionContext& context, int site) {
  return context.observation.col(kInventoryPosition).segment(site * kBlockSize, kBlockSize).array();
}

/// The same of what arrives within the lead time of `lane`: what an order on it can be measured against.
inline BlockArray PositionWithinLeadTime(const DecisionContext& context, int site, int lane) {
  const NetworkState& state = context.state;
  const Network& network = context.network;
  // where goods are received after shipping, those of today serve customers today
  const int num_receipts = network.lead_time[static_cast<size_t>(lane)] + network.receives_after_shipping;
  BlockArray position = state.on_hand(site) - state.backorders(site);
  for (const int other : network.lanes_into[static_cast<size_t>(site)]) {
    const int last = std::min(num_receipts, network.lead_time[static_cast<size_t>(other)]);
    for (int ahead = 1; ahead <= last; ++ahead) position += state.in_transit(other, ahead);
  }
  return position;
}

/// The wanted units of a lane.
inline Eigen::Map<BlockArray> OrderOn(int lane, std::span<float> orders) {
  return Eigen::Map<BlockArray>(orders.data() + lane * kBlockSize);
}

}  // namespace restock
