#pragma once

#include <memory>

#include "agents/learner.h"
#include "agents/learner_config.h"
#include "common/config_node.h"
#include "common/random.h"

namespace restock {

/// How PPO's network turns into probabilities of actions.
enum class PpoHead {
  kOrdinal,  // logits -(action - mean)^2 / (2 sigma^2): one output, neighbouring levels learn from each other
  kSoftmax,  // one logit per action
};

/// Proximal policy optimisation (Schulman et al. 2017). Names follow the paper; the defaults are the tuned settings.
struct PpoConfig : LearnerConfig {
  PpoConfig() {
    num_updates = 300;
    learning_rate = 2e-3;
  }

  // what is learned
  double gae_lambda = 0.95;  // lambda
  bool centre_cost = true;   // take the mean cost off each period's: the average-cost criterion where gamma is 1
  double clip_range = 0.2;   // epsilon: the ratio is kept in [1 - epsilon, 1 + epsilon]
  int num_epochs = 4;        // passes over the samples
  double value_coefficient = 0.5;
  double entropy_coefficient = 0.01;  // softmax head; falls linearly to 0

  // the policy
  PpoHead head = PpoHead::kOrdinal;
  double first_sigma = 0.8;  // ordinal head: spread of the actions, in grid steps, falls linearly ...
  double last_sigma = 0.5;   // ... to this
};

/// Reads and checks the settings under `agents.ppo`.
PpoConfig ReadPpoConfig(ConfigNode node);

/// Needs LibTorch. `num_threads`: results do not depend on it.
std::unique_ptr<Learner> MakePpo(const PpoConfig& config, const TrainingWorld& world, const Random& random,
                                 int num_threads);

}  // namespace restock
