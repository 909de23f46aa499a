#include "agents/ppo.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include <torch/nn/functional/activation.h>
#include <torch/optim/adam.h>

#include "agents/gradient_step.h"
#include "agents/networks.h"
#include "agents/policy_file.h"
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

constexpr const char* kKind = "restock ppo learner";

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

class Ppo : public Learner {
 public:
  Ppo(const PpoConfig& config, const TrainingWorld& world, const Random& random, int num_threads)
      : config_(config),
        random_(random),
        num_threads_(num_threads),
        device_(ChooseDevice(config.device)),
        env_(world,
             {.num_envs = config.num_envs,
              .group_size = config.group_size,
              .shared_charge = static_cast<float>(config.shared_charge),
              .num_threads = num_threads},
             random.Stream("environment")),
        model_(FirstModel(world)),
        selection_(world, model_, num_threads) {
    UseOneThread();
    const auto noise = static_cast<float>(config.first_sigma);
    const WarmUp warm_up = RunWarmUp(world, NetworkPolicy(model_), noise, random.Stream("warm up"), num_threads);
    model_.input_mean = warm_up.input_mean;
    model_.input_scale = warm_up.input_scale;
    cost_scale_ = warm_up.cost_scale;

    // the policy starts as the classical rule: its last layer is small
    const int num_inputs = model_.network.num_inputs();
    policy_ =
        Mlp(Sizes(num_inputs, model_.network.num_outputs()), config.activation, 0.01, random.Stream("policy network"));
    value_ = Mlp(Sizes(2 * num_inputs, 1), config.activation, 0.1, random.Stream("value network"));
    policy_->to(device_);
    value_->to(device_);
    MakeOptimizer();
    KeepWeights();
  }

  const std::string& name() const override { return model_.name; }
  int num_updates() const override { return num_updates_; }
  int planned_updates() const override { return config_.num_updates; }
  std::shared_ptr<const NetworkPolicy> policy() const override { return selection_.best(); }

  UpdateMetrics Update() override {
    if (num_updates_ == 0) selection_.Offer(model_);
    const RolloutBuffer buffer = Collect();
    LossParts parts = {};
    const bool learned = Learn(buffer, parts);
    if (!learned) GoBackToLastGood();
    KeepWeights();
    ++num_updates_;

    const bool selects = num_updates_ % config_.select_every == 0 || num_updates_ == config_.num_updates;
    if (selects) last_selection_cost_ = selection_.Offer(model_);
    return {.num_periods = num_periods_,
            .values = {{"mean_cost", mean_cost_},
                       {"selection_cost", last_selection_cost_},
                       {"best_selection_cost", selection_.best_cost()},
                       {"policy_loss", parts[kPolicyLoss]},
                       {"value_loss", parts[kValueLoss]},
                       {"entropy", parts[kEntropy]},
                       {"approximate_kl", parts[kApproximateKl]},
                       {"clip_fraction", parts[kClipFraction]},
                       {"learning_rate", learning_rate()}},
            .diverged = !learned};
  }

  void Save(const std::filesystem::path& file) const override {
    SectionFileWriter writer(kKind);
    const std::array<double, 3> numbers = {value_mean_, value_scale_, last_selection_cost_};
    const std::array<int64_t, 2> counters = {num_updates_, num_periods_};
    writer.AddValues("numbers", numbers.data(), numbers.size());
    writer.AddValues("counters", counters.data(), counters.size());
    writer.AddValues("cost scale", cost_scale_.data(), static_cast<size_t>(cost_scale_.size()));
    writer.Add("environments", env_.Save());
    AddModel(model_, "model/", writer);
    AddModule(writer, "policy", *policy_);
    AddModule(writer, "value", *value_);
    AddAdam(writer, "adam", *optimizer_);
    selection_.Save(writer);
    writer.Write(file);
  }

  void Load(const std::filesystem::path& file) override {
    const SectionFileReader reader(file, kKind);
    const std::vector<double> numbers = reader.GetValues<double>("numbers");
    const std::vector<int64_t> counters = reader.GetValues<int64_t>("counters");
    const std::vector<float> cost_scale = reader.GetValues<float>("cost scale");
    if (numbers.size() != 3 || counters.size() != 2 || std::ssize(cost_scale) != cost_scale_.size()) {
      throw DataError(file.string() + ": was saved by a learner of another shape.");
    }
    value_mean_ = numbers[0];
    value_scale_ = numbers[1];
    last_selection_cost_ = numbers[2];
    num_updates_ = static_cast<int>(counters[0]);
    num_periods_ = counters[1];
    std::ranges::copy(cost_scale, cost_scale_.begin());
    env_.Load(reader.Get("environments"));
    model_ = ReadModel("model/", reader);
    LoadModule(reader, "policy", *policy_);
    LoadModule(reader, "value", *value_);
    LoadAdam(reader, "adam", *optimizer_);
    selection_.Load(reader);
    KeepWeights();
  }

 private:
  // --- what is learned -----------------------------------------------------------------------------------------------

  std::vector<int> Sizes(int num_inputs, int num_outputs) const {
    std::vector<int> sizes = {num_inputs};
    sizes.insert(sizes.end(), config_.hidden_layers.begin(), config_.hidden_layers.end());
    sizes.push_back(num_outputs);
    return sizes;
  }

  bool is_ordinal() const { return config_.head == PpoHead::kOrdinal; }

  NetworkModel FirstModel(const TrainingWorld& world) const {
    const int num_inputs = SiteFeatures(env_.spec().features).num_inputs();
    const auto first_sigma = static_cast<float>(config_.first_sigma);
    const auto score = static_cast<float>(config_.start_score);
    NetworkModel model{
        .name = "ppo",
        .features = env_.spec().features,
        .input_mean = Eigen::RowVectorXf::Zero(num_inputs),
        .input_scale = Eigen::RowVectorXf::Ones(num_inputs),
        .network = FastNetwork(Sizes(num_inputs, is_ordinal() ? 1 : config_.grid.num_actions()), config_.activation),
        .head = is_ordinal() ? Head::kOrdinal : Head::kDiscrete,
        .grid = config_.grid,
        .store_score = score,
        .central_score = score,
        .curvature = is_ordinal() ? 0 : 0.5f / (first_sigma * first_sigma)};
    if (config_.tune_start) TuneStartScores(world, num_threads_, model);
    return model;
  }

  std::vector<torch::Tensor> parameters() const { return {policy_->flat, value_->flat}; }
  double progress() const { return std::min(1.0, static_cast<double>(num_updates_) / config_.num_updates); }
  double learning_rate() const { return config_.learning_rate * (1 - progress()); }
  double sigma() const { return config_.first_sigma + progress() * (config_.last_sigma - config_.first_sigma); }

  void MakeOptimizer() {
    optimizer_ =
        std::make_unique<torch::optim::Adam>(parameters(), torch::optim::AdamOptions(config_.learning_rate).eps(1e-5));
  }

  // The weights learned become those that act; they are finite.
  void KeepWeights() {
    model_.network = policy_->ToFastNetwork();
    value_network_ = value_->ToFastNetwork();
  }

  void GoBackToLastGood() {
    const torch::NoGradGuard no_grad;
    policy_->flat.detach().copy_(ToTensor(model_.network.parameters(), policy_->flat.sizes()));
    value_->flat.detach().copy_(ToTensor(value_network_.parameters(), value_->flat.sizes()));
    MakeOptimizer();
  }

  // --- collecting ----------------------------------------------------------------------------------------------------

  RolloutBuffer Collect() {
    const EnvSpec& spec = env_.spec();
    const int length = config_.rollout_length > 0 ? config_.rollout_length : spec.num_periods;
    const int samples_per_block = std::max(1, static_cast<int>(config_.exploration_share * spec.block_rows()));
    const NetworkPolicy policy(model_);
    RolloutBuffer buffer(length, env_.num_rows(), value_network_.num_inputs(), samples_per_block * spec.num_blocks);
    std::vector<bool> ends(static_cast<size_t>(length));
    Eigen::ArrayXf orders(env_.num_rows());

    double cost = 0;
    for (int t = 0; t < length; ++t) {
      ParallelFor(spec.num_blocks, num_threads_,
                  [&](int block) { ActOnBlock(policy, t, block, samples_per_block, buffer, orders); });
      env_.Step({orders.data(), static_cast<size_t>(orders.size())});
      ends[static_cast<size_t>(t)] = env_.truncated();
      const bool is_last = t + 1 == length || env_.truncated();
      ParallelFor(spec.num_blocks, num_threads_, [&](int block) { RecordBlock(policy, t, block, is_last, buffer); });
      if (t > 0 && !ends[static_cast<size_t>(t - 1)]) buffer.next_value.col(t - 1) = buffer.value.col(t);
      cost += env_.mean_cost();
    }
    num_periods_ += static_cast<int64_t>(length) * spec.num_envs;
    mean_cost_ = cost / length;

    if (config_.centre_cost) buffer.cost -= buffer.cost.mean();
    buffer.EstimateAdvantages(ends, static_cast<float>(config_.discount), static_cast<float>(config_.gae_lambda));
    if (config_.group_size > 1) buffer.SubtractGroupMeans(config_.group_size);
    return buffer;
  }

  // Orders greedily but for some of the rows of the block, whose action is drawn by chance and learned from.
  void ActOnBlock(const NetworkPolicy& policy, int t, int block, int num_samples, RolloutBuffer& buffer,
                  Eigen::ArrayXf& orders) const {
    const int block_rows = env_.spec().block_rows();
    const int first_row = block * block_rows;
    const auto observation = env_.observation(block);
    Eigen::MatrixXf inputs;
    policy.Encode(observation, inputs);
    const Eigen::MatrixXf value_inputs = WithSupplierInputs(env_.network(), inputs);
    buffer.value.col(t).segment(first_row, block_rows) = Values(value_inputs);
    Eigen::MatrixXf outputs(block_rows, model_.network.num_outputs());
    model_.network.Evaluate(inputs, outputs);
    Eigen::ArrayXf actions = policy.GreedyActions(outputs);

    // one row of each of `num_samples` equal parts of the block
    const auto closed_for = observation.col(policy.decoder().periods_to_next_order());
    RandomStream stream = random_.Stream("actions").Child(Index(num_updates_)).Child(Index(t)).At(Index(block));
    for (int i = 0; i < num_samples; ++i) {
      const int row = std::min(static_cast<int>((i + stream.Uniform()) * block_rows / num_samples), block_rows - 1);
      const size_t sample = Index((t * env_.spec().num_blocks + block) * num_samples + i);
      actions[row] = static_cast<float>(DrawAction(Logits(outputs.row(row)), stream, buffer.log_probability[sample]));
      buffer.inputs.row(static_cast<Eigen::Index>(sample)) = value_inputs.row(row);
      buffer.row[sample] = first_row + row;
      buffer.action[sample] = actions[row];
      buffer.decides[sample] = closed_for[row] < 0.5f ? 1.f : 0.f;
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

  Eigen::ArrayXf Values(const Eigen::MatrixXf& value_inputs) const {
    Eigen::MatrixXf values(value_inputs.rows(), 1);
    value_network_.Evaluate(value_inputs, values);
    return static_cast<float>(value_mean_) + static_cast<float>(value_scale_) * values.col(0).array();
  }

  void RecordBlock(const NetworkPolicy& policy, int t, int block, bool is_last, RolloutBuffer& buffer) const {
    const int block_rows = env_.spec().block_rows();
    const int first_row = block * block_rows;
    for (int row = 0; row < block_rows; ++row) {
      buffer.cost(first_row + row, t) = env_.charge()[Index(first_row + row)] / cost_scale_[row / kBlockSize];
    }
    if (!is_last) return;
    Eigen::MatrixXf inputs;
    policy.Encode(env_.next_observation(block), inputs);
    buffer.next_value.col(t).segment(first_row, block_rows) = Values(WithSupplierInputs(env_.network(), inputs));
  }

  // --- learning ------------------------------------------------------------------------------------------------------

  Samples MakeSamples(const RolloutBuffer& buffer) {
    const int n = buffer.num_samples();
    const int per_period = n / buffer.num_periods();
    std::vector<float> advantage(Index(n)), target(Index(n));
    for (int i = 0; i < n; ++i) {
      advantage[Index(i)] = buffer.advantage(buffer.row[Index(i)], i / per_period);
      target[Index(i)] = buffer.target(buffer.row[Index(i)], i / per_period);
    }
    const std::span<const float> inputs(buffer.inputs.data(), static_cast<size_t>(buffer.inputs.size()));
    Samples samples{ToTensor(inputs, {n, buffer.inputs.cols()}, device_),
                    ToTensor(buffer.action, {n, 1}, device_),
                    ToTensor(buffer.log_probability, {n}, device_),
                    ToTensor(advantage, {n}, device_),
                    ToTensor(target, {n}, device_),
                    ToTensor(buffer.decides, {n}, device_)};

    // advantages and values of order one
    const torch::Tensor count = samples.decides.sum() + 1e-6;
    const torch::Tensor deviation = ((samples.advantage * samples.decides).square().sum() / count).sqrt();
    samples.advantage = samples.advantage / (deviation + 1e-8);
    samples.target = (samples.target - value_mean_) / value_scale_;
    return samples;
  }

  // The value network learns numbers of mean 0 and variance 1; the first round tells which.
  void NormalizeValues(const RolloutBuffer& buffer) {
    value_mean_ = buffer.target.mean();
    value_scale_ = std::sqrt((buffer.target - buffer.target.mean()).square().mean()) + 1e-6;
  }

  // False when something was not finite; `parts` become means over the steps.
  bool Learn(const RolloutBuffer& buffer, LossParts& parts) {
    if (num_updates_ == 0) NormalizeValues(buffer);
    const Samples samples = MakeSamples(buffer);
    for (auto& group : optimizer_->param_groups()) group.options().set_lr(learning_rate());

    std::vector<int64_t> order(Index(buffer.num_samples()));
    std::iota(order.begin(), order.end(), 0);
    RandomStream stream = random_.Stream("minibatches").At(Index(num_updates_));
    const size_t size = std::min(Index(config_.minibatch_size), order.size());
    int num_steps = 0;
    for (int epoch = 0; epoch < config_.num_epochs; ++epoch) {
      Shuffle(stream, order);
      for (size_t first = 0; first + size <= order.size(); first += size, ++num_steps) {
        if (!Step(samples, std::span(order).subspan(first, size), parts)) return false;
      }
    }
    for (double& part : parts) part /= num_steps;
    return true;
  }

  static void Shuffle(RandomStream& stream, std::vector<int64_t>& order) {
    for (size_t left = order.size(); left > 1; --left) {
      std::swap(order[left - 1], order[Index(stream.UniformInt(static_cast<int>(left)))]);
    }
  }

  bool Step(const Samples& samples, std::span<const int64_t> minibatch, LossParts& parts) {
    std::array<LossParts, kNumShards> shard_parts = {};
    const size_t size = minibatch.size() / kNumShards;
    const auto loss = [&](int shard) {
      const torch::Tensor index =
          ToTensor(minibatch.subspan(Index(shard) * size, size), {static_cast<int64_t>(size)}, device_);
      return Loss(samples.At(index), shard_parts[Index(shard)]);
    };
    if (!StepAlongGradient(loss, parameters(), config_.max_gradient_norm, num_threads_, *optimizer_)) return false;
    for (const LossParts& shard : shard_parts) {
      for (size_t i = 0; i < parts.size(); ++i) parts[i] += shard[i] / kNumShards;
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

  static size_t Index(int i) { return static_cast<size_t>(i); }

  PpoConfig config_;
  Random random_;
  int num_threads_;
  torch::Device device_;
  TrainingEnv env_;
  NetworkModel model_;
  Selection selection_;
  Eigen::ArrayXf
      cost_scale_;  // costs are learned as multiples of what the untrained policy pays  [money/period] (num_sites)
  Mlp policy_ = nullptr;
  Mlp value_ = nullptr;
  FastNetwork value_network_;  // value_ for acting
  std::unique_ptr<torch::optim::Adam> optimizer_;
  double value_mean_ = 0;
  double value_scale_ = 1;
  int num_updates_ = 0;
  int64_t num_periods_ = 0;
  double mean_cost_ = 0;  // of the last round
  double last_selection_cost_ = NAN;
};

}  // namespace

std::unique_ptr<Learner> MakePpo(const PpoConfig& config, const TrainingWorld& world, const Random& random,
                                 int num_threads) {
  return std::make_unique<Ppo>(config, world, random, num_threads);
}

}  // namespace restock
