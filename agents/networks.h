#pragma once

#include <vector>

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include "agents/fast_network.h"
#include "common/random.h"

namespace restock {

/// The multilayer perceptron of fast_network.h for learning. All weights are one flat parameter in FastNetwork's order,
/// so that an optimiser's step is one call.
class MlpImpl : public torch::nn::Module {
 public:
  /// Hidden layers start orthogonal with gain sqrt(2), the last layer with `output_gain`, biases at zero (Engstrom et
  /// al. 2020).
  MlpImpl(std::vector<int> sizes, Activation activation, double output_gain, const Random& random);

  /// `inputs` (rows, num_inputs) to (rows, num_outputs).
  torch::Tensor forward(const torch::Tensor& inputs) const;
  FastNetwork ToFastNetwork() const;

  torch::Tensor flat;  // (num_parameters)

 private:
  std::vector<int> sizes_;
  Activation activation_;
};
TORCH_MODULE(Mlp);

}  // namespace restock
