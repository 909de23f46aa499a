#pragma once

#include <string>

#include "common/config_node.h"

namespace restock {

/// The `forecaster.lstm:` block of a configuration, and those of the other networks. Defaults are tuned on past origins
/// of real and generated sales, with the LSTM.
struct NeuralConfig {
  std::string network = "lstm";     // one of NetworkNames()
  int num_layers = 1;               // of the network's body; of a temporal convolution each reaches twice as far back
  int hidden_size = 40;             // of the body
  int head_size = 32;               // hidden units of the head that looks ahead
  int embedding_size = 4;           // numbers learnt for each warehouse, SKU and category
  std::string likelihood = "auto";  // one of LikelihoodNames(); auto: zero_inflated where zeros are more frequent than
                                    // the negative binomial says, else negative_binomial
  double augmentation = 0;      // the demand of a series in a step is multiplied by up to 1 + this, or divided by it
  double dropout = 0;           // share of the body's outputs that a step of Adam does not see
  double learning_rate = 2e-3;  // of Adam
  double averaging = 0.97;      // the weights that forecast are a moving average with this decay per update
  int num_updates = 800;        // most steps of Adam before the validation part is used too
  int batch_size = 64;          // series per step
  int steps_per_origin = 4;     // periods ahead that a step looks at from each origin, drawn from the horizon
  int patience = 4;             // looks at the validation part, 20 steps apart, without gain before it stops
  double finish_share = 1;      // then so many times the best number of steps with the validation part
  std::string start_from;       // file of a fitted forecaster whose weights are the first ones; empty: none
  std::string device = "auto";  // auto: CUDA where there is one; cpu; cuda
  bool mixed_precision = true;  // on CUDA: bfloat16 where that is safe
};

/// The defaults of a network, one of NetworkNames().
NeuralConfig DefaultNeuralConfig(const std::string& network);
NeuralConfig ReadNeuralConfig(const std::string& network, ConfigNode node);

}  // namespace restock
