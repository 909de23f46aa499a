#pragma once

#include <string>

#include "common/config_node.h"

namespace restock {

/// The `forecaster.lstm:` block of a configuration. Defaults are tuned on past origins of real and generated sales.
struct LstmConfig {
  int hidden_size = 40;         // of the LSTM
  int head_size = 32;           // hidden units of the head that looks ahead
  int embedding_size = 4;       // numbers learnt for each warehouse, SKU and category
  double learning_rate = 4e-3;  // of Adam, falling to a tenth by a cosine
  int num_updates = 400;        // most steps of Adam
  int batch_size = 64;          // series per step
  int steps_per_origin = 4;     // periods ahead that a training step looks at from each origin, drawn from the horizon
  int patience = 4;             // evaluations without a better validation loss before it stops
  std::string censored = "exposure";
  double level_weight = 0;
  double averaging = 0.97;
  double finish_share = 0.3;
  std::string zero_inflated =
      "auto";                   // auto: where zeros are more frequent than the negative binomial says; always; never
  std::string device = "auto";  // auto: CUDA where there is one; cpu; cuda
};

LstmConfig ReadLstmConfig(ConfigNode lstm);

}  // namespace restock
