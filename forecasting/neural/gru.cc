// Gated recurrent unit (Cho et al. 2014), in the form whose reset gate acts after the recurrent product.
//   r = sigmoid(W_r x + U_r h);   z = sigmoid(W_z x + U_z h);   n = tanh(W_n x + r (U_n h));   h' = (1 - z) n + z h

#include <string>
#include <vector>

#include "forecasting/neural/network_body.h"
#include "forecasting/neural/path_algebra.h"
#include "forecasting/neural/recurrent_layer.h"
#ifdef RESTOCK_WITH_TORCH
#include <torch/nn/modules/rnn.h>

#include "forecasting/neural/body_module.h"
#endif

namespace restock {
namespace {

class GruBody final : public NetworkBody {
 public:
  GruBody(const NamedMatrices& weights, BodySize size)
      : NetworkBody(weights, "gru.weight_ih_l0", "gru.bias_ih_l0"),
        hidden_size_(size.hidden_size),
        layers_(RecurrentLayers(weights, "gru", size.num_layers)) {}

  int state_size() const override { return hidden_size_ * static_cast<int>(layers_.size()); }

  void Step(Eigen::MatrixXf& units, Eigen::MatrixXf& state, Eigen::MatrixXf& hidden) const override {
    Eigen::Index first = 0;
    for (const RecurrentLayer& layer : layers_) {
      if (first > 0) units = Linear(layer.input, layer.input_bias, hidden);
      auto h = state.middleRows(first, hidden_size_);
      const Eigen::MatrixXf recurrent = Linear(layer.recurrent, layer.recurrent_bias, h);
      auto gates = units.topRows(2 * hidden_size_);  // r, z
      gates += recurrent.topRows(2 * hidden_size_);
      ApplySigmoid(gates);
      const auto reset = units.topRows(hidden_size_).array();
      const auto keep = units.middleRows(hidden_size_, hidden_size_).array();
      auto candidate = units.bottomRows(hidden_size_);
      candidate.array() += reset * recurrent.bottomRows(hidden_size_).array();
      ApplyTanh(candidate);
      h = (1 - keep) * candidate.array() + keep * h.array();
      hidden = h;
      first += hidden_size_;
    }
  }

 private:
  int hidden_size_;
  std::vector<RecurrentLayer> layers_;
};

}  // namespace

std::unique_ptr<NetworkBody> MakeGruBody(const NamedMatrices& weights, BodySize size) {
  return std::make_unique<GruBody>(weights, size);
}

#ifdef RESTOCK_WITH_TORCH
namespace {

class GruModule final : public BodyModule {
 public:
  explicit GruModule(BodySize size)
      : gru_(torch::nn::GRUOptions(size.num_inputs, size.hidden_size).num_layers(size.num_layers)) {
    register_module("gru", gru_);
  }
  torch::Tensor Forward(const torch::Tensor& inputs) override { return std::get<0>(gru_->forward(inputs)); }

 private:
  torch::nn::GRU gru_;
};

}  // namespace

std::shared_ptr<BodyModule> MakeGruModule(BodySize size) { return std::make_shared<GruModule>(size); }
#endif

}  // namespace restock
