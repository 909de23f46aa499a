#pragma once

#include <optional>

#include "agents/policy.h"
#include "env/problem_file.h"

namespace restock {

/// The average cost per period of a policy that decides by the state alone, without chance in it: the policy is asked
/// for its order in every state, and the stationary distribution of the chain that starts empty gives the cost. For one
/// site that orders in every period, in whole units of independent demand; nothing where the problem is
/// another, its cost is no average, or its states are more than memory holds.
std::optional<double> ExactAverageCost(const Problem& problem, const Policy& policy);

}  // namespace restock
