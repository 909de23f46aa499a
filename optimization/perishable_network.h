#pragma once

#include <span>
#include <vector>

#include "common/count_probabilities.h"
#include "env/network.h"
#include "optimization/perishable_problem.h"

namespace restock {

/// Settings of the Markov decision problem that env/period_step.h simulates where a network is one perishable item: a
/// site that orders on one lane from outside supply and loses sales, and channels that sell from it.  `demand[site]`:
/// probabilities of a period's demand. Orders are bounded by lane_capacity; where there is none, by what can be sold
/// within a shelf life but for p / (p + waste_cost). Throws ConfigError where the network is no such item.
PerishableSettings PerishableSettingsOf(const Network& network, std::span<const CountProbabilities> demand);

struct PerishableSolution {
  OptimalPolicy optimum;
  PerishableSettings settings;
};

/// The policy of least average cost, or with a `discount` below 1 of least discounted cost. Where nothing but a guess
/// bounds the orders it is widened until a policy that is optimal within it orders less.
PerishableSolution SolvePerishable(const Network& network, std::span<const CountProbabilities> demand,
                                   double discount = 1, const DynamicProgramConfig& config = {});

}  // namespace restock
