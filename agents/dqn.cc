#include "agents/dqn.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <Eigen/QR>
#include <torch/nn/functional/loss.h>

#include "agents/gradient_step.h"
#include "agents/network_learner.h"
#include "agents/networks.h"
#include "agents/replay_buffer.h"
#include "common/parallel.h"
#include "common/torch/bridge.h"

namespace restock {
namespace {

/// What the action values are made of (Wang et al. 2016): Q(s, a) = V(s) + A(s, a), besides a parabola around the
/// rule's action. V sees the supplier as well; A is a fixed basis over the actions times the advantage network's
/// outputs.
struct ActionValues {
  Mlp value = nullptr;
  Mlp advantage = nullptr;
  std::vector<torch::Tensor> parameters() const { return {value->flat, advantage->flat}; }
};

/// What the advantages of the actions are sums of: polynomials in the level up to `degree`, orthogonal to each other
/// and of mean zero, where no order counts as the lowest level; of degree 0 a column for each action. In units of what
/// the curvature takes off.  (num_actions, num_coefficients)
Eigen::MatrixXf ActionBasis(const LevelGrid& grid, int degree, float curvature) {
  const int num_actions = grid.num_actions();
  Eigen::MatrixXf basis = Eigen::MatrixXf::Identity(num_actions, num_actions);
  if (degree > 0) {
    Eigen::ArrayXf level(num_actions);
    level << -1, Eigen::ArrayXf::LinSpaced(num_actions - 1, -1, 1);
    Eigen::MatrixXf powers(num_actions, degree + 1);
    for (int power = 0; power <= degree; ++power) powers.col(power) = level.pow(power);
    const Eigen::MatrixXf orthogonal =
        powers.householderQr().householderQ() * Eigen::MatrixXf::Identity(num_actions, degree + 1);
    basis = std::sqrt(static_cast<float>(num_actions)) * orthogonal.rightCols(degree);
  }
  basis.rowwise() -= basis.colwise().mean().eval();
  return 2 * curvature * static_cast<float>(grid.reach) * basis;
}

/// The network whose outputs are `basis` times those of `network`: its last layer takes the basis in.
FastNetwork TakeIn(const Eigen::MatrixXf& basis, const FastNetwork& network) {
  std::vector<int> sizes = network.sizes();
  sizes.back() = static_cast<int>(basis.rows());
  const int last = network.num_layers() - 1;
  const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> weights = basis * network.weights(last);
  const Eigen::VectorXf bias = basis * network.bias(last).transpose();

  const auto num_last = static_cast<size_t>(network.weights(last).size() + network.bias(last).size());
  std::vector<float> parameters(network.parameters().begin(),
                                network.parameters().end() - static_cast<ptrdiff_t>(num_last));
  parameters.insert(parameters.end(), weights.data(), weights.data() + weights.size());
  parameters.insert(parameters.end(), bias.data(), bias.data() + bias.size());
  FastNetwork expanded(sizes, network.activation());
  expanded.SetParameters(parameters);
  return expanded;
}

class Dqn : public NetworkLearner {
 public:
  Dqn(const DqnConfig& config, const TrainingWorld& world, const Random& random, int num_threads)
      : NetworkLearner(config, "dqn", Head::kDiscrete, config.curvature, /*noise=*/1, world, random, num_threads),
        config_(config),
        basis_(ActionBasis(config.grid, config.smoothness, static_cast<float>(config.curvature))),
        buffer_(std::max(config.buffer_size, TriesPerPeriod() * RolloutLength()), 2 * model_.network.num_inputs()) {
    // all networks start equal, the greedy action as the classical rule's: the last layer is small
    online_ = MakeNetworks();
    target_ = MakeNetworks();
    average_ = MakeNetworks().advantage;
    StartOptimizer();
  }

 private:
  ActionValues MakeNetworks() const {
    const int num_inputs = model_.network.num_inputs();
    ActionValues networks;
    networks.value = Mlp(Sizes(2 * num_inputs, 1), config_.activation, 0.1, random().Stream("value network"));
    networks.advantage = Mlp(Sizes(num_inputs, static_cast<int>(basis_.cols())), config_.activation, 0.01,
                             random().Stream("advantage network"));
    networks.value->to(device());
    networks.advantage->to(device());
    return networks;
  }

  std::vector<torch::Tensor> parameters() const override { return online_.parameters(); }
  std::vector<torch::Tensor> followers() const override {
    return {target_.value->flat, target_.advantage->flat, average_->flat};
  }
  void WeightsChanged() override { model_.network = TakeIn(basis_, online_.advantage->ToFastNetwork()); }

  NetworkModel Candidate() const override {
    NetworkModel averaged = model_;
    averaged.network = TakeIn(basis_, average_->ToFastNetwork());
    return averaged;
  }

  std::vector<std::pair<std::string, double>> values() const override { return {{"loss", loss_}}; }

  void SaveMore(SectionFileWriter& file) const override { buffer_.Save(file); }
  void LoadMore(const SectionFileReader& file) override { buffer_.Load(file); }

  // --- collecting ----------------------------------------------------------------------------------------------------

  // A decision drawn by chance, whose return is being added up.
  struct Try {
    int place = -1;  // in the buffer, -1: none
    int num_periods = 0;
  };

  void Collect() override {
    const EnvSpec& spec = env_.spec();
    const NetworkPolicy policy(model_);
    std::vector<Try> tries(Index(env_.num_rows()));
    Eigen::ArrayXf actions(env_.num_rows()), orders(env_.num_rows());
    inputs_.resize(Index(spec.num_blocks));

    mean_cost_ = 0;
    for (int t = 0; t < RolloutLength(); ++t) {
      ParallelFor(spec.num_blocks, num_threads(), [&](int block) {
        inputs_[Index(block)] = EncodeBlock(policy, env_.observation(block));
        actions.segment(block * spec.block_rows(), spec.block_rows()) = GreedyActions(policy, inputs_[Index(block)]);
      });
      for (int row = 0; row < env_.num_rows(); ++row) {
        if (tries[Index(row)].num_periods == config_.num_steps) Finish(row, tries[Index(row)]);
      }
      StartTries(policy, t, actions, tries);
      ParallelFor(spec.num_blocks, num_threads(), [&](int block) {
        const auto observation = env_.observation(block);
        const int first_row = block * spec.block_rows();
        policy.decoder().Orders(observation, policy.RuleScores(observation),
                                actions.segment(first_row, spec.block_rows()),
                                orders.segment(first_row, spec.block_rows()));
      });
      env_.Step({orders.data(), static_cast<size_t>(orders.size())});
      AddCosts(tries);
      mean_cost_ += env_.mean_cost() / RolloutLength();
      if (env_.truncated() || t + 1 == RolloutLength()) FinishAll(policy, tries);
    }
    num_periods_ += static_cast<int64_t>(RolloutLength()) * spec.num_envs;
  }

  int RolloutLength() const { return std::min(config_.rollout_length, env_.spec().num_periods); }

  // Where the round or the episode ended: its value is not zero, for the end is only the time limit.
  void FinishAll(const NetworkPolicy& policy, std::vector<Try>& tries) {
    for (int block = 0; block < env_.spec().num_blocks; ++block) {
      inputs_[Index(block)] = EncodeBlock(policy, env_.next_observation(block));
    }
    for (int row = 0; row < env_.num_rows(); ++row) Finish(row, tries[Index(row)]);
  }

  Eigen::ArrayXf GreedyActions(const NetworkPolicy& policy, const Eigen::MatrixXf& inputs) const {
    Eigen::MatrixXf outputs(inputs.rows(), model_.network.num_outputs());
    model_.network.Evaluate(inputs.leftCols(inputs.cols() / 2), outputs);
    return policy.GreedyActions(outputs);
  }

  int TriesPerPeriod() const { return std::max(1, static_cast<int>(config_.exploration_share * env_.num_rows())); }
  // The first of each group of environments is always greedy: the others are measured against it.
  bool IsReference(int row) const { return env_.group_size() > 1 && row % env_.group_size() == 0; }
  auto RowInputs(int row) const {
    const int block_rows = env_.spec().block_rows();
    return inputs_[Index(row / block_rows)].row(row % block_rows);
  }

  // Draws any action for some of the rows.
  void StartTries(const NetworkPolicy& policy, int t, Eigen::ArrayXf& actions, std::vector<Try>& tries) {
    const int block_rows = env_.spec().block_rows();
    const int lowest = config_.smoothness > 0 ? 1 : 0;
    const int num_tries = TriesPerPeriod();
    RandomStream stream = random().Stream("tries").Child(Index(num_updates())).At(Index(t));
    for (int i = 0; i < num_tries; ++i) {
      const int row = DrawRow(i, num_tries, env_.num_rows(), stream);
      const bool is_open = IsOpen(policy, env_.observation(row / block_rows), row % block_rows);
      if (!is_open || IsReference(row)) continue;
      // a return ends where the row departs from the greedy action again
      Finish(row, tries[Index(row)]);
      actions[row] = static_cast<float>(lowest + stream.UniformInt(config_.grid.num_actions() - lowest));
      tries[Index(row)].place = buffer_.Start(RowInputs(row), actions[row]);
    }
  }

  void AddCosts(std::vector<Try>& tries) {
    for (int row = 0; row < env_.num_rows(); ++row) {
      Try& attempt = tries[Index(row)];
      if (attempt.place < 0) continue;
      const int reference = row - row % env_.group_size();
      const float cost = env_.group_size() > 1 ? ScaledCost(row) - ScaledCost(reference) : ScaledCost(row);
      buffer_.AddCost(attempt.place, cost, static_cast<float>(config_.discount));
      ++attempt.num_periods;
    }
  }

  void Finish(int row, Try& attempt) {
    if (attempt.place >= 0) buffer_.Finish(attempt.place, RowInputs(row));
    attempt = {};
  }

  // --- learning ------------------------------------------------------------------------------------------------------

  double Learn() override {
    loss_ = 0;
    for (int step = 0; step < config_.steps_per_update; ++step) {
      std::array<double, kNumShards> losses = {};
      const auto loss = [&](int shard) {
        RandomStream stream =
            random().Stream("minibatches").Child(Index(num_updates())).Child(Index(step)).At(Index(shard));
        return Loss(buffer_.Draw(config_.minibatch_size / kNumShards, stream), losses[Index(shard)]);
      };
      if (!StepAlongGradient(loss, online_.parameters(), config_.max_gradient_norm, num_threads(), *optimizer_))
        return NAN;
      for (const double part : losses) loss_ += part / kNumShards / config_.steps_per_update;
      FollowOnline();
    }
    return loss_;
  }

  torch::Tensor Loss(const ReplayBuffer::Sample& sample, double& value) const {
    const int64_t n = sample.inputs.rows();
    const auto inputs = [&](const ReplayBuffer::Inputs& rows) {
      return ToTensor(std::span<const float>(rows.data(), static_cast<size_t>(rows.size())), {n, rows.cols()},
                      device());
    };
    const auto column = [&](const std::vector<float>& values) { return ToTensor(values, {n, 1}, device()); };

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
    const torch::Tensor loss = torch::nn::functional::huber_loss(
        predicted, wanted, torch::nn::functional::HuberLossFuncOptions().delta(config_.huber_delta));
    value = loss.item<double>();
    return loss;
  }

  // Minus the expected cost of each action.  (n, num_actions)
  torch::Tensor Values(const ActionValues& networks, const torch::Tensor& inputs) const {
    const torch::Tensor coefficients = networks.advantage->forward(inputs.narrow(1, 0, inputs.size(1) / 2));
    const torch::Tensor distance =
        torch::arange(config_.grid.num_actions(), inputs.options()).unsqueeze(0) - config_.grid.middle();
    return networks.value->forward(inputs) + coefficients.matmul(ToTensor(basis_, device()).t()) -
           model_.curvature * distance.square();
  }

  void FollowOnline() {
    const torch::NoGradGuard no_grad;
    target_.value->flat.detach().lerp_(online_.value->flat, config_.target_rate);
    target_.advantage->flat.detach().lerp_(online_.advantage->flat, config_.target_rate);
    average_->flat.detach().lerp_(online_.advantage->flat, config_.average_rate);
  }

  DqnConfig config_;
  Eigen::MatrixXf basis_;  // (num_actions, num_coefficients)
  ReplayBuffer buffer_;
  std::vector<Eigen::MatrixXf> inputs_;  // of all rows now  [block](block_rows, 2 * num_inputs)
  ActionValues online_;
  ActionValues target_;
  Mlp average_ = nullptr;  // of the online advantage network's weights: the policy
  double loss_ = 0;        // mean of the last round
};

}  // namespace

std::unique_ptr<Learner> MakeDqn(const DqnConfig& config, const TrainingWorld& world, const Random& random,
                                 int num_threads) {
  return std::make_unique<Dqn>(config, world, random, num_threads);
}

}  // namespace restock
