// A multi-layer perceptron over the last four weeks: every period becomes a few units, and those of all periods in the
// window go through fully connected layers.

#include <string>
#include <vector>

#include "forecasting/neural/network_body.h"
#include "forecasting/neural/path_algebra.h"
#ifdef RESTOCK_WITH_TORCH
#include <torch/nn/modules/linear.h>

#include "forecasting/neural/body_module.h"
#endif

namespace restock {
namespace {

constexpr int kWindow = 28;         // periods
constexpr int kUnitsOfPeriod = 12;  // that stand for one period

struct Layer {
  const Eigen::MatrixXf &weights, &bias;
};

class MlpBody final : public NetworkBody {
 public:
  MlpBody(const NamedMatrices& weights, BodySize size) : NetworkBody(weights, "input.weight", "input.bias") {
    for (int layer = 0; layer < size.num_layers; ++layer) {
      const std::string name = "layer_" + std::to_string(layer);
      layers_.push_back({weights.at(name + ".weight"), weights.at(name + ".bias")});
    }
  }

  int state_size() const override { return kWindow * kUnitsOfPeriod; }

  void Step(Eigen::MatrixXf& units, Eigen::MatrixXf& state, Eigen::MatrixXf& hidden) const override {
    units = units.cwiseMax(0.f);
    PushIntoQueue(units, 0, state_size(), state);
    hidden = Linear(layers_.front().weights, layers_.front().bias, state).cwiseMax(0.f);
    for (size_t layer = 1; layer < layers_.size(); ++layer) {
      hidden = Linear(layers_[layer].weights, layers_[layer].bias, hidden).cwiseMax(0.f);
    }
  }

 private:
  std::vector<Layer> layers_;
};

}  // namespace

std::unique_ptr<NetworkBody> MakeMlpBody(const NamedMatrices& weights, BodySize size) {
  return std::make_unique<MlpBody>(weights, size);
}

#ifdef RESTOCK_WITH_TORCH
namespace {

class MlpModule final : public BodyModule {
 public:
  explicit MlpModule(BodySize size) : input_(size.num_inputs, kUnitsOfPeriod) {
    register_module("input", input_);
    for (int layer = 0; layer < size.num_layers; ++layer) {
      const int num_inputs = layer == 0 ? kWindow * kUnitsOfPeriod : size.hidden_size;
      layers_.push_back(torch::nn::Linear(num_inputs, size.hidden_size));
      register_module("layer_" + std::to_string(layer), layers_.back());
    }
  }

  torch::Tensor Forward(const torch::Tensor& inputs) override {
    const torch::Tensor units = torch::relu(input_->forward(inputs));
    std::vector<torch::Tensor> window;  // the oldest first
    for (int64_t back = kWindow - 1; back >= 0; --back) window.push_back(Delayed(units, back));
    torch::Tensor hidden = torch::cat(window, 2);
    for (torch::nn::Linear& layer : layers_) hidden = torch::relu(layer->forward(hidden));
    return hidden;
  }

 private:
  torch::nn::Linear input_;
  std::vector<torch::nn::Linear> layers_;
};

}  // namespace

std::shared_ptr<BodyModule> MakeMlpModule(BodySize size) { return std::make_shared<MlpModule>(size); }
#endif

}  // namespace restock
