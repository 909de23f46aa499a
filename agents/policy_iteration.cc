#include "agents/policy_iteration.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "agents/learner_suits.h"
#include "agents/order_comparison.h"
#include "agents/single_site_learner.h"
#include "common/parallel.h"

namespace restock {
namespace {

constexpr int kNumChains = 4 * kBlockSize;  // paths on which states are met
constexpr int kWarmUp = 60;                 // periods before the first state is taken
constexpr int kSpacing = 4;                 // periods from one state of a chain to the next
constexpr int kTuningPeriods = 400;         // of the first policy's level

class PolicyIteration : public SingleSiteLearner {
 public:
  PolicyIteration(const PolicyIterationConfig& config, const TrainingWorld& world, const Random& random,
                  int num_threads)
      : SingleSiteLearner({.name = "policy_iteration",
                           .num_updates = config.num_updates,
                           .select_every = 1,
                           .hidden_layers = config.hidden_layers,
                           .activation = config.activation,
                           .roundings = {0.5}},
                          world, random, num_threads),
        config_(config) {}

 private:
  std::vector<std::pair<std::string, double>> values() const override {
    return {{"changed_share", changed_share_}, {"loss", loss_}};
  }
  void SaveMore(SectionFileWriter&) const override {}
  void LoadMore(const SectionFileReader&) override {}

  bool Learn() override {
    const StatePolicyFunction policy = num_updates() == 0 ? BestBaseStock() : OfNetwork(model_);
    const SingleSite::States states = MeetStates(policy);
    const Eigen::ArrayXf best = BestOrders(policy, states);
    changed_share_ = (best != policy(states)).cast<double>().mean();
    return Fit(states, best);
  }

  // --- policies ------------------------------------------------------------------------------------------------------

  StatePolicyFunction OfNetwork(NetworkModel model) const {
    return [this, model = std::move(model)](const SingleSite::States& states) -> Eigen::ArrayXf {
      Eigen::MatrixXf inputs;
      site_.Encode(model, states, inputs);
      Eigen::MatrixXf outputs(inputs.rows(), 1);
      model.network.Evaluate(inputs, outputs);
      return (site_.mean_demand * Softplus(outputs.col(0).array()) + model.rounding).floor();
    };
  }

  static StatePolicyFunction BaseStock(float level) {
    return [level](const SingleSite::States& states) -> Eigen::ArrayXf {
      return (level - states.rowwise().sum()).max(0.f);
    };
  }

  // The first generation's: the base-stock policy that costs least on some paths.
  StatePolicyFunction BestBaseStock() const {
    const auto lowest = static_cast<int>(site_.forecast_mean - site_.spread);
    const auto highest = static_cast<int>(site_.forecast_mean + 4 * site_.spread);
    int best = lowest;
    double least = INFINITY;
    for (int level = lowest; level <= highest; ++level) {
      SingleSite::States states = FirstStates(kBlockSize);
      const double cost = Simulate(BaseStock(static_cast<float>(level)), kTuningPeriods, states, [](int) {});
      if (cost >= least) continue;
      least = cost;
      best = level;
    }
    return BaseStock(static_cast<float>(best));
  }

  // --- states --------------------------------------------------------------------------------------------------------

  SingleSite::States FirstStates(int num_paths) const {
    SingleSite::States states = SingleSite::States::Zero(num_paths, site_.num_columns());
    states.col(0) = site_.initial_level;
    return states;
  }

  // Mean cost of a period; `before(period)` is called when each begins.
  template <class Before>
  double Simulate(const StatePolicyFunction& policy, int num_periods, SingleSite::States& states, Before before) const {
    std::vector<float> asked(Index(static_cast<int>(states.rows())));
    Eigen::ArrayXf left;
    double cost = 0;
    for (int period = 0; period < num_periods; ++period) {
      before(period);
      Draw(int64_t{num_updates()} * kNumChains, num_periods, period, asked);
      const Eigen::Map<const Eigen::ArrayXf> demand(asked.data(), states.rows());
      cost += site_.Step(policy(states), demand, states, left).cast<double>().mean() / num_periods;
    }
    return cost;
  }

  // States that the policy comes to, where some of its orders are replaced by others so that it also leaves its way.
  SingleSite::States MeetStates(const StatePolicyFunction& policy) {
    RandomStream stream = random().Stream("states").At(Index(num_updates()));
    const StatePolicyFunction wandering = [&](const SingleSite::States& states) {
      Eigen::ArrayXf orders = policy(states);
      for (float& order : orders) {
        if (stream.Uniform() >= config_.random_share) continue;
        const int shift = stream.UniformInt(2 * config_.first_reach + 1) - config_.first_reach;
        order = std::max(order + static_cast<float>(shift), 0.f);
      }
      return orders;
    };
    SingleSite::States met(config_.num_states, site_.num_columns());
    SingleSite::States states = FirstStates(kNumChains);
    const int num_visits = (config_.num_states + kNumChains - 1) / kNumChains;
    const int num_periods = kWarmUp + num_visits * kSpacing;
    mean_cost_ = Simulate(wandering, num_periods, states, [&](int period) {
      if (period < kWarmUp || (period - kWarmUp) % kSpacing != 0) return;
      const int first = (period - kWarmUp) / kSpacing * kNumChains;
      const int count = std::min(kNumChains, config_.num_states - first);
      met.middleRows(first, count) = states.topRows(count);
    });
    num_periods_ += int64_t{num_periods} * kNumChains;
    return met;
  }

  // --- comparing -----------------------------------------------------------------------------------------------------

  Eigen::ArrayXf BestOrders(const StatePolicyFunction& policy, const SingleSite::States& states) {
    const int reach = num_updates() == 0 ? config_.first_reach : config_.reach;
    const Eigen::ArrayXf usual = policy(states);
    const OrderComparison comparison(site_, policy, config_.horizon);
    Eigen::ArrayXf best(states.rows());
    const int most_paths = 2 * (2 * reach + 1) * config_.first_rollouts;  // that a state may take
    ParallelFor(static_cast<int>(states.rows()), num_threads(), [&](int i) {
      const int64_t state_number = int64_t{num_updates()} * config_.num_states + i;
      const PathDemand demand = [&](int period, int first_path, std::span<float> paths) {
        Draw(state_number * most_paths + first_path, config_.horizon, period, paths);
      };
      std::vector<int> orders;
      const auto middle = static_cast<int>(usual[i]);
      for (int order = std::max(middle - reach, 0); order <= middle + reach; ++order) orders.push_back(order);
      const Eigen::ArrayXf state = states.row(i).transpose();
      best[i] = static_cast<float>(comparison.BestOrder({state.data(), Index(static_cast<int>(state.size()))}, orders,
                                                        config_.first_rollouts, demand));
    });
    return best;
  }

  // --- learning ------------------------------------------------------------------------------------------------------

  // Cross-entropy of the best orders, with probabilities that fall off with the squared distance from the network's.
  bool Fit(const SingleSite::States& states, const Eigen::ArrayXf& best) {
    optimizer_ = AdamState(model_.network.parameters().size());
    const auto num_states = static_cast<int>(states.rows());
    const int size = std::min(config_.minibatch_size, num_states);
    const int steps_per_epoch = num_states / size;
    Eigen::MatrixXf inputs;
    site_.Encode(model_, states, inputs);
    std::vector<Eigen::Index> order(Index(num_states));
    std::iota(order.begin(), order.end(), Eigen::Index{0});
    RandomStream stream = random().Stream("minibatches").At(Index(num_updates()));
    for (int epoch = 0; epoch < config_.num_epochs; ++epoch) {
      for (int i = num_states - 1; i > 0; --i) std::swap(order[Index(i)], order[Index(stream.UniformInt(i + 1))]);
      loss_ = 0;
      for (int step = 0; step < steps_per_epoch; ++step) {
        const auto batch = std::span(order).subspan(Index(step * size), Index(size));
        const std::vector<Eigen::Index> rows(batch.begin(), batch.end());
        const double done = (epoch + static_cast<double>(step) / steps_per_epoch) / config_.num_epochs;
        if (!FitStep(inputs(rows, Eigen::all), best(rows), config_.learning_rate * (1 - done))) return false;
      }
      loss_ /= steps_per_epoch;
    }
    return true;
  }

  bool FitStep(const Eigen::MatrixXf& inputs, const Eigen::ArrayXf& best, double learning_rate) {
    NetworkTrace trace = {inputs};
    TraceForward(model_.network, trace);
    const Eigen::ArrayXf outputs = trace.back().col(0);
    const Eigen::ArrayXf mean = site_.mean_demand * Softplus(outputs);

    // of the whole orders around, 0 and more; further ones have no probability to speak of
    const auto share = 1 / static_cast<float>(best.size());
    Eigen::ArrayXf slope(best.size());
    const double variance = config_.sigma * config_.sigma;
    const auto width = static_cast<int>(std::ceil(5 * config_.sigma));
    for (Eigen::Index i = 0; i < best.size(); ++i) {
      const auto around = static_cast<int>(mean[i]);
      const auto weight = [&](double order) {
        return std::exp(-0.5 * std::pow(order - static_cast<double>(mean[i]), 2) / variance);
      };
      double total = 0, expected = 0;
      for (int order = std::max(around - width, 0); order <= around + width; ++order) {
        total += weight(order);
        expected += order * weight(order);
      }
      const auto target = static_cast<double>(best[i]);
      loss_ += static_cast<double>(share) *
               (std::log(total) + 0.5 * std::pow(target - static_cast<double>(mean[i]), 2) / variance);
      slope[i] = share * static_cast<float>((expected / total - target) / variance);
    }
    Eigen::MatrixXf output_slope = slope * site_.mean_demand / (1.f + (-outputs).exp());
    std::vector<float> gradient(model_.network.parameters().size());
    TraceBackward(model_.network, trace, output_slope, gradient);
    return optimizer_.Step(gradient, learning_rate, config_.max_gradient_norm, model_.network);
  }

  PolicyIterationConfig config_;
  double changed_share_ = 0;  // of the states of the last generation in which another order is better
  double loss_ = 0;           // of the last epoch
};

}  // namespace

std::unique_ptr<Learner> MakePolicyIteration(const PolicyIterationConfig& config, const TrainingWorld& world,
                                             const Random& random, int num_threads) {
  CheckPolicyIteration(*world.network, world.train->has_fixed_forecasts(), world.horizon);
  return std::make_unique<PolicyIteration>(config, world, random, num_threads);
}

}  // namespace restock
