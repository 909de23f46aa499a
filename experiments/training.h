#pragma once

#include <vector>

#include "agents/learner.h"
#include "experiments/evaluation.h"
#include "experiments/experiment_config.h"
#include "experiments/metrics_log.h"
#include "experiments/run_directory.h"

namespace restock {

/// Who learns, and how. `num_threads`: 0: one per core; results do not depend on it.
struct TrainingPlan {
  const std::vector<AgentConfig>& agents;
  const TrainingConfig& training;
  int num_threads = 0;
};

/// Trains every agent with every seed, several at a time, and logs each update. A job whose checkpoint lies in the run
/// directory goes on from there, exactly. Returns per agent the untrained and the trained policies; a learner that
/// diverged gives its last good one.
std::vector<NamedPolicy> TrainAgents(const TrainingPlan& plan, const TrainingWorld& world, const Random& random,
                                     const RunDirectory& run);

}  // namespace restock
