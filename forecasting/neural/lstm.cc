// Long short-term memory (Hochreiter & Schmidhuber 1997; Gers et al. 2000), one layer or several.
//   i, f, g, o = W x + b + U h;   c' = sigmoid(f) c + sigmoid(i) tanh(g);   h' = sigmoid(o) tanh(c')

#include <string>
#include <vector>

#include "forecasting/neural/network_body.h"
#include "forecasting/neural/path_algebra.h"
#include "forecasting/neural/recurrent_layer.h"
#ifdef RESTOCK_WITH_TORCH
#include <torch/nn/modules/rnn.h>

#include "forecasting/neural/body_module.h"
#include "forecasting/neural/lstm_layer.h"
#endif

namespace restock {
namespace {

class LstmBody final : public NetworkBody {
 public:
  LstmBody(const NamedMatrices& weights, BodySize size)
      : NetworkBody(weights, "lstm.weight_ih_l0", "lstm.bias_ih_l0"),
        hidden_size_(size.hidden_size),
        layers_(RecurrentLayers(weights, "lstm", size.num_layers)) {}

  int state_size() const override { return 2 * hidden_size_ * static_cast<int>(layers_.size()); }

  void Step(Eigen::MatrixXf& units, Eigen::MatrixXf& state, Eigen::MatrixXf& hidden) const override {
    Eigen::Index first = 0;
    for (const RecurrentLayer& layer : layers_) {
      if (first > 0) units = Linear(layer.input, layer.input_bias, hidden);
      StepLayer(layer, units, state.middleRows(first, hidden_size_),
                state.middleRows(first + hidden_size_, hidden_size_));
      hidden = state.middleRows(first, hidden_size_);
      first += 2 * hidden_size_;
    }
  }

 private:
  /// `h`, `c`: (hidden_size, num_paths)
  void StepLayer(const RecurrentLayer& layer, Eigen::MatrixXf& gates, Eigen::Ref<Eigen::MatrixXf> h,
                 Eigen::Ref<Eigen::MatrixXf> c) const {
    gates.noalias() += layer.recurrent * h;
    gates.colwise() += layer.recurrent_bias.col(0);
    const auto input = gates.topRows(hidden_size_).array();
    const auto forget = gates.middleRows(hidden_size_, hidden_size_).array();
    const auto candidate = gates.middleRows(2 * hidden_size_, hidden_size_).array();
    const auto output = gates.bottomRows(hidden_size_).array();
    ApplySigmoid(gates.topRows(2 * hidden_size_));
    ApplyTanh(gates.middleRows(2 * hidden_size_, hidden_size_));
    ApplySigmoid(gates.bottomRows(hidden_size_));
    c = forget * c.array() + input * candidate;
    h = output * c.array().tanh();
  }

  int hidden_size_;
  std::vector<RecurrentLayer> layers_;
};

}  // namespace

std::unique_ptr<NetworkBody> MakeLstmBody(const NamedMatrices& weights, BodySize size) {
  return std::make_unique<LstmBody>(weights, size);
}

#ifdef RESTOCK_WITH_TORCH
namespace {

class LstmModule final : public BodyModule {
 public:
  explicit LstmModule(BodySize size)
      : lstm_(torch::nn::LSTMOptions(size.num_inputs, size.hidden_size).num_layers(size.num_layers)) {
    register_module("lstm", lstm_);
  }
  torch::Tensor Forward(const torch::Tensor& inputs) override {
    if (!inputs.device().is_cpu()) return std::get<0>(lstm_->forward(inputs));
    // of each layer: input and recurrent weights, and both biases
    const std::vector<torch::Tensor> weights = lstm_->all_weights();
    torch::Tensor hidden = inputs;
    for (size_t i = 0; i < weights.size(); i += 4)
      hidden = LstmLayer(hidden, weights[i], weights[i + 1], weights[i + 2] + weights[i + 3]);
    return hidden;
  }

 private:
  torch::nn::LSTM lstm_;
};

}  // namespace

std::shared_ptr<BodyModule> MakeLstmModule(BodySize size) { return std::make_shared<LstmModule>(size); }
#endif

}  // namespace restock
