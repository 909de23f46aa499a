#include "agents/pathwise.h"

#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

#include "agents/joint_pathwise.h"
#include "agents/learner_suits.h"
#include "agents/single_site_learner.h"
#include "common/parallel.h"

namespace restock {
namespace {

constexpr int kPathsAtATime = 2 * kBlockSize;  // together through the network: fixed, so that sums are too

/// What the way back along a bundle of paths needs of a period.
struct PeriodTrace {
  NetworkTrace network;
  Eigen::ArrayXf left;  // after demand
};

class Pathwise : public SingleSiteLearner {
 public:
  Pathwise(const PathwiseConfig& config, const TrainingWorld& world, const Random& random, int num_threads)
      : SingleSiteLearner({.name = "pathwise",
                           .num_updates = config.num_updates,
                           .select_every = config.select_every,
                           .hidden_layers = config.hidden_layers,
                           .activation = config.activation,
                           .roundings = config.roundings},
                          world, random, num_threads),
        config_(config),
        start_(SingleSite::States::Zero(config.num_paths, site_.num_columns())) {
    start_.col(0) = site_.initial_level;
  }

 private:
  std::vector<std::pair<std::string, double>> values() const override { return {{"learning_rate", learning_rate_}}; }
  void SaveMore(SectionFileWriter& file) const override {
    file.AddValues("start states", start_.data(), static_cast<size_t>(start_.size()));
  }
  void LoadMore(const SectionFileReader& file) override {
    const std::vector<float> start = file.GetValues<float>("start states");
    if (std::ssize(start) != start_.size()) throw DataError("the learner was saved with another number of paths.");
    std::copy(start.begin(), start.end(), start_.data());
  }

  bool Learn() override {
    const SingleSite::States kept_start = start_;
    const bool learned = TakeSteps() && std::isfinite(mean_cost_);
    if (!learned) start_ = kept_start;
    return learned;
  }

  // False when a gradient is not finite.
  bool TakeSteps() {
    double cost = 0;
    for (int step = 0; step < config_.steps_per_update; ++step) {
      const int number = num_updates() * config_.steps_per_update + step;
      const double done = number / (static_cast<double>(config_.num_updates) * config_.steps_per_update);
      learning_rate_ = 0.5 * config_.learning_rate * (1 + std::cos(std::numbers::pi * done));
      cost += CostAndGradient(number) / config_.steps_per_update;
      if (!optimizer_.Step(gradient_, learning_rate_, config_.max_gradient_norm, model_.network)) return false;
    }
    num_periods_ += int64_t{config_.steps_per_update} * config_.num_paths * config_.num_periods;
    mean_cost_ = cost;
    return true;
  }

  // The mean cost per period on paths that no step has seen before, and its gradient by the weights.
  double CostAndGradient(int step) {
    const int num_bundles = (config_.num_paths + kPathsAtATime - 1) / kPathsAtATime;
    std::vector<std::vector<float>> gradients(Index(num_bundles));
    std::vector<double> costs(Index(num_bundles));
    ParallelFor(num_bundles, num_threads(), [&](int bundle) {
      const int first = bundle * kPathsAtATime;
      const int count = std::min(kPathsAtATime, config_.num_paths - first);
      gradients[Index(bundle)].resize(model_.network.parameters().size());
      costs[Index(bundle)] = OfBundle(step, first, count, gradients[Index(bundle)]);
    });
    gradient_ = gradients[0];
    for (int bundle = 1; bundle < num_bundles; ++bundle)
      for (size_t i = 0; i < gradient_.size(); ++i) gradient_[i] += gradients[Index(bundle)][i];
    return std::accumulate(costs.begin(), costs.end(), 0.0);
  }

  // The share of the paths `first_path` ... in both.
  double OfBundle(int step, int first_path, int num_paths, std::span<float> gradient) {
    const float weight = 1.f / (static_cast<float>(config_.num_paths) * static_cast<float>(config_.num_periods));
    SingleSite::States states = start_.middleRows(first_path, num_paths);
    std::vector<PeriodTrace> trace(Index(config_.num_periods));

    // forward: the paths that demand and orders make
    Eigen::ArrayXf demand(num_paths);
    double cost = 0;
    for (int period = 0; period < config_.num_periods; ++period) {
      // the next paths begin where these are halfway, so that no warm-up is wasted
      if (period == config_.num_periods / 2) start_.middleRows(first_path, num_paths) = states;
      PeriodTrace& now = trace[Index(period)];
      now.network.resize(1);
      site_.Encode(model_, states, now.network[0]);
      TraceForward(model_.network, now.network);
      Draw(int64_t{step} * config_.num_paths + first_path, config_.num_periods, period,
           {demand.data(), Index(num_paths)});
      const Eigen::ArrayXf orders = site_.mean_demand * Softplus(now.network.back().col(0).array());
      cost += weight * site_.Step(orders, demand, states, now.left).cast<double>().sum();
    }

    // backward: what is left at the end is worth what it cost
    SingleSite::States slope = SingleSite::States::Constant(num_paths, site_.num_columns(), -weight * site_.unit_cost);
    for (int period = config_.num_periods - 1; period >= 0; --period) {
      const PeriodTrace& now = trace[Index(period)];
      const Eigen::ArrayXf order_slope = site_.StepBack(now.left, weight, slope);
      if (period >= config_.num_periods - config_.last_periods) continue;
      const auto sigmoid = 1.f / (1.f + (-now.network.back().col(0).array()).exp());
      Eigen::MatrixXf output_slope = order_slope * site_.mean_demand * sigmoid;
      TraceBackward(model_.network, now.network, output_slope, gradient);
      site_.EncodeBack(model_, output_slope, slope);
    }
    return cost;
  }

  PathwiseConfig config_;
  SingleSite::States start_;     // of the next step's paths  (num_paths, num_columns)
  std::vector<float> gradient_;  // of the last step
  double learning_rate_ = 0;
};

}  // namespace

std::unique_ptr<Learner> MakePathwise(const PathwiseConfig& config, const TrainingWorld& world, const Random& random,
                                      int num_threads) {
  CheckPathwise(*world.network);
  const bool is_steady = world.train->has_fixed_forecasts();
  if (world.horizon > 0 || !SingleSite::WhatElse(*world.network, is_steady).empty())
    return MakeJointPathwise(config, world, random, num_threads);
  return std::make_unique<Pathwise>(config, world, random, num_threads);
}

}  // namespace restock
