#pragma once

#include <span>

#include "agents/policy.h"

namespace restock {

/// Puts on the site's first lane the whole units that lift its echelon position to `level`.  `level`: (kBlockSize)
inline void OrderUpTo(const DecisionContext& context, int site, const Eigen::Ref<const Eigen::ArrayXf>& level,
                      std::span<float> orders) {
  const auto position = context.observation.col(kEchelonPosition).segment(site * kBlockSize, kBlockSize).array();
  const int lane = context.network.lanes_into[static_cast<size_t>(site)].front();
  Eigen::Map<Eigen::ArrayXf> order(orders.data() + lane * kBlockSize, kBlockSize);
  order = (level - position).round().max(0.f);
}

}  // namespace restock
