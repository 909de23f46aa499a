#pragma once

#include "env/network.h"

namespace restock {

/// Where chance takes a count out of a count (which of ten unmet customers wait?), each use has a row of uniform
/// numbers: first those of Network::goodwill, then sites whose shortage waits in part, emergency lanes, yields and
/// returns.
struct ThinningUses {
  explicit ThinningUses(const Network& network) {
    goodwill = 0;
    partial_backorders = goodwill + static_cast<int>(network.goodwill.size());
    int num_partial = 0;
    for (const float share : network.backorder_share) num_partial += share > 0 && share < 1 ? 1 : 0;
    emergency = partial_backorders + num_partial;
    yield = emergency + static_cast<int>(network.emergency_lanes.size());
    returns = yield + static_cast<int>(network.yields.size());
    num_uses = returns + static_cast<int>(network.return_lanes.size());
  }

  int goodwill = 0;  // the first row of each kind
  int partial_backorders = 0;
  int emergency = 0;
  int yield = 0;
  int returns = 0;
  int num_uses = 0;
};

}  // namespace restock
