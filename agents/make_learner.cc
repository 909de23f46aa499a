#include "agents/agent_config.h"
#include "agents/learner.h"
#include "common/torch/device.h"

namespace restock {

std::unique_ptr<Learner> MakeLearner(const AgentConfig& config, const TrainingWorld& world, const Random& random,
                                     int num_threads) {
  if (const auto* ppo = std::get_if<PpoConfig>(&config.settings)) return MakePpo(*ppo, world, random, num_threads);
  if (const auto* pathwise = std::get_if<PathwiseConfig>(&config.settings))
    return MakePathwise(*pathwise, world, random, num_threads);
  if (const auto* iteration = std::get_if<PolicyIterationConfig>(&config.settings))
    return MakePolicyIteration(*iteration, world, random, num_threads);
  return MakeDqn(std::get<DqnConfig>(config.settings), world, random, num_threads);
}

bool HasCuda() { return ChooseDevice("auto").is_cuda(); }

}  // namespace restock
