#include "forecasting/neural/module.h"

#include <algorithm>
#include <string>

#include "common/torch/bridge.h"
#include "common/torch/initialize.h"
#include "forecasting/neural/likelihood.h"

namespace restock {
namespace {

constexpr int kGroups = NeuralFeatures::kNumGroups;

int NumInputs(const NeuralConfig& config, const NeuralFeatures& features) {
  return kNumStateInputs + features.num_period_features() + features.num_past_features() +
         kGroups * config.embedding_size;
}

}  // namespace

NeuralTensors::NeuralTensors(const NeuralBatch& batch, torch::Device device)
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

NeuralModule::NeuralModule(const NeuralConfig& config, const std::string& likelihood, const NeuralFeatures& features)
    : network_(config.network),
      likelihood_(likelihood),
      num_layers_(config.num_layers),
      hidden_size_(config.hidden_size),
      first_outputs_(MakeLikelihood(likelihood)->FirstOutputs()),
      body_(MakeBodyModule(config.network, {NumInputs(config, features), config.hidden_size, config.num_layers})),
      head_state_(config.hidden_size + 1, config.head_size),
      head_embedding_(torch::nn::LinearOptions(kGroups * config.embedding_size, config.head_size).bias(false)),
      head_step_(torch::nn::LinearOptions(features.num_period_features() + 2, config.head_size).bias(false)),
      out_(config.head_size, static_cast<int64_t>(first_outputs_.size())) {
  for (int kind = 0; kind < kGroups; ++kind) {
    embeddings_.push_back(torch::nn::Embedding(features.group_size(kind), config.embedding_size));
    register_module("embedding_" + std::to_string(kind), embeddings_.back());
  }
  register_module("body", body_);
  register_module("head_state", head_state_);
  register_module("head_embedding", head_embedding_);
  register_module("head_step", head_step_);
  register_module("out", out_);
  season_weight_ = register_parameter("season_weight", torch::full({1}, 0.7f));
}

void NeuralModule::Initialize(const Random& random) {
  InitializeModule(*this, random);
  InitializeModule(*body_, random);
  const torch::NoGradGuard no_grad;
  body_->SetFirstValues();
  out_->weight.mul_(0.1);
  out_->bias.copy_(ToTensor(first_outputs_, {static_cast<int64_t>(first_outputs_.size())}));
  season_weight_.fill_(0.7);
  for (auto& embedding : embeddings_) embedding->weight.mul_(0.3);
}

void NeuralModule::StartFrom(const NeuralWeights& weights, const NeuralFeatures& old_features,
                             const NeuralFeatures& features) {
  const torch::NoGradGuard no_grad;
  const auto copy = [](const std::string& name, const NamedMatrices& from, const torch::Tensor& to) {
    const auto found = from.find(name);
    const bool fits = found != from.end() && found->second.rows() == to.size(0) && found->second.size() == to.numel();
    if (!fits) {
      throw DataError("start_from: the fitted network has no " + name +
                      " of the same shape; give equal sizes, layers, "
                      "likelihood, season and covariates.");
    }
    to.copy_(ToTensor(found->second).view(to.sizes()));
  };
  const auto starts = [](const std::string& name, const char* with) { return name.rfind(with, 0) == 0; };
  for (const auto& entry : named_parameters()) {
    const std::string& name = entry.key();
    if (starts(name, "body.")) copy(name.substr(5), weights.body, entry.value());
    if (starts(name, "head_") || starts(name, "out.")) copy(name, weights.head, entry.value());
  }
  season_weight_.fill_(weights.season_weight);
  for (int kind = 0; kind < kGroups; ++kind) {
    const Eigen::MatrixXf& old = weights.head.at("embedding_" + std::to_string(kind));
    torch::Tensor& rows = embeddings_[static_cast<size_t>(kind)]->weight;
    if (old.cols() != rows.size(1)) throw DataError("start_from: the fitted network has another embedding_size.");
    const Eigen::MatrixXf mean = old.colwise().mean();
    for (int row = 0; row < features.group_size(kind); ++row) {
      const int old_row = old_features.RowOf(kind, features.group_name(kind, row));
      const Eigen::MatrixXf first = old_row < 0 ? mean : old.row(old_row);
      rows[row].copy_(ToTensor(first)[0]);
    }
  }
}

torch::Tensor NeuralModule::Embedding(const NeuralTensors& batch) {
  std::vector<torch::Tensor> parts;
  for (size_t kind = 0; kind < embeddings_.size(); ++kind) {
    parts.push_back(embeddings_[kind]->forward(batch.groups[kind]));
  }
  return torch::cat(parts, 1);  // (batch, kGroups * embedding_size)
}

torch::Tensor NeuralModule::SharedUnits(const NeuralTensors& batch, const torch::Tensor& mask) {
  const torch::Tensor embedding = Embedding(batch);
  const torch::Tensor everywhere = embedding.unsqueeze(0).expand({batch.num_periods, -1, -1});
  torch::Tensor hidden = body_->Forward(torch::cat({batch.inputs, everywhere}, 2));
  if (mask.defined()) hidden = hidden * mask.unsqueeze(0);
  const torch::Tensor state = torch::cat({hidden, (kLogLevelScale * batch.level).unsqueeze(2)}, 2);
  return head_state_->forward(state) + head_embedding_->forward(embedding).unsqueeze(0);
}

NetworkOutputs NeuralModule::Predict(const NeuralTensors& batch, const torch::Tensor& shared, int first_origin,
                                     int step) {
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
  return {out_->forward(units).to(torch::kFloat),
          batch.level.slice(0, first_origin) + season_weight_ * factor.squeeze(2)};
}

NeuralWeights NeuralModule::ToWeights(int horizon) const {
  NeuralWeights weights;
  weights.network = network_;
  weights.likelihood = likelihood_;
  weights.num_layers = num_layers_;
  weights.horizon = horizon;
  for (const auto& entry : body_->named_parameters()) weights.body[entry.key()] = ToMatrix(entry.value());
  for (size_t kind = 0; kind < embeddings_.size(); ++kind) {
    weights.head["embedding_" + std::to_string(kind)] = ToMatrix(embeddings_[kind]->weight);
  }
  weights.head["head_state.weight"] = ToMatrix(head_state_->weight);
  weights.head["head_state.bias"] = ToMatrix(head_state_->bias);
  weights.head["head_embedding.weight"] = ToMatrix(head_embedding_->weight);
  weights.head["head_step.weight"] = ToMatrix(head_step_->weight);
  weights.head["out.weight"] = ToMatrix(out_->weight);
  weights.head["out.bias"] = ToMatrix(out_->bias);
  weights.season_weight = ToFloats(season_weight_).at(0);
  return weights;
}

}  // namespace restock
