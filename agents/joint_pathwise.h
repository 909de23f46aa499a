#pragma once

#include <memory>

#include "agents/learner.h"
#include "agents/pathwise.h"
#include "common/random.h"

namespace restock {

/// Pathwise policy optimisation (agents/pathwise.h) for any network of up to some dozens of sites, by one network that
/// reads the state of all and orders on all lanes ("vanilla" in Alvo, Russo & Kanoria 2023), through the simulator on a
/// tape. Throws ConfigError where CheckPathwise() does. Needs no LibTorch. `num_threads`: results do not
/// depend on it.
std::unique_ptr<Learner> MakeJointPathwise(const PathwiseConfig& config, const TrainingWorld& world,
                                           const Random& random, int num_threads);

}  // namespace restock
