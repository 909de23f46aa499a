#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agents/fast_network.h"
#include "agents/learner.h"
#include "common/config_node.h"
#include "common/random.h"

namespace restock {

/// Pathwise policy optimisation: the gradient of the cost along simulated paths, through the simulator (Alvo, Russo &
/// Kanoria 2023, "Neural inventory control in networks via hindsight differentiable policy optimization"). The defaults
/// are the tuned settings.
struct PathwiseConfig {
  int num_updates = 50;        // rounds, with a choice of the best after some of them
  int steps_per_update = 100;  // steps of Adam in a round
  int num_paths = 256;         // paths of demand for a step; a multiple of 64
  int num_periods = 60;        // of a path where time has no end; an episode otherwise
  int last_periods = 8;        // at its end, whose orders are not learned from: what they cost comes later

  double learning_rate = 3e-3;   // Adam step size, falls to 0 along a cosine
  double max_gradient_norm = 1;  // of the mean cost per period
  std::vector<int> hidden_layers = {32, 32};
  Activation activation = Activation::kElu;

  double whole_units_share =
      0.5;  // of the steps, at the end, that order nearly whole units; not for one site with one lane

  int select_every = 5;                                  // updates between two evaluations on the selection scenarios
  std::vector<double> roundings = {0.3, 0.4, 0.5, 0.6};  // an order is rounded down after one of these is added
};

/// Reads and checks the settings under `agents.pathwise`.
PathwiseConfig ReadPathwiseConfig(ConfigNode node);

/// Learns for one site that orders on one lane (agents/single_site.h) by gradients written for it, for other networks
/// by those of agents/joint_pathwise.h. Needs no LibTorch. `num_threads`: results do not depend on it.
std::unique_ptr<Learner> MakePathwise(const PathwiseConfig& config, const TrainingWorld& world, const Random& random,
                                      int num_threads);

}  // namespace restock
