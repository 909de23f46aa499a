#pragma once

#include <string>
#include <vector>

#include "agents/fast_network.h"
#include "agents/level_grid.h"

namespace restock {

/// Settings that all learners share. The defaults are the tuned settings; a learner that wants others sets them in its
/// constructor.
struct LearnerConfig {
  // how much
  int num_updates = 30;      // rounds: some periods in every environment, then learning
  int num_envs = 128;        // environments side by side ...
  int min_rows = 1024;       // ... and more where these would make fewer rows (site, environment) than that
  int rollout_length = 32;   // periods collected per environment and update; at most an episode
  int group_size = 16;       // environments that share demand; a divisor of 64
  double shared_charge = 1;  // share in which a site answers for its supplier's other customers

  double exploration_share = 0.15;  // of the rows (site, environment) that draw their action in a period, and are
                                    // learned from; the others are greedy

  // steps of Adam
  double discount = 0.99;       // gamma
  double learning_rate = 5e-3;  // Adam step size, falls linearly to 0
  int minibatch_size = 4096;    // samples per step
  double max_gradient_norm = 0.5;

  // the networks
  std::vector<int> hidden_layers = {64, 64};
  Activation activation = Activation::kTanh;
  LevelGrid grid;
  bool tune_start = true;    // find the untrained policy's service levels by simulation on the training demand
  double start_score = 1.5;  // without that: the normal score of the quantile it orders up to

  int select_every = 2;         // updates between two evaluations on the selection scenarios
  std::string device = "auto";  // where to learn: auto, cpu, cuda
};

}  // namespace restock
