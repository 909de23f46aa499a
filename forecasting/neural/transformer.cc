// Transformer (Vaswani et al. 2017), each period attending to itself and the four weeks before it. Positions count by
// how long ago they are (Shaw et al. 2018; here a bias learned for each head and distance), so that a path can go on
// with the keys and values that it has; norms stand before the layers (Xiong et al. 2020).
//   x <- x + out attention(norm x);   x <- x + second relu(first norm x)

#include <algorithm>
#include <cmath>
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

constexpr int kWindow = 28;  // periods that are attended to, with the present one
constexpr int kHeadSize = 8;
constexpr float kNormEpsilon = 1e-5f;

int NumHeads(BodySize size) { return std::max(1, size.hidden_size / kHeadSize); }
int WidthOf(BodySize size) { return NumHeads(size) * kHeadSize; }  // of queries, keys and values

struct Layer {
  const Eigen::MatrixXf &projection, &projection_bias;  // to queries, keys and values
  const Eigen::MatrixXf& distance;                      // bias by head and periods ago  (num_heads, kWindow)
  const Eigen::MatrixXf &out, &out_bias, &first, &first_bias, &second, &second_bias;
};

/// Mean 0 and variance 1 in every column.
Eigen::MatrixXf Normed(const Eigen::MatrixXf& x) {
  Eigen::MatrixXf y = x.rowwise() - x.colwise().mean();
  const Eigen::RowVectorXf variance = y.array().square().colwise().mean().matrix();
  return y.array().rowwise() / (variance.array() + kNormEpsilon).sqrt();
}

class TransformerBody final : public NetworkBody {
 public:
  TransformerBody(const NamedMatrices& weights, BodySize size)
      : NetworkBody(weights, "input.weight", "input.bias"), num_heads_(NumHeads(size)), width_(WidthOf(size)) {
    for (int layer = 0; layer < size.num_layers; ++layer) {
      const std::string end = "_" + std::to_string(layer);
      layers_.push_back({weights.at("projection" + end + ".weight"), weights.at("projection" + end + ".bias"),
                         weights.at("distance" + end), weights.at("out" + end + ".weight"),
                         weights.at("out" + end + ".bias"), weights.at("first" + end + ".weight"),
                         weights.at("first" + end + ".bias"), weights.at("second" + end + ".weight"),
                         weights.at("second" + end + ".bias")});
    }
  }

  /// The number of periods seen, then each layer's keys and values of the last ones.
  int state_size() const override { return 1 + static_cast<int>(layers_.size()) * 2 * kWindow * width_; }

  void Step(Eigen::MatrixXf& units, Eigen::MatrixXf& state, Eigen::MatrixXf& hidden) const override {
    state.row(0).array() += 1;
    const auto num_seen = static_cast<Eigen::Index>(std::min(state(0, 0), static_cast<float>(kWindow)));
    hidden = units;
    Eigen::Index keys = 1;
    for (const Layer& layer : layers_) {
      const Eigen::MatrixXf projected = Linear(layer.projection, layer.projection_bias, Normed(hidden));
      const Eigen::Index values = keys + kWindow * width_;
      PushIntoQueue(projected.middleRows(width_, width_), keys, kWindow * width_, state);
      PushIntoQueue(projected.bottomRows(width_), values, kWindow * width_, state);
      hidden += Linear(layer.out, layer.out_bias, Attended(layer, projected, state, keys, num_seen));
      const Eigen::MatrixXf inner = Linear(layer.first, layer.first_bias, Normed(hidden)).cwiseMax(0.f);
      hidden += Linear(layer.second, layer.second_bias, inner);
      keys += 2 * kWindow * width_;
    }
  }

 private:
  /// The values of the last periods, each weighed by how well its key fits the query.  (width, num_paths)
  Eigen::MatrixXf Attended(const Layer& layer, const Eigen::MatrixXf& projected, const Eigen::MatrixXf& state,
                           Eigen::Index keys, Eigen::Index num_seen) const {
    using Window = Eigen::Map<const Eigen::MatrixXf>;  // the oldest period first  (width, kWindow)
    Eigen::MatrixXf attended(width_, state.cols());
    for (Eigen::Index path = 0; path < state.cols(); ++path) {
      const float* queue = state.col(path).data() + keys;
      const auto key = Window(queue, width_, kWindow).rightCols(num_seen);
      const auto value = Window(queue + kWindow * width_, width_, kWindow).rightCols(num_seen);
      for (int head = 0; head < num_heads_; ++head) {
        const auto query = projected.col(path).segment(head * kHeadSize, kHeadSize);
        Eigen::ArrayXf fit = key.middleRows(head * kHeadSize, kHeadSize).transpose() * query;
        fit *= 1 / std::sqrt(static_cast<float>(kHeadSize));
        fit += layer.distance.row(head).head(num_seen).reverse().transpose().array();
        fit = (fit - fit.maxCoeff()).exp();
        attended.col(path).segment(head * kHeadSize, kHeadSize) =
            value.middleRows(head * kHeadSize, kHeadSize) * (fit / fit.sum()).matrix();
      }
    }
    return attended;
  }

  int num_heads_, width_;
  std::vector<Layer> layers_;
};

}  // namespace

std::unique_ptr<NetworkBody> MakeTransformerBody(const NamedMatrices& weights, BodySize size) {
  return std::make_unique<TransformerBody>(weights, size);
}

#ifdef RESTOCK_WITH_TORCH
namespace {

class TransformerModule final : public BodyModule {
 public:
  explicit TransformerModule(BodySize size)
      : num_heads_(NumHeads(size)), hidden_size_(size.hidden_size), input_(size.num_inputs, size.hidden_size) {
    register_module("input", input_);
    const int width = WidthOf(size);
    for (int layer = 0; layer < size.num_layers; ++layer) {
      const std::string end = "_" + std::to_string(layer);
      projection_.push_back(torch::nn::Linear(size.hidden_size, 3 * width));
      out_.push_back(torch::nn::Linear(width, size.hidden_size));
      first_.push_back(torch::nn::Linear(size.hidden_size, 2 * size.hidden_size));
      second_.push_back(torch::nn::Linear(2 * size.hidden_size, size.hidden_size));
      register_module("projection" + end, projection_.back());
      register_module("out" + end, out_.back());
      register_module("first" + end, first_.back());
      register_module("second" + end, second_.back());
      distance_.push_back(register_parameter("distance" + end, torch::zeros({num_heads_, kWindow})));
    }
  }

  torch::Tensor Forward(const torch::Tensor& inputs) override {
    torch::Tensor x = input_->forward(inputs);
    for (size_t layer = 0; layer < out_.size(); ++layer) {
      x = x + out_[layer]->forward(Attended(projection_[layer]->forward(Normed(x)), distance_[layer]));
      x = x + second_[layer]->forward(torch::relu(first_[layer]->forward(Normed(x))));
    }
    return x;
  }

  void SetFirstValues() override {
    // nothing is added at first to what a period says of itself
    for (size_t layer = 0; layer < out_.size(); ++layer) {
      out_[layer]->weight.mul_(0.1);
      second_[layer]->weight.mul_(0.1);
    }
  }

 private:
  torch::Tensor Normed(const torch::Tensor& x) const {
    return torch::layer_norm(x, {hidden_size_}, {}, {}, kNormEpsilon);
  }

  /// `projected`: (num_periods, batch, 3 * width)
  torch::Tensor Attended(const torch::Tensor& projected, const torch::Tensor& distance) const {
    const int64_t num_periods = projected.size(0), batch = projected.size(1);
    const auto parts = projected.view({num_periods, batch, 3, num_heads_, kHeadSize}).permute({2, 1, 3, 0, 4});
    const torch::Tensor query = parts[0], key = parts[1], value = parts[2];  // (batch, heads, periods, head size)

    // periods that lie ahead, or too long ago, are not seen
    const torch::Tensor index = torch::arange(num_periods, torch::kLong).to(projected.device());
    const torch::Tensor ago = index.unsqueeze(1) - index.unsqueeze(0);
    const torch::Tensor hidden = (ago < 0).logical_or(ago >= kWindow);
    const torch::Tensor bias = distance.index_select(1, ago.clamp(0, kWindow - 1).flatten())
                                   .view({num_heads_, num_periods, num_periods})
                                   .masked_fill(hidden, -1e9);
    const torch::Tensor fit = torch::matmul(query, key.transpose(2, 3)) / std::sqrt(static_cast<double>(kHeadSize));
    const torch::Tensor attended = torch::matmul(torch::softmax(fit + bias, 3), value);
    return attended.permute({2, 0, 1, 3}).reshape({num_periods, batch, -1});
  }

  int64_t num_heads_, hidden_size_;
  torch::nn::Linear input_;
  std::vector<torch::nn::Linear> projection_, out_, first_, second_;
  std::vector<torch::Tensor> distance_;
};

}  // namespace

std::shared_ptr<BodyModule> MakeTransformerModule(BodySize size) { return std::make_shared<TransformerModule>(size); }
#endif

}  // namespace restock
