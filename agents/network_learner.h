#pragma once

#include <cmath>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <torch/optim/adam.h>
#include <torch/types.h>

#include "agents/learner.h"
#include "agents/learner_config.h"
#include "agents/network_policy.h"
#include "agents/selection.h"
#include "agents/training_env.h"
#include "agents/warm_up.h"
#include "common/file.h"

namespace restock {

/// What all learners of a network have in common: environments, the model that acts and its start as a tuned classical
/// rule, the choice of the best on held-back demand, the way back from divergence, counters, exact saving. An algorithm
/// adds how it collects and how it learns.
class NetworkLearner : public Learner {
 public:
  const std::string& name() const final { return model_.name; }
  int num_updates() const final { return num_updates_; }
  int planned_updates() const final { return config_.num_updates; }
  std::shared_ptr<const Policy> policy() const final { return selection_.best(); }
  UpdateMetrics Update() final;
  void Save(const std::filesystem::path& file) const final;
  void Load(const std::filesystem::path& file) final;

 protected:
  /// A learner of the algorithm `name`, whose network ends in `head`; `curvature`: see NetworkModel. `noise`: spread of
  /// the actions, in grid steps, among which inputs and costs are scaled.
  NetworkLearner(const LearnerConfig& config, const std::string& name, Head head, double curvature, double noise,
                 const TrainingWorld& world, const Random& random, int num_threads);

  // --- the algorithm -------------------------------------------------------------------------------------------------

  /// A round of experience.
  virtual void Collect() = 0;
  /// Steps along gradients. Returns the mean loss; NaN, and stops, when a gradient is not finite.
  virtual double Learn() = 0;
  /// The weights that the optimiser moves, and those that follow them.
  virtual std::vector<torch::Tensor> parameters() const = 0;
  virtual std::vector<torch::Tensor> followers() const { return {}; }
  /// The weights have changed: renews the networks that act.
  virtual void WeightsChanged() = 0;
  /// What the selection may choose; model_ unless another is better.
  virtual NetworkModel Candidate() const { return model_; }
  /// Reported beside the costs.
  virtual std::vector<std::pair<std::string, double>> values() const = 0;
  /// What is saved besides weights and optimiser.
  virtual void SaveMore(SectionFileWriter& file) const = 0;
  virtual void LoadMore(const SectionFileReader& file) = 0;

  // --- words for algorithms ------------------------------------------------------------------------------------------

  /// Of a network with the configured hidden layers.
  std::vector<int> Sizes(int num_inputs, int num_outputs) const;
  /// To be called at the end of a constructor, when parameters() exist.
  void StartOptimizer();
  double progress() const;  // share of the planned updates that is done
  double learning_rate() const { return config_.learning_rate * (1 - progress()); }
  /// The rows of a block as the policy network sees them, and the supplier's beside: (block_rows, 2 * num_inputs).
  Eigen::MatrixXf EncodeBlock(const NetworkPolicy& policy, const Eigen::Ref<const Eigen::MatrixXf>& observation) const;
  /// Whether an order is possible now.
  static bool IsOpen(const NetworkPolicy& policy, const Eigen::Ref<const Eigen::MatrixXf>& observation, int row) {
    return observation(row, policy.decoder().periods_to_next_order()) < 0.5f;
  }
  /// What a row is charged for the last period, as a multiple of what the untrained policy pays at its site.
  float ScaledCost(int row) const;
  static size_t Index(int i) { return static_cast<size_t>(i); }

  int num_threads() const { return num_threads_; }
  torch::Device device() const { return device_; }
  const Random& random() const { return random_; }

 private:
  void Normalize(const WarmUp& warm_up);
  NetworkModel FirstModel(const TrainingWorld& world, const std::string& name, Head head, double curvature) const;
  std::vector<torch::Tensor> AllWeights() const;
  void KeepWeights();
  void GoBackToKeptWeights();

  LearnerConfig config_;
  Random random_;
  int num_threads_;
  torch::Device device_;

 protected:
  TrainingEnv env_;
  NetworkModel model_;  // acts
  std::unique_ptr<torch::optim::Adam> optimizer_;
  double mean_cost_ = 0;     // true cost of the round  [money/period]
  int64_t num_periods_ = 0;  // environment periods seen so far

 private:
  Selection selection_;
  Eigen::ArrayXf cost_scale_;        // what the untrained policy pays  [money/period] (num_sites)
  std::vector<torch::Tensor> kept_;  // the last good weights
  int num_updates_ = 0;
  double last_selection_cost_ = NAN;
};

}  // namespace restock
