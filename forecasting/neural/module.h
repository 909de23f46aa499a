#pragma once

#include <memory>
#include <string>
#include <vector>

#include <torch/nn/module.h>
#include <torch/nn/modules/embedding.h>
#include <torch/nn/modules/linear.h>
#include <torch/types.h>

#include "common/random.h"
#include "forecasting/neural/batch.h"
#include "forecasting/neural/body_module.h"
#include "forecasting/neural/config.h"
#include "forecasting/neural/weights.h"

namespace restock {

/// An NeuralBatch as tensors.
struct NeuralTensors {
  NeuralTensors(const NeuralBatch& batch, torch::Device device);

  int num_periods = 0;
  int horizon = 0;
  torch::Tensor inputs, level, factor, period_features, target, weight;
  std::vector<int64_t> phase;
  std::vector<torch::Tensor> groups;
};

/// What the network says of one step ahead, as likelihood.h reads it.
struct NetworkOutputs {
  torch::Tensor outputs;   // (num_origins, batch, num_outputs)
  torch::Tensor log_base;  // (num_origins, batch)
};

/// The network of weights.h for learning.
class NeuralModule : public torch::nn::Module {
 public:
  /// `likelihood`: one of LikelihoodNames()
  NeuralModule(const NeuralConfig& config, const std::string& likelihood, const NeuralFeatures& features);

  const std::string& likelihood() const { return likelihood_; }
  int hidden_size() const { return hidden_size_; }
  /// Small outputs at first: the forecast starts as level times factor.
  void Initialize(const Random& random);
  /// Starts with the weights of a fitted network. Warehouses, SKUs and categories that it knew keep what was learned of
  /// them, others begin as the mean of these. Throws DataError where its shape is another.
  void StartFrom(const NeuralWeights& weights, const NeuralFeatures& old_features, const NeuralFeatures& features);
  /// The part of the head's units that all steps ahead share.  (num_periods, batch, head_size)
  /// `mask`: what the body says is multiplied by it (batch, hidden_size); undefined: all of it counts.
  torch::Tensor SharedUnits(const NeuralTensors& batch, const torch::Tensor& mask = {});
  /// `step` periods ahead (0: the coming one) of the origins from `first_origin` of the window on.
  NetworkOutputs Predict(const NeuralTensors& batch, const torch::Tensor& shared, int first_origin, int step);
  /// For the network that acts.
  NeuralWeights ToWeights(int horizon) const;

 private:
  torch::Tensor Embedding(const NeuralTensors& batch);

  std::string network_, likelihood_;
  int num_layers_, hidden_size_;
  std::vector<float> first_outputs_;
  std::vector<torch::nn::Embedding> embeddings_;
  std::shared_ptr<BodyModule> body_;
  torch::nn::Linear head_state_, head_embedding_, head_step_, out_;
  torch::Tensor season_weight_;
};

}  // namespace restock
