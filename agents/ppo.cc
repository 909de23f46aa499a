#include "agents/ppo.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include <torch/nn/functional/activation.h>

#include "agents/gradient_step.h"
#include "agents/network_learner.h"
#include "agents/networks.h"
#include "agents/rollout_buffer.h"
#include "common/parallel.h"
#include "common/torch/bridge.h"

namespace restock {
namespace {

/// What is learned from, as tensors: one row per sample.
struct Samples {
  torch::Tensor inputs;           // of the site and of its supplier  (n, 2 * num_inputs)
  torch::Tensor action;           // (n, 1)
  torch::Tensor log_probability;  // (n)
  torch::Tensor advantage;        // (n)
  torch::Tensor target;           // of the value network  (n)
  torch::Tensor decides;          // 1, or 0 where no order was possible  (n)

  Samples At(const torch::Tensor& index) const {
    const auto pick = [&](const torch::Tensor& all) { return all.index_select(0, index); };
    return {pick(inputs), pick(action), pick(log_probability), pick(advantage), pick(target), pick(decides)};
  }
};

enum LossPart { kPolicyLoss, kValueLoss, kEntropy, kApproximateKl, kClipFraction, kNumLossParts };
using LossParts = std::array<double, kNumLossParts>;

class Ppo : public NetworkLearner {
 public:
  Ppo(const PpoConfig& config, const TrainingWorld& world, const Random& random, int num_threads)
      : NetworkLearner(config, "ppo", config.head == PpoHead::kOrdinal ? Head::kOrdinal : Head::kDiscrete,
                       Curvature(config), /*noise=*/config.first_sigma, world, random, num_threads),
        config_(config) {
    // the policy starts as the classical rule: its last layer is small
    const int num_inputs = model_.network.num_inputs();
    policy_ =
        Mlp(Sizes(num_inputs, model_.network.num_outputs()), config.activation, 0.01, random.Stream("policy network"));
    value_ = Mlp(Sizes(2 * num_inputs, 1), config.activation, 0.1, random.Stream("value network"));
    policy_->to(device());
    value_->to(device());
    StartOptimizer();
  }

 private:
  // The softmax starts with the same spread as the ordinal head.
  static double Curvature(const PpoConfig& config) {
    return config.head == PpoHead::kOrdinal ? 0 : 0.5 / (config.first_sigma * config.first_sigma);
  }

  bool is_ordinal() const { return config_.head == PpoHead::kOrdinal; }
  double sigma() const { return config_.first_sigma + progress() * (config_.last_sigma - config_.first_sigma); }

  std::vector<torch::Tensor> parameters() const override { return {policy_->flat, value_->flat}; }

  void WeightsChanged() override {
    model_.network = policy_->ToFastNetwork();
    value_network_ = value_->ToFastNetwork();
  }

  std::vector<std::pair<std::string, double>> values() const override {
    return {{"policy_loss", parts_[kPolicyLoss]},
            {"value_loss", parts_[kValueLoss]},
            {"entropy", parts_[kEntropy]},
            {"approximate_kl", parts_[kApproximateKl]},
            {"clip_fraction", parts_[kClipFraction]}};
  }

  void SaveMore(SectionFileWriter& file) const override {
    file.AddValues("value mean", &value_mean_, 1);
    file.AddValues("value scale", &value_scale_, 1);
  }

  void LoadMore(const SectionFileReader& file) override {
    value_mean_ = file.GetValues<double>("value mean").at(0);
    value_scale_ = file.GetValues<double>("value scale").at(0);
  }

  // --- collecting ----------------------------------------------------------------------------------------------------

  void Collect() override {
    const EnvSpec& spec = env_.spec();
    const int length = std::min(config_.rollout_length, spec.num_periods);
    const int samples_per_block = std::max(1, static_cast<int>(config_.exploration_share * spec.block_rows()));
    const NetworkPolicy policy(model_);
    buffer_ = RolloutBuffer(length, env_.num_rows(), value_network_.num_inputs(), samples_per_block * spec.num_blocks);
    std::vector<bool> ends(static_cast<size_t>(length));
    Eigen::ArrayXf orders(env_.num_rows());

    double cost = 0;
    for (int t = 0; t < length; ++t) {
      ParallelFor(spec.num_blocks, num_threads(),
                  [&](int block) { ActOnBlock(policy, t, block, samples_per_block, orders); });
      env_.Step({orders.data(), static_cast<size_t>(orders.size())});
      ends[static_cast<size_t>(t)] = env_.truncated();
      const bool is_last = t + 1 == length || env_.truncated();
      ParallelFor(spec.num_blocks, num_threads(), [&](int block) { RecordBlock(policy, t, block, is_last); });
      if (t > 0 && !ends[static_cast<size_t>(t - 1)]) buffer_.next_value.col(t - 1) = buffer_.value.col(t);
      cost += env_.mean_cost();
    }
    num_periods_ += static_cast<int64_t>(length) * spec.num_envs;
    mean_cost_ = cost / length;

    if (config_.centre_cost) buffer_.cost -= buffer_.cost.mean();
    buffer_.EstimateAdvantages(ends, static_cast<float>(config_.discount), static_cast<float>(config_.gae_lambda));
    if (config_.group_size > 1) buffer_.SubtractGroupMeans(config_.group_size);
  }

  // Orders greedily but for some of the rows of the block, whose action is drawn by chance and learned from.
  void ActOnBlock(const NetworkPolicy& policy, int t, int block, int num_samples, Eigen::ArrayXf& orders) {
    const int block_rows = env_.spec().block_rows();
    const int first_row = block * block_rows;
    const auto observation = env_.observation(block);
    const Eigen::MatrixXf inputs = EncodeBlock(policy, observation);
    buffer_.value.col(t).segment(first_row, block_rows) = Values(inputs);
    Eigen::MatrixXf outputs(block_rows, model_.network.num_outputs());
    model_.network.Evaluate(inputs.leftCols(inputs.cols() / 2), outputs);
    Eigen::ArrayXf actions = policy.GreedyActions(outputs);

    // some rows of the block draw their action
    RandomStream stream = random().Stream("actions").Child(Index(num_updates())).Child(Index(t)).At(Index(block));
    for (int i = 0; i < num_samples; ++i) {
      const int row = DrawRow(i, num_samples, block_rows, stream);
      const size_t sample = Index((t * env_.spec().num_blocks + block) * num_samples + i);
      actions[row] = static_cast<float>(DrawAction(Logits(outputs.row(row)), stream, buffer_.log_probability[sample]));
      buffer_.inputs.row(static_cast<Eigen::Index>(sample)) = inputs.row(row);
      buffer_.row[sample] = first_row + row;
      buffer_.action[sample] = actions[row];
      buffer_.decides[sample] = IsOpen(policy, observation, row) ? 1.f : 0.f;
    }
    policy.decoder().Orders(observation, policy.RuleScores(observation), actions,
                            orders.segment(first_row, block_rows));
  }

  // Of all actions, up to a constant.  (num_actions)
  Eigen::ArrayXf Logits(const Eigen::RowVectorXf& outputs) const {
    const int num_actions = config_.grid.num_actions();
    const auto middle = static_cast<float>(config_.grid.middle());
    const Eigen::ArrayXf distance =
        Eigen::ArrayXf::LinSpaced(num_actions, 0, static_cast<float>(num_actions - 1)) - middle;
    if (!is_ordinal()) return outputs.transpose().array() - model_.curvature * distance.square();
    return (distance - outputs[0]).square() * static_cast<float>(-0.5 / (sigma() * sigma()));
  }

  static int DrawAction(const Eigen::ArrayXf& logits, RandomStream& stream, float& log_probability) {
    const float highest = logits.maxCoeff();
    const Eigen::ArrayXf weight = (logits - highest).exp();
    const float total = weight.sum();
    float left = static_cast<float>(stream.Uniform()) * total;
    int action = 0;
    while (action + 1 < weight.size() && left >= weight[action]) left -= weight[action++];
    log_probability = logits[action] - highest - std::log(total);
    return action;
  }

  // Expected discounted costs from here on.
  Eigen::ArrayXf Values(const Eigen::MatrixXf& inputs) const {
    Eigen::MatrixXf values(inputs.rows(), 1);
    value_network_.Evaluate(inputs, values);
    return static_cast<float>(value_mean_) + static_cast<float>(value_scale_) * values.col(0).array();
  }

  void RecordBlock(const NetworkPolicy& policy, int t, int block, bool is_last) {
    const int block_rows = env_.spec().block_rows();
    const int first_row = block * block_rows;
    for (int row = first_row; row < first_row + block_rows; ++row) buffer_.cost(row, t) = ScaledCost(row);
    if (!is_last) return;
    buffer_.next_value.col(t).segment(first_row, block_rows) =
        Values(EncodeBlock(policy, env_.next_observation(block)));
  }

  // --- learning ------------------------------------------------------------------------------------------------------

  Samples MakeSamples() const {
    const RolloutBuffer& buffer = buffer_;
    const int n = buffer.num_samples();
    const int per_period = n / buffer.num_periods();
    std::vector<float> advantage(Index(n)), target(Index(n));
    for (int i = 0; i < n; ++i) {
      advantage[Index(i)] = buffer.advantage(buffer.row[Index(i)], i / per_period);
      target[Index(i)] = buffer.target(buffer.row[Index(i)], i / per_period);
    }
    const std::span<const float> inputs(buffer.inputs.data(), static_cast<size_t>(buffer.inputs.size()));
    Samples samples{ToTensor(inputs, {n, buffer.inputs.cols()}, device()),
                    ToTensor(buffer.action, {n, 1}, device()),
                    ToTensor(buffer.log_probability, {n}, device()),
                    ToTensor(advantage, {n}, device()),
                    ToTensor(target, {n}, device()),
                    ToTensor(buffer.decides, {n}, device())};

    // advantages and values of order one
    const torch::Tensor count = samples.decides.sum() + 1e-6;
    const torch::Tensor deviation = ((samples.advantage * samples.decides).square().sum() / count).sqrt();
    samples.advantage = samples.advantage / (deviation + 1e-8);
    samples.target = (samples.target - value_mean_) / value_scale_;
    return samples;
  }

  // The value network learns numbers of mean 0 and variance 1; the first round tells which.
  void NormalizeValues() {
    value_mean_ = buffer_.target.mean();
    value_scale_ = std::sqrt((buffer_.target - buffer_.target.mean()).square().mean()) + 1e-6;
  }

  double Learn() override {
    if (num_updates() == 0) NormalizeValues();
    const Samples samples = MakeSamples();
    std::vector<int64_t> order(Index(buffer_.num_samples()));
    std::iota(order.begin(), order.end(), 0);
    RandomStream stream = random().Stream("minibatches").At(Index(num_updates()));
    const size_t size = std::min(Index(config_.minibatch_size), order.size());
    int num_steps = 0;
    parts_ = {};
    for (int epoch = 0; epoch < config_.num_epochs; ++epoch) {
      Shuffle(stream, order);
      for (size_t first = 0; first + size <= order.size(); first += size, ++num_steps) {
        if (!Step(samples, std::span(order).subspan(first, size))) return NAN;
      }
    }
    for (double& part : parts_) part /= num_steps;
    return parts_[kPolicyLoss] + config_.value_coefficient * parts_[kValueLoss];
  }

  static void Shuffle(RandomStream& stream, std::vector<int64_t>& order) {
    for (size_t left = order.size(); left > 1; --left) {
      std::swap(order[left - 1], order[Index(stream.UniformInt(static_cast<int>(left)))]);
    }
  }

  // False when a gradient is not finite.
  bool Step(const Samples& samples, std::span<const int64_t> minibatch) {
    std::array<LossParts, kNumShards> shard_parts = {};
    const size_t size = minibatch.size() / kNumShards;
    const auto loss = [&](int shard) {
      const torch::Tensor index =
          ToTensor(minibatch.subspan(Index(shard) * size, size), {static_cast<int64_t>(size)}, device());
      return Loss(samples.At(index), shard_parts[Index(shard)]);
    };
    if (!StepAlongGradient(loss, parameters(), config_.max_gradient_norm, num_threads(), *optimizer_)) return false;
    for (const LossParts& shard : shard_parts) {
      for (size_t i = 0; i < shard.size(); ++i) parts_[i] += shard[i] / kNumShards;
    }
    return true;
  }

  torch::Tensor Loss(const Samples& batch, LossParts& parts) const {
    // how probable the actions taken are now
    const torch::Tensor own_inputs = batch.inputs.narrow(1, 0, batch.inputs.size(1) / 2);
    const torch::Tensor outputs = policy_->forward(own_inputs);
    const torch::Tensor distance =
        torch::arange(config_.grid.num_actions(), batch.inputs.options()).unsqueeze(0) - config_.grid.middle();
    const torch::Tensor logits = is_ordinal() ? (distance - outputs).square() * (-0.5 / (sigma() * sigma()))
                                              : outputs - model_.curvature * distance.square();
    const torch::Tensor log_probabilities = torch::log_softmax(logits, 1);
    const torch::Tensor log_probability = log_probabilities.gather(1, batch.action.to(torch::kLong)).squeeze(1);

    // the clipped surrogate (eq. 7) over the rows that could order
    const torch::Tensor share = batch.decides / (batch.decides.sum() + 1e-6);
    const torch::Tensor log_ratio = log_probability - batch.log_probability;
    const torch::Tensor ratio = log_ratio.exp();
    const torch::Tensor clipped = ratio.clamp(1 - config_.clip_range, 1 + config_.clip_range);
    const torch::Tensor policy_loss = -(torch::min(ratio * batch.advantage, clipped * batch.advantage) * share).sum();
    const torch::Tensor entropy = -((log_probabilities.exp() * log_probabilities).sum(1) * share).sum();
    const torch::Tensor value_loss = (value_->forward(batch.inputs).squeeze(1) - batch.target).square().mean();

    parts[kPolicyLoss] = policy_loss.item<double>();
    parts[kValueLoss] = value_loss.item<double>();
    parts[kEntropy] = entropy.item<double>();
    parts[kApproximateKl] = ((ratio - 1 - log_ratio) * share).sum().item<double>();
    parts[kClipFraction] = ((ratio - 1).abs().gt(config_.clip_range) * share).sum().item<double>();
    const double entropy_coefficient = is_ordinal() ? 0 : config_.entropy_coefficient * (1 - progress());
    return policy_loss + config_.value_coefficient * value_loss - entropy_coefficient * entropy;
  }

  PpoConfig config_;
  Mlp policy_ = nullptr;
  Mlp value_ = nullptr;
  FastNetwork value_network_;  // value_ for acting
  double value_mean_ = 0;
  double value_scale_ = 1;
  RolloutBuffer buffer_{0, 0, 0, 0};  // the last round
  LossParts parts_ = {};              // means over the steps of the last round
};

}  // namespace

std::unique_ptr<Learner> MakePpo(const PpoConfig& config, const TrainingWorld& world, const Random& random,
                                 int num_threads) {
  return std::make_unique<Ppo>(config, world, random, num_threads);
}

}  // namespace restock
