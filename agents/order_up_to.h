#pragma once

#include <span>
#include <vector>

#include "agents/policy.h"

namespace restock {

/// Puts on the site's first lane the units, whole ones where goods are, that lift its echelon position to `level`.
/// `level`: (kBlockSize)
inline void OrderUpTo(const DecisionContext& context, int site, const Eigen::Ref<const Eigen::ArrayXf>& level,
                      std::span<float> orders) {
  const std::vector<int>& lanes = context.network.lanes_into[static_cast<size_t>(site)];
  if (lanes.empty()) return;  // a channel: its host orders
  const int lane = lanes.front();
  const auto position = context.observation.col(kEchelonPosition).segment(site * kBlockSize, kBlockSize).array();
  Eigen::Map<Eigen::ArrayXf> order(orders.data() + lane * kBlockSize, kBlockSize);
  order = (level - position).max(0.f);
  if (!context.network.is_divisible) order = order.round();
}

}  // namespace restock
