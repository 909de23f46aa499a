#pragma once

#include <span>

#include "agents/policy.h"
#include "env/observation.h"

namespace restock {

using BlockArray = Eigen::Array<float, kBlockSize, 1>;

/// The lane into a site that brings the bulk: the one with the longest lead time, the first of those.
inline int RegularLane(const Network& network, int site) {
  const std::vector<int>& lanes = network.lanes_into[static_cast<size_t>(site)];
  int regular = lanes.front();
  for (const int lane : lanes)
    if (network.lead_time[static_cast<size_t>(lane)] > network.lead_time[static_cast<size_t>(regular)]) regular = lane;
  return regular;
}

/// The lane for emergencies: the one with the shortest lead time, the last of those that are not the regular lane; the
/// regular lane itself where it is the only one.
inline int ExpeditedLane(const Network& network, int site) {
  const int regular = RegularLane(network, site);
  int expedited = regular;
  for (const int lane : network.lanes_into[static_cast<size_t>(site)]) {
    if (lane == regular) continue;
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
  const int within = context.network.lead_time[static_cast<size_t>(lane)];
  BlockArray position = state.on_hand(site) - state.backorders(site);
  for (const int other : context.network.lanes_into[static_cast<size_t>(site)]) {
    const int last = std::min(within, context.network.lead_time[static_cast<size_t>(other)]);
    for (int ahead = 1; ahead <= last; ++ahead) position += state.in_transit(other, ahead);
  }
  return position;
}

/// The wanted units of a lane.
inline Eigen::Map<BlockArray> OrderOn(int lane, std::span<float> orders) {
  return Eigen::Map<BlockArray>(orders.data() + lane * kBlockSize);
}

}  // namespace restock
