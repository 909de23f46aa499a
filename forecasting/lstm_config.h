#pragma once

#include <string>

#include "common/config_node.h"

namespace restock {

/// The `forecaster.lstm:` block of a configuration. Defaults are tuned on past origins of real and generated sales.
struct LstmConfig {
  int hidden_size = 40;         // of the LSTM
  int head_size = 32;           // hidden units of the head that looks ahead
  int embedding_size = 4;       // numbers learnt for each warehouse, SKU and category
  double learning_rate = 2e-3;  // of Adam
  double averaging = 0.97;      // the weights that forecast are a moving average with this decay per update
  int num_updates = 800;        // most steps of Adam before the validation part is used too
  int batch_size = 64;          // series per step
  int steps_per_origin = 4;     // periods ahead that a step looks at from each origin, drawn from the horizon
  int patience = 4;             // looks at the validation part, 20 steps apart, without gain before it stops
  double finish_share = 1;      // then so many times the best number of steps with the validation part
  std::string zero_inflated =
      "auto";                   // auto: where zeros are more frequent than the negative binomial says; always; never
  std::string device = "auto";  // auto: CUDA where there is one; cpu; cuda
};

LstmConfig ReadLstmConfig(ConfigNode lstm);

}  // namespace restock
