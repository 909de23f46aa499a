#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agents/fast_network.h"
#include "agents/learner.h"
#include "agents/level_grid.h"
#include "common/config_node.h"
#include "common/random.h"

namespace restock {

/// Deep Q-learning (Mnih et al. 2015), double (van Hasselt et al. 2016), dueling (Wang et al. 2016), with n-step
/// returns. The defaults are the tuned settings.
struct DqnConfig {
  // how much
  int num_updates = 40;       // rounds: an episode in every environment, then learning
  int num_envs = 64;          // environments side by side
  int group_size = 16;        // environments that share demand; a divisor of 64
  double shared_charge = 1;   // share in which a site answers for its supplier's other customers
  int steps_per_update = 64;  // steps of Adam per round

  // what is learned
  double discount = 0.95;       // gamma
  int num_steps = 5;            // n of the n-step return
  double learning_rate = 1e-3;  // Adam step size, falls linearly to 0
  int minibatch_size = 1024;
  double max_gradient_norm = 10;
  double target_rate = 0.01;   // share of the learned weights that goes into the target network at each step
  double average_rate = 0.01;  // the same for the averaged weights, which are the policy

  // what is tried and remembered
  double first_epsilon = 0.5;  // share of actions that are tried near the greedy one, falls linearly ...
  double last_epsilon = 0.1;   // ... to this
  int exploration_range = 4;   // how far from the greedy action, in grid steps
  int buffer_rounds = 8;       // rounds that the replay buffer holds
  int rows_per_round = 1024;   // trajectories (site, environment) kept of each

  // the networks
  std::vector<int> hidden_layers = {64, 64};
  Activation activation = Activation::kTanh;
  LevelGrid grid;
  double curvature = 0.02;   // of the action values that the untrained network stands for: value falls off with the
                             // squared distance from the rule's action
  bool tune_start = true;    // find the untrained policy's service levels by simulation on the training demand
  double start_score = 1.5;  // without that: the normal score of the quantile it orders up to

  int select_every = 2;         // updates between two evaluations on the selection scenarios
  std::string device = "auto";  // where to learn: auto, cpu, cuda
};

/// Reads and checks the settings under `agents.dqn`.
DqnConfig ReadDqnConfig(ConfigNode node);

/// Needs LibTorch. `num_threads`: results do not depend on it.
std::unique_ptr<Learner> MakeDqn(const DqnConfig& config, const TrainingWorld& world, const Random& random,
                                 int num_threads);

}  // namespace restock
