#pragma once

#include <string>
#include <variant>

#include "agents/dqn.h"
#include "agents/pathwise.h"
#include "agents/policy_iteration.h"
#include "agents/ppo.h"
#include "common/config_node.h"

namespace restock {

/// One entry of `agents:`, a learner and its settings.
struct AgentConfig {
  std::string name;  // ppo, dqn, pathwise, policy_iteration
  std::variant<PpoConfig, DqnConfig, PathwiseConfig, PolicyIterationConfig> settings;
};

/// Reads the settings under `agents.<algorithm>`. Throws ConfigError for an unknown algorithm.
AgentConfig ReadAgentConfig(const std::string& algorithm, ConfigNode node);

}  // namespace restock
