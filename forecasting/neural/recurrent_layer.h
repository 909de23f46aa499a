#pragma once

#include <string>
#include <vector>

#include "forecasting/neural/network_body.h"

namespace restock {

/// The weights of one layer of a recurrent network, its gates one below the other.
struct RecurrentLayer {
  const Eigen::MatrixXf &input, &recurrent, &input_bias, &recurrent_bias;
};

/// All layers, by the names that LibTorch gives them: lstm.weight_ih_l0, ... They refer to `weights`.
inline std::vector<RecurrentLayer> RecurrentLayers(const NamedMatrices& weights, const std::string& network,
                                                   int num_layers) {
  std::vector<RecurrentLayer> layers;
  for (int layer = 0; layer < num_layers; ++layer) {
    const auto of = [&](const char* what) -> const Eigen::MatrixXf& {
      return weights.at(network + "." + what + "_l" + std::to_string(layer));
    };
    layers.push_back({of("weight_ih"), of("weight_hh"), of("bias_ih"), of("bias_hh")});
  }
  return layers;
}

}  // namespace restock
