#include "agents/base_surge_policy.h"

#include "agents/sourcing_lanes.h"
#include "common/check.h"

namespace restock {

void BaseSurgePolicy::Act(const DecisionContext& context, PolicyMemory*, std::span<float> orders) const {
  const Network& network = context.network;
  RESTOCK_CHECK_EQ(expedited_levels_.size(), network.num_sites());
  RESTOCK_CHECK_EQ(regular_orders_.size(), network.num_sites());
  for (int site = 0; site < network.num_sites(); ++site) {
    const int regular = RegularLane(network, site), expedited = ExpeditedLane(network, site);
    if (regular == kNoLane) continue;
    if (expedited != regular) OrderOn(regular, orders) = BlockArray::Constant(regular_orders_[site]);
    OrderOn(expedited, orders) = (expedited_levels_[site] - PositionWithinLeadTime(context, site, expedited)).max(0.f);
  }
}

}  // namespace restock
