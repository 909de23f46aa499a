#include "agents/installation_stock_policy.h"

#include "agents/sourcing_lanes.h"
#include "common/check.h"

namespace restock {

void InstallationStockPolicy::Act(const DecisionContext& context, PolicyMemory*, std::span<float> orders) const {
  const Network& network = context.network;
  RESTOCK_CHECK_EQ(levels_.size(), network.num_sites());
  for (int site = 0; site < network.num_sites(); ++site) {
    const int lane = RegularLane(network, site);
    if (lane == kNoLane) continue;
    auto order = OrderOn(lane, orders);
    order = (levels_[site] - InventoryPosition(context, site)).max(0.f);
    if (caps_.size() > 0) order = order.min(caps_[site]);
  }
}

}  // namespace restock
