#pragma once

#include <vector>

#include <torch/nn/module.h>
#include <torch/nn/modules/embedding.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/rnn.h>
#include <torch/types.h>

#include "common/random.h"
#include "forecasting/lstm_batch.h"
#include "forecasting/lstm_config.h"
#include "forecasting/lstm_weights.h"

namespace restock {

/// An LstmBatch as tensors.
struct LstmTensors {
  LstmTensors(const LstmBatch& batch, torch::Device device);

  int num_periods = 0;
  int horizon = 0;
  torch::Tensor inputs, level, factor, period_features, target, weight;
  std::vector<int64_t> phase;
  std::vector<torch::Tensor> groups;
};

/// Parameters of the (zero-inflated) negative binomial.
struct CountParameters {
  torch::Tensor log_mean, log_dispersion, zero_logit;  // (num_origins, batch)
};

/// The network of lstm_weights.h for learning.
class LstmModule : public torch::nn::Module {
 public:
  LstmModule(const LstmConfig& config, const LstmFeatures& features);

  /// Small outputs at first: the forecast starts as level times factor.
  void Initialize(const Random& random);
  /// The part of the head's units that all steps ahead share.  (num_periods, batch, head_size)
  torch::Tensor SharedUnits(const LstmTensors& batch);
  /// `step` periods ahead (0: the coming one) of the origins from `first_origin` of the window on.
  CountParameters Predict(const LstmTensors& batch, const torch::Tensor& shared, int first_origin, int step);
  /// For the network that acts.
  LstmWeights ToWeights(int horizon, bool zero_inflated) const;

 private:
  torch::Tensor Embedding(const LstmTensors& batch);

  std::vector<torch::nn::Embedding> embeddings_;
  torch::nn::LSTM lstm_;
  torch::nn::Linear head_state_, head_embedding_, head_step_, out_;
  torch::Tensor season_weight_;
};

}  // namespace restock
