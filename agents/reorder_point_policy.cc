#include "agents/reorder_point_policy.h"

#include "agents/sourcing_lanes.h"
#include "common/check.h"

namespace restock {

void ReorderPointPolicy::Act(const DecisionContext& context, PolicyMemory*, std::span<float> orders) const {
  const Network& network = context.network;
  RESTOCK_CHECK_EQ(reorder_points_.size(), network.num_sites());
  RESTOCK_CHECK_EQ(levels_.size(), network.num_sites());
  for (int site = 0; site < network.num_sites(); ++site) {
    const int lane = RegularLane(network, site);
    if (lane == kNoLane) continue;
    const BlockArray position = InventoryPosition(context, site);
    const BlockArray order = (levels_[site] - position).max(0.f);
    OrderOn(lane, orders) = (position <= reorder_points_[site]).select(order, 0.f);
  }
}

}  // namespace restock
