#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "env/problem_file.h"
#include "tests/env/simulation.h"

namespace restock {

/// A file of configs/problems/, with overrides.
inline Problem ShippedProblem(const std::string& name, const std::vector<std::string>& overrides = {}) {
  return ReadProblem(LoadConfig("configs/problems/" + name + ".yaml", overrides));
}

inline int SiteAt(const Network& network, const std::string& location) {
  for (int site = 0; site < network.num_sites(); ++site)
    if (network.location_name[static_cast<size_t>(network.site_location[static_cast<size_t>(site)])] == location)
      return site;
  ADD_FAILURE() << "no location " << location;
  return 0;
}

/// Inventory position of a site and all that it feeds, channels too.
inline BlockArray EchelonPosition(const Network& network, const NetworkState& state, int site) {
  BlockArray position = BlockArray::Zero();
  for (const int member : network.echelon[static_cast<size_t>(site)])
    position += InventoryPosition(network, state, member);
  return position;
}

/// Orders up to one level of the echelon position per site, on its first lane.
inline BlockRule EchelonBaseStock(std::vector<double> levels) {
  return [levels = std::move(levels)](const VectorEnv& env, int block, EigenRows orders) {
    const Network& network = env.network();
    for (int lane = 0; lane < network.num_lanes(); ++lane) {
      const auto site = static_cast<size_t>(network.lane_destination[static_cast<size_t>(lane)]);
      orders(lane).setZero();
      if (network.lanes_into[site].front() == lane)
        orders(lane) =
            (static_cast<float>(levels[site]) - EchelonPosition(network, env.state(block), static_cast<int>(site)))
                .max(0.f);
    }
  };
}

struct RunLength {
  int num_envs = 1024;
  int num_periods = 1100;
  int warm_up = 100;
  uint64_t seed = 1;
};

/// Mean cost per period of a problem's rule; the same seed is the same demand.
inline MeanWithError CostOf(const Problem& problem, const BlockRule& rule, const RunLength& run = {}) {
  VectorEnv env(problem.network, MakeProblemDemand(problem, run.num_periods, Random(run.seed)),
                {.num_envs = run.num_envs,
                 .shuffle_scenarios = false,
                 .credit_leftovers = false,
                 .keep_outcomes = false,
                 .keep_observations = false});
  return MeanCost(env, rule, run.warm_up, run.seed);
}

}  // namespace restock
