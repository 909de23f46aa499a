#pragma once

#include "agents/agent_config.h"
#include "env/network.h"

namespace restock {

// Whether a learner suits a network. Each throws ConfigError that names what it does not know, and who does.

/// Pathwise learns from gradients, which tell nothing of jumps: fixed costs, vehicles, packs; and the network that
/// orders on all lanes is for some dozens of sites.
void CheckPathwise(const Network& network);

/// Policy iteration compares orders of one site on one lane, in the long run. `horizon`: periods of an episode, 0: no
/// end
void CheckPolicyIteration(const Network& network, bool has_steady_demand, int horizon);

/// The check of the learner that is configured; PPO and DQN suit all networks.
void CheckLearner(const AgentConfig& agent, const Network& network, bool has_steady_demand, int horizon);

}  // namespace restock
