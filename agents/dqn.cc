#include "agents/dqn.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <torch/nn/functional/loss.h>
#include <torch/optim/adam.h>

#include "agents/gradient_step.h"
#include "agents/networks.h"
#include "agents/policy_file.h"
#include "agents/replay_buffer.h"
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

constexpr const char* kKind = "restock dqn learner";

/// What the action values are made of (Wang et al. 2016): Q(s, a) = V(s) + A(s, a) - mean of A(s, .). V sees the
/// supplier as well.
struct ActionValues {
  Mlp value = nullptr;
  Mlp advantage = nullptr;
  std::vector<torch::Tensor> parameters() const { return {value->flat, advantage->flat}; }
};

class Dqn : public Learner {
 public:
  Dqn(const DqnConfig& config, const TrainingWorld& world, const Random& random, int num_threads)
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
        selection_(world, model_, num_threads),
        buffer_(config.buffer_rounds, env_.spec().num_periods, std::min(config.rows_per_round, env_.num_rows()),
                2 * model_.network.num_inputs()) {
    UseOneThread();
    const auto noise = static_cast<float>(config.exploration_range) / 2;
    const WarmUp warm_up = RunWarmUp(world, NetworkPolicy(model_), noise, random.Stream("warm up"), num_threads);
    model_.input_mean = warm_up.input_mean;
    model_.input_scale = warm_up.input_scale;
    cost_scale_ = warm_up.cost_scale;

    // all networks start equal, the greedy action as the classical rule's: the last layer is small
    online_ = MakeNetworks();
    target_ = MakeNetworks();
    average_ = online_.advantage->flat.detach().clone();
    MakeOptimizer();
    KeepWeights();
  }

  const std::string& name() const override { return model_.name; }
  int num_updates() const override { return num_updates_; }
  int planned_updates() const override { return config_.num_updates; }
  std::shared_ptr<const NetworkPolicy> policy() const override { return selection_.best(); }

  UpdateMetrics Update() override {
    if (num_updates_ == 0) selection_.Offer(model_);
    Collect();
    double loss = 0;
    const bool learned = Learn(loss);
    if (!learned) GoBackToLastGood();
    KeepWeights();
    ++num_updates_;

    const bool selects = num_updates_ % config_.select_every == 0 || num_updates_ == config_.num_updates;
    if (selects) last_selection_cost_ = selection_.Offer(AveragedModel());
    return {.num_periods = num_periods_,
            .values = {{"mean_cost", mean_cost_},
                       {"selection_cost", last_selection_cost_},
                       {"best_selection_cost", selection_.best_cost()},
                       {"loss", loss},
                       {"epsilon", epsilon()},
                       {"learning_rate", learning_rate()}},
            .diverged = !learned};
  }

  void Save(const std::filesystem::path& file) const override {
    SectionFileWriter writer(kKind);
    const std::array<int64_t, 2> counters = {num_updates_, num_periods_};
    const std::vector<float> average = ToFloats(average_);
    writer.AddValues("counters", counters.data(), counters.size());
    writer.AddValues("selection cost", &last_selection_cost_, 1);
    writer.AddValues("cost scale", cost_scale_.data(), static_cast<size_t>(cost_scale_.size()));
    writer.AddValues("average", average.data(), average.size());
    writer.Add("environments", env_.Save());
    AddModel(model_, "model/", writer);
    AddModule(writer, "value", *online_.value);
    AddModule(writer, "advantage", *online_.advantage);
    AddModule(writer, "target value", *target_.value);
    AddModule(writer, "target advantage", *target_.advantage);
    AddAdam(writer, "adam", *optimizer_);
    buffer_.Save(writer);
    selection_.Save(writer);
    writer.Write(file);
  }

  void Load(const std::filesystem::path& file) override {
    const SectionFileReader reader(file, kKind);
    const std::vector<int64_t> counters = reader.GetValues<int64_t>("counters");
    const std::vector<float> cost_scale = reader.GetValues<float>("cost scale");
    const std::vector<float> average = reader.GetValues<float>("average");
    if (counters.size() != 2 || std::ssize(cost_scale) != cost_scale_.size() ||
        std::ssize(average) != average_.numel()) {
      throw DataError(file.string() + ": was saved by a learner of another shape.");
    }
    num_updates_ = static_cast<int>(counters[0]);
    num_periods_ = counters[1];
    last_selection_cost_ = reader.GetValues<double>("selection cost").at(0);
    std::ranges::copy(cost_scale, cost_scale_.begin());
    average_ = ToTensor(average, average_.sizes(), device_);
    env_.Load(reader.Get("environments"));
    model_ = ReadModel("model/", reader);
    LoadModule(reader, "value", *online_.value);
    LoadModule(reader, "advantage", *online_.advantage);
    LoadModule(reader, "target value", *target_.value);
    LoadModule(reader, "target advantage", *target_.advantage);
    LoadAdam(reader, "adam", *optimizer_);
    buffer_.Load(reader);
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

  NetworkModel FirstModel(const TrainingWorld& world) const {
    const int num_inputs = SiteFeatures(env_.spec().features).num_inputs();
    const auto score = static_cast<float>(config_.start_score);
    NetworkModel model{.name = "dqn",
                       .features = env_.spec().features,
                       .input_mean = Eigen::RowVectorXf::Zero(num_inputs),
                       .input_scale = Eigen::RowVectorXf::Ones(num_inputs),
                       .network = FastNetwork(Sizes(num_inputs, config_.grid.num_actions()), config_.activation),
                       .head = Head::kDiscrete,
                       .grid = config_.grid,
                       .store_score = score,
                       .central_score = score,
                       .curvature = static_cast<float>(config_.curvature)};
    if (config_.tune_start) TuneStartScores(world, num_threads_, model);
    return model;
  }

  ActionValues MakeNetworks() const {
    const int num_inputs = model_.network.num_inputs();
    ActionValues networks;
    networks.value = Mlp(Sizes(2 * num_inputs, 1), config_.activation, 0.1, random_.Stream("value network"));
    networks.advantage = Mlp(Sizes(num_inputs, config_.grid.num_actions()), config_.activation, 0.01,
                             random_.Stream("advantage network"));
    networks.value->to(device_);
    networks.advantage->to(device_);
    return networks;
  }

  void MakeOptimizer() {
    optimizer_ = std::make_unique<torch::optim::Adam>(online_.parameters(),
                                                      torch::optim::AdamOptions(config_.learning_rate).eps(1e-5));
  }

  double progress() const { return std::min(1.0, static_cast<double>(num_updates_) / config_.num_updates); }
  double learning_rate() const { return config_.learning_rate * (1 - progress()); }
  double epsilon() const { return config_.first_epsilon + progress() * (config_.last_epsilon - config_.first_epsilon); }

  // The weights learned become those that act; they are finite.
  void KeepWeights() {
    model_.network = online_.advantage->ToFastNetwork();
    last_value_ = ToFloats(online_.value->flat);
  }

  void GoBackToLastGood() {
    const torch::NoGradGuard no_grad;
    online_.value->flat.detach().copy_(ToTensor(last_value_, online_.value->flat.sizes()));
    online_.advantage->flat.detach().copy_(ToTensor(model_.network.parameters(), online_.advantage->flat.sizes()));
    MakeOptimizer();
  }

  NetworkModel AveragedModel() const {
    NetworkModel model = model_;
    model.network.SetParameters(ToFloats(average_));
    return model;
  }

  // --- collecting: one episode in every environment
  // --------------------------------------------------------------------

  void Collect() {
    const EnvSpec& spec = env_.spec();
    const NetworkPolicy policy(model_);
    const std::vector<int> kept = DrawRows();
    buffer_.StartRound();
    Eigen::ArrayXf actions(env_.num_rows()), orders(env_.num_rows()), open(env_.num_rows());
    std::vector<Eigen::MatrixXf> inputs(Index(spec.num_blocks));

    mean_cost_ = 0;
    for (int t = 0; t < spec.num_periods; ++t) {
      ParallelFor(spec.num_blocks, num_threads_, [&](int block) {
        const int rows = spec.block_rows();
        const auto observation = env_.observation(block);
        inputs[Index(block)] = EncodeBlock(policy, observation);
        actions.segment(block * rows, rows) = ChooseActions(policy, inputs[Index(block)], t, block);
        open.segment(block * rows, rows) = observation.col(policy.decoder().periods_to_next_order()).array();
        policy.decoder().Orders(observation, policy.RuleScores(observation), actions.segment(block * rows, rows),
                                orders.segment(block * rows, rows));
      });
      env_.Step({orders.data(), static_cast<size_t>(orders.size())});
      const Eigen::ArrayXf cost = CentredCosts();
      for (int i = 0; i < buffer_.rows_per_round(); ++i) {
        const int row = kept[Index(i)];
        buffer_.inputs(t, i) = inputs[Index(row / spec.block_rows())].row(row % spec.block_rows());
        buffer_.Record(t, i, actions[row], cost[row], open[row] < 0.5f);
      }
      mean_cost_ += env_.mean_cost() / spec.num_periods;
    }

    // where the episode ended; its value is not zero, for the end is only the time limit
    for (int block = 0; block < spec.num_blocks; ++block)
      inputs[Index(block)] = EncodeBlock(policy, env_.next_observation(block));
    for (int i = 0; i < buffer_.rows_per_round(); ++i) {
      const int row = kept[Index(i)];
      buffer_.inputs(spec.num_periods, i) = inputs[Index(row / spec.block_rows())].row(row % spec.block_rows());
    }
    num_periods_ += static_cast<int64_t>(spec.num_periods) * spec.num_envs;
  }

  // Rows of this round that are remembered.
  std::vector<int> DrawRows() const {
    RandomStream stream = random_.Stream("kept rows").At(Index(num_updates_));
    std::vector<int> rows(Index(buffer_.rows_per_round()));
    for (int& row : rows) row = stream.UniformInt(env_.num_rows());
    return rows;
  }

  Eigen::MatrixXf EncodeBlock(const NetworkPolicy& policy, const Eigen::Ref<const Eigen::MatrixXf>& observation) const {
    Eigen::MatrixXf inputs;
    policy.Encode(observation, inputs);
    return WithSupplierInputs(env_.network(), inputs);
  }

  // The greedy action, or with probability epsilon one near it.
  Eigen::ArrayXf ChooseActions(const NetworkPolicy& policy, const Eigen::MatrixXf& inputs, int t, int block) const {
    Eigen::MatrixXf outputs(inputs.rows(), model_.network.num_outputs());
    model_.network.Evaluate(inputs.leftCols(inputs.cols() / 2), outputs);
    Eigen::ArrayXf actions = policy.GreedyActions(outputs);
    RandomStream stream = random_.Stream("actions").Child(Index(num_updates_)).Child(Index(t)).At(Index(block));
    for (float& action : actions) {
      if (stream.Uniform() >= epsilon()) continue;
      const int step = stream.UniformInt(2 * config_.exploration_range + 1) - config_.exploration_range;
      action = std::clamp(action + static_cast<float>(step), 0.f, static_cast<float>(config_.grid.num_actions() - 1));
    }
    return actions;
  }

  // Scaled by what the untrained policy pays; around the mean of the group, which met the same demand.
  Eigen::ArrayXf CentredCosts() const {
    const int block_rows = env_.spec().block_rows();
    Eigen::ArrayXf cost(env_.num_rows());
    for (int row = 0; row < env_.num_rows(); ++row) {
      cost[row] = env_.charge()[Index(row)] / cost_scale_[row % block_rows / kBlockSize];
    }
    Eigen::Map<Eigen::ArrayXXf> groups(cost.data(), env_.group_size(), cost.size() / env_.group_size());
    if (env_.group_size() > 1) groups.rowwise() -= groups.colwise().mean().eval();
    return cost;
  }

  // --- learning ------------------------------------------------------------------------------------------------------

  bool Learn(double& mean_loss) {
    for (auto& group : optimizer_->param_groups()) group.options().set_lr(learning_rate());
    for (int step = 0; step < config_.steps_per_update; ++step) {
      std::array<double, kNumShards> losses = {};
      const auto loss = [&](int shard) {
        RandomStream stream =
            random_.Stream("minibatches").Child(Index(num_updates_)).Child(Index(step)).At(Index(shard));
        return Loss(buffer_.Draw(config_.minibatch_size / kNumShards, config_.num_steps,
                                 static_cast<float>(config_.discount), stream),
                    losses[Index(shard)]);
      };
      if (!StepAlongGradient(loss, online_.parameters(), config_.max_gradient_norm, num_threads_, *optimizer_))
        return false;
      for (const double part : losses) mean_loss += part / kNumShards / config_.steps_per_update;
      FollowOnline();
    }
    return true;
  }

  torch::Tensor Loss(const ReplayBuffer::Sample& sample, double& value) const {
    const int64_t n = sample.inputs.rows();
    const auto inputs = [&](const ReplayBuffer::Inputs& rows) {
      return ToTensor(std::span<const float>(rows.data(), static_cast<size_t>(rows.size())), {n, rows.cols()}, device_);
    };
    const auto column = [&](const std::vector<float>& values) { return ToTensor(values, {n, 1}, device_); };

    // the n-step return, its end valued by the target network at the online network's choice (double Q-learning)
    torch::Tensor wanted;
    {
      const torch::NoGradGuard no_grad;
      const torch::Tensor next = inputs(sample.next_inputs);
      const torch::Tensor choice = Values(online_, next).argmax(1, /*keepdim=*/true);
      const torch::Tensor next_value = Values(target_, next).gather(1, choice);
      wanted = column(sample.discount) * next_value - column(sample.cost);
    }
    const torch::Tensor action = column(sample.action).to(torch::kLong);
    const torch::Tensor predicted = Values(online_, inputs(sample.inputs)).gather(1, action);
    const torch::Tensor loss = torch::nn::functional::smooth_l1_loss(predicted, wanted);
    value = loss.item<double>();
    return loss;
  }

  // Minus the expected cost of each action.  (n, num_actions)
  torch::Tensor Values(const ActionValues& networks, const torch::Tensor& inputs) const {
    const torch::Tensor distance =
        torch::arange(config_.grid.num_actions(), inputs.options()).unsqueeze(0) - config_.grid.middle();
    const torch::Tensor advantage = networks.advantage->forward(inputs.narrow(1, 0, inputs.size(1) / 2));
    return networks.value->forward(inputs) + advantage - advantage.mean(1, /*keepdim=*/true) -
           model_.curvature * distance.square();
  }

  void FollowOnline() {
    const torch::NoGradGuard no_grad;
    target_.value->flat.detach().lerp_(online_.value->flat, config_.target_rate);
    target_.advantage->flat.detach().lerp_(online_.advantage->flat, config_.target_rate);
    average_.lerp_(online_.advantage->flat, config_.average_rate);
  }

  static size_t Index(int i) { return static_cast<size_t>(i); }

  DqnConfig config_;
  Random random_;
  int num_threads_;
  torch::Device device_;
  TrainingEnv env_;
  NetworkModel model_;
  Selection selection_;
  ReplayBuffer buffer_;
  Eigen::ArrayXf
      cost_scale_;  // costs are learned as multiples of what the untrained policy pays  [money/period] (num_sites)
  ActionValues online_;
  ActionValues target_;
  torch::Tensor average_;  // of the advantage network's weights
  std::vector<float> last_value_;
  std::unique_ptr<torch::optim::Adam> optimizer_;
  int num_updates_ = 0;
  int64_t num_periods_ = 0;
  double mean_cost_ = 0;  // of the last round
  double last_selection_cost_ = NAN;
};

}  // namespace

std::unique_ptr<Learner> MakeDqn(const DqnConfig& config, const TrainingWorld& world, const Random& random,
                                 int num_threads) {
  return std::make_unique<Dqn>(config, world, random, num_threads);
}

}  // namespace restock
