// Temporal convolution (Bai, Kolter & Koltun 2018; van den Oord et al. 2016): causal convolutions of width two, each
// reaching twice as far back as the one before, added to what they read.
//   h_t <- h_t + relu(now h_t + before h_(t - reach) + bias),   reach = 1, 2, 4, ...

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

struct Layer {
  const Eigen::MatrixXf &now, &before, &bias;
};

class TemporalConvolutionBody final : public NetworkBody {
 public:
  TemporalConvolutionBody(const NamedMatrices& weights, BodySize size)
      : NetworkBody(weights, "input.weight", "input.bias"), hidden_size_(size.hidden_size) {
    for (int layer = 0; layer < size.num_layers; ++layer) {
      const std::string number = std::to_string(layer);
      layers_.push_back({weights.at("now_" + number + ".weight"), weights.at("before_" + number + ".weight"),
                         weights.at("now_" + number + ".bias")});
    }
  }

  /// What each layer has read in the periods that it reaches back.
  int state_size() const override { return ((1 << layers_.size()) - 1) * hidden_size_; }

  void Step(Eigen::MatrixXf& units, Eigen::MatrixXf& state, Eigen::MatrixXf& hidden) const override {
    hidden = units;
    Eigen::Index first = 0, reach = 1;
    for (const Layer& layer : layers_) {
      Eigen::MatrixXf change = Linear(layer.now, layer.bias, hidden);
      change.noalias() += layer.before * state.middleRows(first, hidden_size_);
      PushIntoQueue(hidden, first, reach * hidden_size_, state);
      hidden += change.cwiseMax(0.f);
      first += reach * hidden_size_;
      reach *= 2;
    }
  }

 private:
  int hidden_size_;
  std::vector<Layer> layers_;
};

}  // namespace

std::unique_ptr<NetworkBody> MakeTemporalConvolutionBody(const NamedMatrices& weights, BodySize size) {
  return std::make_unique<TemporalConvolutionBody>(weights, size);
}

#ifdef RESTOCK_WITH_TORCH
namespace {

class TemporalConvolutionModule final : public BodyModule {
 public:
  explicit TemporalConvolutionModule(BodySize size) : input_(size.num_inputs, size.hidden_size) {
    register_module("input", input_);
    for (int layer = 0; layer < size.num_layers; ++layer) {
      const std::string number = std::to_string(layer);
      now_.push_back(torch::nn::Linear(size.hidden_size, size.hidden_size));
      before_.push_back(torch::nn::Linear(torch::nn::LinearOptions(size.hidden_size, size.hidden_size).bias(false)));
      register_module("now_" + number, now_.back());
      register_module("before_" + number, before_.back());
    }
  }

  torch::Tensor Forward(const torch::Tensor& inputs) override {
    torch::Tensor hidden = input_->forward(inputs);
    for (size_t layer = 0; layer < now_.size(); ++layer) {
      const torch::Tensor earlier = Delayed(hidden, int64_t{1} << layer);
      hidden = hidden + torch::relu(now_[layer]->forward(hidden) + before_[layer]->forward(earlier));
    }
    return hidden;
  }

 private:
  torch::nn::Linear input_;
  std::vector<torch::nn::Linear> now_, before_;
};

}  // namespace

std::shared_ptr<BodyModule> MakeTemporalConvolutionModule(BodySize size) {
  return std::make_shared<TemporalConvolutionModule>(size);
}
#endif

}  // namespace restock
