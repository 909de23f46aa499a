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

/// How PPO's network turns into probabilities of actions.
enum class PpoHead {
  kOrdinal,  // logits -(action - mean)^2 / (2 sigma^2): one output, neighbouring levels learn from each other
  kSoftmax,  // one logit per action
};

/// Proximal policy optimisation (Schulman et al. 2017). Names follow the paper; the defaults are the tuned settings.
struct PpoConfig {
  // how much
  int num_updates = 30;      // rounds of collecting and learning
  int num_envs = 128;        // environments side by side
  int group_size = 16;       // environments that share demand; a divisor of 64
  double shared_charge = 1;  // share in which a site answers for its supplier's other customers
  int rollout_length = 0;    // periods collected per environment and update, 0: an episode
  double exploration_share =
      0.15;  // of the rows (site, environment) that draw their action in a period, and are learned from

  // what is learned
  double discount = 0.99;       // gamma
  double gae_lambda = 0.95;     // lambda
  bool centre_cost = true;      // take the mean cost off each period's: the average-cost criterion where gamma is 1
  double clip_range = 0.2;      // epsilon: the ratio is kept in [1 - epsilon, 1 + epsilon]
  double learning_rate = 5e-3;  // Adam step size, falls linearly to 0
  int num_epochs = 4;           // passes over the samples
  int minibatch_size = 4096;    // samples per step
  double value_coefficient = 0.5;
  double entropy_coefficient = 0.01;  // softmax head; falls linearly to 0
  double max_gradient_norm = 0.5;

  // the networks
  std::vector<int> hidden_layers = {64, 64};
  Activation activation = Activation::kTanh;
  PpoHead head = PpoHead::kOrdinal;
  double first_sigma = 0.8;  // ordinal head: spread of the actions, in grid steps, falls linearly ...
  double last_sigma = 0.5;   // ... to this
  LevelGrid grid;
  bool tune_start = true;    // find the untrained policy's service levels by simulation on the training demand
  double start_score = 1.5;  // without that: the normal score of the quantile it orders up to

  int select_every = 2;         // updates between two evaluations on the selection scenarios
  std::string device = "auto";  // where to learn: auto, cpu, cuda
};

/// Reads and checks the settings under `agents.ppo`.
PpoConfig ReadPpoConfig(ConfigNode node);

/// Needs LibTorch. `num_threads`: results do not depend on it.
std::unique_ptr<Learner> MakePpo(const PpoConfig& config, const TrainingWorld& world, const Random& random,
                                 int num_threads);

}  // namespace restock
