#pragma once

#include <memory>

#include "agents/learner.h"
#include "agents/learner_config.h"
#include "common/config_node.h"
#include "common/random.h"

namespace restock {

/// Deep Q-learning (Mnih et al. 2015), double (van Hasselt et al. 2016), dueling (Wang et al. 2016), with n-step
/// returns. The defaults are the tuned settings.
struct DqnConfig : LearnerConfig {
  DqnConfig() {
    num_updates = 300;
    num_envs = 64;
    exploration_share = 0.1;
    discount = 0.97;
    learning_rate = 2e-3;
    minibatch_size = 1024;
    max_gradient_norm = 10;
    grid = {.step = 0.25f, .reach = 2};
  }

  int buffer_size = 131'072;  // explored decisions that the replay buffer holds

  // what is learned
  int steps_per_update = 40;   // steps of Adam per round
  int num_steps = 8;           // n of the n-step return
  double huber_delta = 10;     // errors beyond it count linearly; costs are skewed, so a small one would learn too low
                               // levels
  double target_rate = 0.01;   // share of the learned weights that goes into the target network at each step
  double average_rate = 0.01;  // the same for the averaged weights, which are the policy

  // the action values
  int smoothness = 2;  // a polynomial of this degree in the level, so that neighbours learn from each other; 0: free
  double curvature = 0.01;  // of the values that the untrained network stands for: value falls off with the squared
                            // distance from the rule's action
};

/// Reads and checks the settings under `agents.dqn`.
DqnConfig ReadDqnConfig(ConfigNode node);

/// Needs LibTorch. `num_threads`: results do not depend on it.
std::unique_ptr<Learner> MakeDqn(const DqnConfig& config, const TrainingWorld& world, const Random& random,
                                 int num_threads);

}  // namespace restock
