#pragma once

#include <memory>
#include <vector>

#include "agents/fast_network.h"
#include "agents/learner.h"
#include "common/config_node.h"
#include "common/random.h"

namespace restock {

/// Approximate policy iteration by simulation: in states that the policy comes to, orders are compared by what follows
/// them, and a network learns the best ones (Temizoz, Imdahl, Dijkman, Lamghari-Idrissi & van Jaarsveld 2025, "Deep
/// controlled learning for inventory control"). The defaults are the tuned settings.
struct PolicyIterationConfig {
  int num_updates = 4;    // generations: policies that are improved
  int num_states = 2000;  // in which a generation compares orders

  // comparing
  int first_rollouts = 64;  // paths for each order, a multiple of 64; twice as many for the better half, and so on
  int horizon = 40;         // periods of a path
  int first_reach = 6;  // orders that are compared lie so far around that of the policy, in the first generation ...
  int reach = 3;        // ... and in the later ones  [unit]
  double random_share = 0.1;  // of the orders on the way to the states

  // learning
  int num_epochs = 100;  // passes over the states
  int minibatch_size = 128;
  double learning_rate = 3e-3;  // Adam step size, falls linearly to 0 in each generation
  double max_gradient_norm = 1;
  double sigma = 0.8;  // of the probabilities of orders around the network's, [unit]
  std::vector<int> hidden_layers = {32, 32};
  Activation activation = Activation::kElu;
};

/// Reads and checks the settings under `agents.policy_iteration`.
PolicyIterationConfig ReadPolicyIterationConfig(ConfigNode node);

/// Learns for one site that orders on one lane (agents/single_site.h), other networks throw ConfigError. Needs no
/// LibTorch. `num_threads`: results do not depend on it.
std::unique_ptr<Learner> MakePolicyIteration(const PolicyIterationConfig& config, const TrainingWorld& world,
                                             const Random& random, int num_threads);

}  // namespace restock
