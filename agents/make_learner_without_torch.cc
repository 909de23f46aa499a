#include "agents/agent_config.h"
#include "agents/learner.h"
#include "common/error.h"

namespace restock {

std::unique_ptr<Learner> MakeLearner(const AgentConfig& config, const TrainingWorld&, const Random&, int) {
  throw ConfigError("agents." + config.name +
                    " needs LibTorch, which this build lacks. Use agents=none, or build with -DRESTOCK_WITH_TORCH=ON.");
}

bool HasCuda() { return false; }

}  // namespace restock
