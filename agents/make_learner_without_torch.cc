#include "agents/agent_config.h"
#include "agents/learner.h"
#include "common/error.h"

namespace restock {

std::unique_ptr<Learner> MakeLearner(const AgentConfig& config, const TrainingWorld& world, const Random& random,
                                     int num_threads) {
  if (const auto* pathwise = std::get_if<PathwiseConfig>(&config.settings))
    return MakePathwise(*pathwise, world, random, num_threads);
  if (const auto* iteration = std::get_if<PolicyIterationConfig>(&config.settings))
    return MakePolicyIteration(*iteration, world, random, num_threads);
  throw ConfigError("agents." + config.name +
                    " needs LibTorch, which this build lacks. Use agents=none, or build with -DRESTOCK_WITH_TORCH=ON.");
}

bool HasCuda() { return false; }

}  // namespace restock
