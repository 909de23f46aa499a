#pragma once

#include <string>
#include <variant>

#include "agents/dqn.h"
#include "agents/ppo.h"
#include "common/config_node.h"

namespace restock {

/// One entry of `agents:`, a learner and its settings.
struct AgentConfig {
  std::string name;  // ppo, dqn
  std::variant<PpoConfig, DqnConfig> settings;
};

/// Reads the settings under `agents.<algorithm>`. Throws ConfigError for an unknown algorithm.
AgentConfig ReadAgentConfig(const std::string& algorithm, ConfigNode node);

}  // namespace restock
