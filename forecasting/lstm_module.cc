#include "forecasting/lstm_module.h"

#include <algorithm>
#include <string>

#include "common/torch/bridge.h"
#include "common/torch/initialize.h"

namespace restock {
namespace {

constexpr int kGroups = LstmFeatures::kNumGroups;

int NumInputs(const LstmConfig& config, const LstmFeatures& features) {
  return kNumStateInputs + features.num_period_features() + features.num_past_features() +
         kGroups * config.embedding_size;
}

}  // namespace

LstmTensors::LstmTensors(const LstmBatch& batch, torch::Device device)
    : num_periods(batch.num_periods), horizon(batch.horizon), phase(batch.phase) {
  const int64_t all = batch.num_periods + batch.horizon;
  const int64_t size = batch.num_series;
  inputs = ToTensor(batch.inputs, {num_periods, size, batch.num_inputs}, device);
  level = ToTensor(batch.level, {num_periods, size}, device);
  factor = ToTensor(batch.factor, {num_periods, size, batch.season}, device);
  period_features = ToTensor(batch.period_features, {all, size, batch.num_period_features}, device);
  target = ToTensor(batch.target, {all, size}, device);
  weight = ToTensor(batch.weight, {all, size}, device);
  for (const std::vector<int64_t>& group : batch.groups) groups.push_back(ToTensor(group, {size}, device));
}

LstmModule::LstmModule(const LstmConfig& config, const LstmFeatures& features)
    : lstm_(torch::nn::LSTMOptions(NumInputs(config, features), config.hidden_size)),
      head_state_(config.hidden_size + 1, config.head_size),
      head_embedding_(torch::nn::LinearOptions(kGroups * config.embedding_size, config.head_size).bias(false)),
      head_step_(torch::nn::LinearOptions(features.num_period_features() + 2, config.head_size).bias(false)),
      out_(config.head_size, 3) {
  for (int kind = 0; kind < kGroups; ++kind) {
    embeddings_.push_back(torch::nn::Embedding(features.group_size(kind), config.embedding_size));
    register_module("embedding_" + std::to_string(kind), embeddings_.back());
  }
  register_module("lstm", lstm_);
  register_module("head_state", head_state_);
  register_module("head_embedding", head_embedding_);
  register_module("head_step", head_step_);
  register_module("out", out_);
  season_weight_ = register_parameter("season_weight", torch::full({1}, 0.7f));
}

void LstmModule::Initialize(const Random& random) {
  InitializeModule(*this, random);
  const torch::NoGradGuard no_grad;
  out_->weight.mul_(0.1);
  out_->bias.copy_(torch::tensor({0.f, -1.f, -3.f}));
  season_weight_.fill_(0.7);
  for (auto& embedding : embeddings_) embedding->weight.mul_(0.3);
}

torch::Tensor LstmModule::Embedding(const LstmTensors& batch) {
  std::vector<torch::Tensor> parts;
  for (size_t kind = 0; kind < embeddings_.size(); ++kind) {
    parts.push_back(embeddings_[kind]->forward(batch.groups[kind]));
  }
  return torch::cat(parts, 1);  // (batch, kGroups * embedding_size)
}

torch::Tensor LstmModule::SharedUnits(const LstmTensors& batch) {
  const torch::Tensor embedding = Embedding(batch);
  const torch::Tensor everywhere = embedding.unsqueeze(0).expand({batch.num_periods, -1, -1});
  const torch::Tensor hidden = std::get<0>(lstm_->forward(torch::cat({batch.inputs, everywhere}, 2)));
  const torch::Tensor state = torch::cat({hidden, (kLogLevelScale * batch.level).unsqueeze(2)}, 2);
  return head_state_->forward(state) + head_embedding_->forward(embedding).unsqueeze(0);
}

CountParameters LstmModule::Predict(const LstmTensors& batch, const torch::Tensor& shared, int first_origin, int step) {
  // what is known of the target periods
  const int64_t begin = first_origin + step + 1;
  const int64_t end = batch.num_periods + step + 1;
  const torch::Tensor features = batch.period_features.slice(0, begin, end);
  const std::vector<int64_t> phases(batch.phase.begin() + begin, batch.phase.begin() + end);
  const torch::Tensor phase = ToTensor(phases, {end - begin, 1, 1}, batch.factor.device());
  const torch::Tensor factor =
      batch.factor.slice(0, first_origin).gather(2, phase.expand({-1, batch.factor.size(1), 1}));
  const torch::Tensor ahead = torch::full_like(
      factor, static_cast<float>(std::min(step + 1, batch.horizon)) / static_cast<float>(batch.horizon));

  // the head
  const torch::Tensor units =
      torch::relu(shared.slice(0, first_origin) + head_step_->forward(torch::cat({features, ahead, factor}, 2)));
  const torch::Tensor output = out_->forward(units);
  const torch::Tensor base = batch.level.slice(0, first_origin) + season_weight_ * factor.squeeze(2);
  return {base + output.select(2, 0).clamp(-kLargestLogRatio, kLargestLogRatio),
          output.select(2, 1).clamp(kLeastLogDispersion, kLargestLogDispersion), output.select(2, 2)};
}

LstmWeights LstmModule::ToWeights(int horizon, bool zero_inflated) const {
  LstmWeights weights;
  for (size_t kind = 0; kind < embeddings_.size(); ++kind) {
    weights.embedding[kind] = ToMatrix(embeddings_[kind]->weight).transpose();
  }
  const auto parameters = lstm_->named_parameters();
  weights.input = ToMatrix(parameters["weight_ih_l0"]);
  weights.recurrent = ToMatrix(parameters["weight_hh_l0"]);
  weights.bias = ToMatrix(parameters["bias_ih_l0"] + parameters["bias_hh_l0"]);
  weights.head_state = ToMatrix(head_state_->weight);
  weights.head_bias = ToMatrix(head_state_->bias);
  weights.head_embedding = ToMatrix(head_embedding_->weight);
  weights.head_step = ToMatrix(head_step_->weight);
  weights.out = ToMatrix(out_->weight);
  weights.out_bias = ToMatrix(out_->bias);
  weights.season_weight = ToFloats(season_weight_).at(0);
  weights.horizon = horizon;
  weights.zero_inflated = zero_inflated;
  return weights;
}

}  // namespace restock
