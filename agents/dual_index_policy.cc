#include "agents/dual_index_policy.h"

#include "agents/sourcing_lanes.h"
#include "common/check.h"

namespace restock {

DualIndexPolicy::DualIndexPolicy(DualIndexLevels levels, Index index)
    : name_(index == Index::kSingle ? "single_index"
            : levels.cap.size() > 0 ? "capped_dual_index"
                                    : "dual_index"),
      levels_(std::move(levels)),
      index_(index) {}

void DualIndexPolicy::Act(const DecisionContext& context, PolicyMemory*, std::span<float> orders) const {
  const Network& network = context.network;
  RESTOCK_CHECK_EQ(levels_.expedited.size(), network.num_sites());
  RESTOCK_CHECK_EQ(levels_.regular.size(), network.num_sites());
  for (int site = 0; site < network.num_sites(); ++site) {
    const int regular = RegularLane(network, site), expedited = ExpeditedLane(network, site);
    if (regular == kNoLane) continue;
    const BlockArray position = InventoryPosition(context, site);

    // what cannot wait
    BlockArray in_a_hurry = BlockArray::Zero();
    if (expedited != regular) {
      const BlockArray near = index_ == Index::kSingle ? position : PositionWithinLeadTime(context, site, expedited);
      in_a_hurry = (levels_.expedited[site] - near).max(0.f);
      OrderOn(expedited, orders) = in_a_hurry;
    }

    // and the rest
    auto order = OrderOn(regular, orders);
    order = (levels_.regular[site] - position - in_a_hurry).max(0.f);
    if (levels_.cap.size() > 0) order = order.min(levels_.cap[site]);
  }
}

}  // namespace restock
