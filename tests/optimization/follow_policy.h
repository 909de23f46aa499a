#pragma once

#include <algorithm>
#include <vector>

#include "optimization/one_site_problem.h"
#include "tests/env/simulation.h"

namespace restock {

/// Orders as `policy` says, looked up by what each environment has and what is on its way.
inline BlockRule Follow(const OneSiteProblem& problem, const StatePolicy& policy) {
  return [&](const VectorEnv& env, int block, EigenRows orders) {
    const NetworkState& state = env.state(block);
    const Network& network = env.network();
    for (int copy = 0; copy < kBlockSize; ++copy) {
      std::vector<int> arriving;
      for (int ahead = 1; ahead < network.max_lead_time(); ++ahead) {
        float units = 0;
        for (int lane = 0; lane < network.num_lanes(); ++lane)
          if (ahead <= network.lead_time[static_cast<size_t>(lane)]) units += state.in_transit(lane, ahead)[copy];
        arriving.push_back(static_cast<int>(units));
      }
      const float level = state.on_hand(0)[copy] - state.backorders(0)[copy];
      const int now = problem.StateOf(std::max(static_cast<int>(level), problem.bounds().min_level), arriving);
      const std::vector<int> chosen = problem.OrdersOf(now, policy[static_cast<size_t>(now)]);
      for (int lane = 0; lane < network.num_lanes(); ++lane)
        orders(lane)[copy] = static_cast<float>(chosen[static_cast<size_t>(lane)]);
    }
  };
}

}  // namespace restock
