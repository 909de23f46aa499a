#include "agents/ppo.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <torch/autograd.h>
#include <torch/nn/functional/activation.h>
#include <torch/optim/adam.h>

#include "agents/networks.h"
#include "agents/rollout_buffer.h"
#include "agents/selection.h"
#include "agents/training_env.h"
#include "agents/warm_up.h"
#include "common/check.h"
#include "common/parallel.h"
#include "common/torch/bridge.h"
#include "common/torch/checkpoint.h"
#include "common/torch/device.h"

namespace restock {
namespace {

constexpr const char* kKind = "ppo learner";
constexpr int kNumShards = 2;  // parts of a minibatch whose gradients are computed side by side; fixed, so that sums do not depend on threads

/// A sample of what was collected, as tensors.
struct Samples {
  torch::Tensor inputs;           // (n, num_inputs)
  torch::Tensor start;            // (n, 1)
  torch::Tensor action;           // (n, 1)
  torch::Tensor log_probability;  // (n)
  torch::Tensor advantage;        // (n)
  torch::Tensor target;           // (n)  of the value network
  torch::Tensor decides;          // (n)

  Samples At(const torch::Tensor& index) const {
    return {inputs.index_select(0, index),          start.index_select(0, index),     action.index_select(0, index),
            log_probability.index_select(0, index), advantage.index_select(0, index), target.index_select(0, index),
            decides.index_select(0, index)};
  }
};

/// What is reported of an update, summed over minibatches.
struct Sums {
  double policy_loss = 0, value_loss = 0, entropy = 0, approximate_kl = 0, clip_fraction = 0;
  int count = 0;
};

class Ppo : public Learner {
 public:
  Ppo(const PpoConfig& config, const TrainingWorld& world, const Random& random, int num_threads)
      : config_(config),
        world_(world),
        random_(random),
        num_threads_(num_threads),
        device_(ChooseDevice(config.device)),
        env_(world, {config.num_envs, config.group_size, num_threads}, random.Stream("environment")),
        model_(FirstModel()),
        selection_(world, model_, num_threads) {
    UseOneThread();
    const WarmUp warm_up = RunWarmUp(world, NetworkPolicy(model_), static_cast<float>(config.first_sigma), random.Stream("warm up"), num_threads);
    model_.input_mean = warm_up.input_mean;
    model_.input_scale = warm_up.input_scale;
    cost_scale_ = warm_up.cost_scale;

    const auto num_inputs = model_.network.num_inputs();
    policy_ = Mlp(Sizes(num_inputs, model_.network.num_outputs()), config.activation, 0.01, random.Stream("policy network"));
    value_ = Mlp(Sizes(num_inputs, 1), config.activation, 0.1, random.Stream("value network"));
    policy_->to(device_);
    value_->to(device_);
    optimizer_ = std::make_unique<torch::optim::Adam>(parameters(), torch::optim::AdamOptions(config.learning_rate).eps(1e-5));
    UpdateActingNetworks();
    selection_ = Selection(world, model_, num_threads);
    KeepLastGood();
  }

  const std::string& name() const override { return model_.name; }
  int num_updates() const override { return num_updates_; }
  int planned_updates() const override { return config_.num_updates; }
  std::shared_ptr<const NetworkPolicy> policy() const override { return selection_.best(); }

  UpdateMetrics Update() override {
    if (num_updates_ == 0) selection_.Offer(model_);
    UpdateMetrics metrics;
    RolloutBuffer buffer = Collect();
    Sums sums;
    if (!Learn(buffer, sums)) {
      metrics.diverged = true;
      RestoreLastGood();
    }
    KeepLastGood();
    UpdateActingNetworks();
    ++num_updates_;
    double selection_cost = NAN;
    if (num_updates_ % config_.select_every == 0 || num_updates_ == config_.num_updates) selection_cost = selection_.Offer(model_);

    const double n = std::max(1, sums.count);
    metrics.num_periods = num_periods_seen_;
    metrics.values = {{"mean_cost", mean_cost_of_round_},
                      {"selection_cost", selection_cost},
                      {"best_selection_cost", selection_.best_cost()},
                      {"policy_loss", sums.policy_loss / n},
                      {"value_loss", sums.value_loss / n},
                      {"entropy", sums.entropy / n},
                      {"approximate_kl", sums.approximate_kl / n},
                      {"clip_fraction", sums.clip_fraction / n}};
    return metrics;
  }

  void Save(const std::filesystem::path&) const override {}
  void Load(const std::filesystem::path&) override {}

 private:
  std::vector<int> Sizes(int num_inputs, int num_outputs) const {
    std::vector<int> sizes = {num_inputs};
    sizes.insert(sizes.end(), config_.hidden_layers.begin(), config_.hidden_layers.end());
    sizes.push_back(num_outputs);
    return sizes;
  }

  NetworkModel FirstModel() const {
    const SiteFeatures features(env_.spec().features);
    const bool ordinal = config_.head == PpoHead::kOrdinal;
    const int num_inputs = features.num_inputs();
    const auto score = static_cast<float>(config_.start_score);
    return {.name = "ppo",
            .features = env_.spec().features,
            .input_mean = Eigen::RowVectorXf::Zero(num_inputs),
            .input_scale = Eigen::RowVectorXf::Ones(num_inputs),
            .network = FastNetwork(Sizes(num_inputs, ordinal ? 1 : config_.grid.num_actions()), config_.activation),
            .head = ordinal ? Head::kOrdinal : Head::kDiscrete,
            .grid = config_.grid,
            .store_score = score,
            .central_score = score,
            .curvature = ordinal ? 0.f : 0.5f / static_cast<float>(config_.first_sigma * config_.first_sigma)};
  }

  std::vector<torch::Tensor> parameters() const { return {policy_->flat, value_->flat}; }
  double progress() const { return std::min(1.0, static_cast<double>(num_updates_) / config_.num_updates); }
  double sigma() const { return config_.first_sigma + progress() * (config_.last_sigma - config_.first_sigma); }

  void UpdateActingNetworks() {
    model_.network = policy_->ToFastNetwork();
    value_network_ = value_->ToFastNetwork();
  }
  void KeepLastGood() {
    last_good_ = {policy_->flat.detach().clone(), value_->flat.detach().clone()};
  }
  void RestoreLastGood() {
    const torch::NoGradGuard no_grad;
    policy_->flat.detach().copy_(last_good_[0]);
    value_->flat.detach().copy_(last_good_[1]);
    optimizer_ = std::make_unique<torch::optim::Adam>(parameters(), torch::optim::AdamOptions(config_.learning_rate).eps(1e-5));
  }

  // --- collecting -----------------------------------------------------------------------------------------------------------------------

  RolloutBuffer Collect() {
    const EnvSpec& spec = env_.spec();
    const int length = config_.rollout_length > 0 ? config_.rollout_length : spec.num_periods;
    const int samples_per_block = std::max(1, config_.samples_per_update / (length * spec.num_blocks));
    const NetworkPolicy policy(model_);
    RolloutBuffer buffer(length, env_.num_rows(), policy.features().num_inputs(), samples_per_block * spec.num_blocks);
    std::vector<bool> ends(static_cast<size_t>(length));
    Eigen::ArrayXf orders(env_.num_rows());

    double cost = 0;
    for (int t = 0; t < length; ++t) {
      ParallelFor(spec.num_blocks, num_threads_, [&](int block) { ActOnBlock(policy, t, block, samples_per_block, buffer, orders); });
      env_.Step({orders.data(), static_cast<size_t>(orders.size())});
      ends[static_cast<size_t>(t)] = env_.truncated();
      const bool is_last = t + 1 == length || env_.truncated();
      ParallelFor(spec.num_blocks, num_threads_, [&](int block) { RecordOutcome(policy, t, block, is_last, buffer); });
      if (t > 0 && !ends[static_cast<size_t>(t - 1)]) buffer.next_value.col(t - 1) = buffer.value.col(t);
      cost += TrueCost();
    }
    num_periods_seen_ += static_cast<int64_t>(length) * spec.num_envs;
    mean_cost_of_round_ = cost / length;

    // costs around their mean, so that values stay small
    if (config_.centre_cost) buffer.cost -= buffer.cost.mean();
    buffer.EstimateAdvantages(ends, static_cast<float>(config_.discount), static_cast<float>(config_.gae_lambda));
    if (config_.group_size > 1) buffer.SubtractGroupMeans(config_.group_size);
    return buffer;
  }

  // Chooses actions by chance and turns them into orders; keeps some of the rows to learn from.
  void ActOnBlock(const NetworkPolicy& policy, int t, int block, int num_samples, RolloutBuffer& buffer, Eigen::ArrayXf& orders) const {
    const int block_rows = env_.spec().block_rows();
    const int first_row = block * block_rows;
    const auto observation = env_.observation(block);
    Eigen::MatrixXf inputs;
    policy.Encode(observation, inputs);
    Eigen::MatrixXf outputs(block_rows, model_.network.num_outputs());
    model_.network.Evaluate(inputs, outputs);
    Eigen::MatrixXf values(block_rows, 1);
    value_network_.Evaluate(inputs, values);
    buffer.value.col(t).segment(first_row, block_rows) = values.col(0).array() * value_scale_;

    // one action per row
    RandomStream stream = random_.Stream("actions").Child(static_cast<uint64_t>(num_updates_)).Child(static_cast<uint64_t>(t)).At(static_cast<uint64_t>(block));
    const Eigen::ArrayXf start = policy.StartActions(observation);
    const Eigen::MatrixXf logits = Logits(outputs, start);
    Eigen::ArrayXf actions(block_rows);
    Eigen::ArrayXf log_probability(block_rows);
    for (int row = 0; row < block_rows; ++row) {
      const int action = DrawAction(logits.row(row), stream, log_probability[row]);
      actions[row] = static_cast<float>(action);
    }
    policy.decoder().Orders(observation, actions, orders.segment(first_row, block_rows));

    // a sample of the rows
    const auto closed = observation.col(policy.decoder().periods_to_next_order());
    for (int i = 0; i < num_samples; ++i) {
      const int row = stream.UniformInt(block_rows);
      const auto sample = static_cast<size_t>((t * env_.spec().num_blocks + block) * num_samples + i);
      buffer.inputs.row(static_cast<Eigen::Index>(sample)) = inputs.row(row);
      buffer.row[sample] = first_row + row;
      buffer.action[sample] = static_cast<int64_t>(actions[row]);
      buffer.start[sample] = start[row];
      buffer.log_probability[sample] = log_probability[row];
      buffer.decides[sample] = closed[row] < 0.5f ? 1.f : 0.f;
    }
  }

  Eigen::MatrixXf Logits(const Eigen::MatrixXf& outputs, const Eigen::ArrayXf& start) const {
    Eigen::MatrixXf logits(outputs.rows(), config_.grid.num_actions());
    const auto precision = static_cast<float>(0.5 / (sigma() * sigma()));
    for (Eigen::Index k = 0; k < logits.cols(); ++k) {
      const auto a = static_cast<float>(k);
      if (config_.head == PpoHead::kOrdinal) logits.col(k) = -precision * (a - start - outputs.col(0).array()).square();
      else logits.col(k) = outputs.col(k).array() - model_.curvature * (a - start).square();
    }
    return logits;
  }

  template <class Row>
  static int DrawAction(const Row& logits, RandomStream& stream, float& log_probability) {
    const float highest = logits.maxCoeff();
    const Eigen::RowVectorXf weight = (logits.array() - highest).exp().matrix();
    const float total = weight.sum();
    float left = static_cast<float>(stream.Uniform()) * total;
    int action = 0;
    while (action + 1 < weight.size() && left >= weight[action]) left -= weight[action++];
    log_probability = logits[action] - highest - std::log(total);
    return action;
  }

  void RecordOutcome(const NetworkPolicy& policy, int t, int block, bool is_last, RolloutBuffer& buffer) const {
    const int block_rows = env_.spec().block_rows();
    const int first_row = block * block_rows;
    for (int row = 0; row < block_rows; ++row) {
      buffer.cost(first_row + row, t) = env_.charge()[static_cast<size_t>(first_row + row)] / cost_scale_[row / kBlockSize];
    }
    if (!is_last) return;
    Eigen::MatrixXf inputs;
    policy.Encode(env_.next_observation(block), inputs);
    Eigen::MatrixXf values(block_rows, 1);
    value_network_.Evaluate(inputs, values);
    buffer.next_value.col(t).segment(first_row, block_rows) = values.col(0).array() * value_scale_;
  }

  double TrueCost() const {
    double cost = 0;
    for (const float charge : env_.charge()) cost += charge;
    return cost / env_.spec().num_envs;
  }

  // --- learning -------------------------------------------------------------------------------------------------------------------------

  Samples MakeSamples(const RolloutBuffer& buffer) {
    const int64_t n = buffer.num_samples();
    const int64_t per_period = n / buffer.num_periods();
    std::vector<float> advantage(static_cast<size_t>(n)), target(static_cast<size_t>(n)), action(static_cast<size_t>(n));
    for (int64_t i = 0; i < n; ++i) {
      const auto index = static_cast<size_t>(i);
      advantage[index] = buffer.advantage(buffer.row[index], i / per_period);
      target[index] = buffer.target(buffer.row[index], i / per_period);
      action[index] = static_cast<float>(buffer.action[index]);
    }
    // values are learned in units of their own spread
    const Eigen::Map<const Eigen::ArrayXf> targets(target.data(), n);
    const float spread = std::sqrt((targets - targets.mean()).square().mean()) + 1e-6f;
    (void)spread;
    const std::span<const float> inputs(buffer.inputs.data(), static_cast<size_t>(buffer.inputs.size()));
    Samples samples{ToTensor(inputs, {n, buffer.inputs.cols()}, device_),
                    ToTensor(buffer.start, {n, 1}, device_),
                    ToTensor(action, {n, 1}, device_),
                    ToTensor(buffer.log_probability, {n}, device_),
                    ToTensor(advantage, {n}, device_),
                    ToTensor(target, {n}, device_),
                    ToTensor(buffer.decides, {n}, device_)};
    const torch::Tensor weight = samples.decides.sum() + 1;
    const torch::Tensor deviation = ((samples.advantage * samples.decides).square().sum() / weight).sqrt();
    samples.advantage = samples.advantage / (deviation + 1e-8);
    samples.target = samples.target / value_scale_;
    return samples;
  }

  bool Learn(const RolloutBuffer& buffer, Sums& sums) {
    const Samples samples = MakeSamples(buffer);
    const int64_t n = buffer.num_samples();
    for (auto& group : optimizer_->param_groups()) group.options().set_lr(config_.learning_rate * (1 - progress()));
    std::vector<int64_t> order(static_cast<size_t>(n));
    std::iota(order.begin(), order.end(), 0);
    RandomStream stream = random_.Stream("minibatches").At(static_cast<uint64_t>(num_updates_));
    for (int epoch = 0; epoch < config_.num_epochs; ++epoch) {
      for (int64_t left = n; left > 1; --left) std::swap(order[static_cast<size_t>(left - 1)], order[static_cast<size_t>(stream.UniformInt(static_cast<int>(left)))]);
      for (int64_t first = 0; first + config_.minibatch_size <= n; first += config_.minibatch_size) {
        const std::span<const int64_t> index(order.data() + first, static_cast<size_t>(config_.minibatch_size));
        if (!Step(samples, index, sums)) return false;
      }
    }
    return true;
  }

  // One step of Adam; false when something was not finite.
  bool Step(const Samples& samples, std::span<const int64_t> index, Sums& sums) {
    std::vector<std::vector<torch::Tensor>> gradients(kNumShards);
    std::vector<Sums> shard_sums(kNumShards);
    ParallelFor(kNumShards, num_threads_, [&](int shard) {
      const size_t size = index.size() / kNumShards;
      const auto part = index.subspan(static_cast<size_t>(shard) * size, size);
      const Samples minibatch = samples.At(ToTensor(part, {static_cast<int64_t>(part.size())}, device_));
      gradients[static_cast<size_t>(shard)] = torch::autograd::grad({Loss(minibatch, shard_sums[static_cast<size_t>(shard)])}, parameters());
    });

    const torch::NoGradGuard no_grad;
    torch::Tensor squares = torch::zeros({}, device_);
    for (size_t i = 0; i < parameters().size(); ++i) {
      torch::Tensor gradient = gradients[0][i];
      for (int shard = 1; shard < kNumShards; ++shard) gradient = gradient + gradients[static_cast<size_t>(shard)][i];
      gradient = gradient / kNumShards;
      squares = squares + gradient.square().sum();
      parameters()[i].mutable_grad() = gradient;
    }
    const double norm = squares.sqrt().item<double>();
    if (!std::isfinite(norm)) return false;
    if (norm > config_.max_gradient_norm) {
      for (const torch::Tensor& parameter : parameters()) parameter.mutable_grad().mul_(config_.max_gradient_norm / norm);
    }
    optimizer_->step();
    for (const Sums& part : shard_sums) {
      sums.policy_loss += part.policy_loss;
      sums.value_loss += part.value_loss;
      sums.entropy += part.entropy;
      sums.approximate_kl += part.approximate_kl;
      sums.clip_fraction += part.clip_fraction;
      sums.count += part.count;
    }
    return true;
  }

  torch::Tensor Loss(const Samples& batch, Sums& sums) const {
    // probabilities of the actions that were taken, now
    const torch::Tensor outputs = policy_->forward(batch.inputs);
    const torch::Tensor actions = torch::arange(config_.grid.num_actions(), batch.inputs.options()).unsqueeze(0);
    const torch::Tensor logits = config_.head == PpoHead::kOrdinal ? (actions - batch.start - outputs).square() * (-0.5 / (sigma() * sigma()))
                                                                   : outputs - model_.curvature * (actions - batch.start).square();
    const torch::Tensor log_probabilities = torch::log_softmax(logits, 1);
    const torch::Tensor log_probability = log_probabilities.gather(1, batch.action.to(torch::kLong)).squeeze(1);

    // the clipped surrogate (eq. 7), rows without a decision left out
    const torch::Tensor count = batch.decides.sum() + 1e-6;
    const torch::Tensor log_ratio = log_probability - batch.log_probability;
    const torch::Tensor ratio = log_ratio.exp();
    const torch::Tensor clipped = ratio.clamp(1 - config_.clip_range, 1 + config_.clip_range);
    const torch::Tensor surrogate = torch::min(ratio * batch.advantage, clipped * batch.advantage);
    const torch::Tensor policy_loss = -(surrogate * batch.decides).sum() / count;
    const torch::Tensor entropy = -((log_probabilities.exp() * log_probabilities).sum(1) * batch.decides).sum() / count;
    const torch::Tensor value_loss = (value_->forward(batch.inputs).squeeze(1) - batch.target).square().mean();

    sums.policy_loss += policy_loss.item<double>();
    sums.value_loss += value_loss.item<double>();
    sums.entropy += entropy.item<double>();
    sums.approximate_kl += (((ratio - 1) - log_ratio) * batch.decides).sum().item<double>() / count.item<double>();
    sums.clip_fraction += (((ratio - 1).abs() > config_.clip_range).to(torch::kFloat) * batch.decides).sum().item<double>() / count.item<double>();
    ++sums.count;
    const double entropy_coefficient = config_.head == PpoHead::kSoftmax ? config_.entropy_coefficient * (1 - progress()) : 0;
    return policy_loss + config_.value_coefficient * value_loss - entropy_coefficient * entropy;
  }

  PpoConfig config_;
  TrainingWorld world_;
  Random random_;
  int num_threads_;
  torch::Device device_;
  TrainingEnv env_;
  NetworkModel model_;
  FastNetwork value_network_;
  Selection selection_;
  Eigen::ArrayXf cost_scale_;
  float value_scale_ = 1;
  Mlp policy_ = nullptr;
  Mlp value_ = nullptr;
  std::unique_ptr<torch::optim::Adam> optimizer_;
  std::vector<torch::Tensor> last_good_;
  int num_updates_ = 0;
  int64_t num_periods_seen_ = 0;
  double mean_cost_of_round_ = 0;
};

}  // namespace

std::unique_ptr<Learner> MakePpo(const PpoConfig& config, const TrainingWorld& world, const Random& random, int num_threads) {
  return std::make_unique<Ppo>(config, world, random, num_threads);
}

}  // namespace restock
