#include "agents/networks.h"

#include <cmath>
#include <string>

#include <torch/nn/functional/activation.h>
#include <torch/nn/functional/linear.h>

#include "common/torch/bridge.h"
#include "common/torch/initialize.h"

namespace restock {

MlpImpl::MlpImpl(std::vector<int> sizes, Activation activation, double output_gain, const Random& random)
    : sizes_(std::move(sizes)), activation_(activation) {
  flat = register_parameter("flat", torch::zeros({static_cast<int64_t>(FastNetwork::CountParameters(sizes_))}));
  int64_t first = 0;
  for (size_t layer = 0; layer + 1 < sizes_.size(); ++layer) {
    const int64_t inputs = sizes_[layer];
    const int64_t outputs = sizes_[layer + 1];
    const double gain = layer + 2 < sizes_.size() ? std::sqrt(2.0) : output_gain;
    const torch::Tensor weight = flat.detach().narrow(0, first, inputs * outputs).view({outputs, inputs});
    FillOrthogonal(weight, gain, random.Stream("layer " + std::to_string(layer)).At(0));
    first += (inputs + 1) * outputs;
  }
}

torch::Tensor MlpImpl::forward(const torch::Tensor& inputs) const {
  namespace F = torch::nn::functional;
  torch::Tensor values = inputs;
  int64_t first = 0;
  for (size_t layer = 0; layer + 1 < sizes_.size(); ++layer) {
    const int64_t num_inputs = sizes_[layer];
    const int64_t num_outputs = sizes_[layer + 1];
    const torch::Tensor weight = flat.narrow(0, first, num_inputs * num_outputs).view({num_outputs, num_inputs});
    const torch::Tensor bias = flat.narrow(0, first + num_inputs * num_outputs, num_outputs);
    first += (num_inputs + 1) * num_outputs;

    values = F::linear(values, weight, bias);
    if (layer + 2 == sizes_.size()) break;
    values = activation_ == Activation::kTanh  ? values.tanh()
             : activation_ == Activation::kElu ? F::elu(values)
                                               : values.relu();
  }
  return values;
}

FastNetwork MlpImpl::ToFastNetwork() const {
  FastNetwork network(sizes_, activation_);
  network.SetParameters(ToFloats(flat));
  return network;
}

}  // namespace restock
