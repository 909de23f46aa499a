#pragma once

#include <memory>
#include <string>

#include <Eigen/Core>

#include "agents/fast_network.h"
#include "agents/level_grid.h"
#include "agents/policy.h"
#include "agents/site_features.h"

namespace restock {

/// How a network's outputs become an action.
enum class Head : int32_t {
  kOrdinal,   // the output is the distance, in grid steps, from the rule's action; the action may lie between two
  kDiscrete,  // one output per action: logits or action values; the largest wins
  kOrder,     // the output z is an order of softplus(z) times the mean demand of the coming period
};

/// log(1 + exp(x)), never infinite.
inline Eigen::ArrayXf Softplus(const Eigen::Ref<const Eigen::ArrayXf>& x) {
  return x.max(0.f) + (-x.abs()).exp().log1p();
}

/// Everything a learned policy is, as plain data: what is saved, exported, and acted with.
struct NetworkModel {
  std::string name;                   // ppo, dqn, ...
  std::vector<std::string> features;  // of the observation  (num_features)
  std::vector<int> inputs = {};       // which formulas of site_features.h the network reads, rising; empty: all
  Eigen::RowVectorXf
      input_mean;  // inputs are normalised to mean 0, variance 1 of the training's, and clipped  (num_inputs)
  Eigen::RowVectorXf input_scale;  // 1 / standard deviation  (num_inputs)
  FastNetwork network;             // num_inputs to 1 or more (ordinal, order), or to num_actions (discrete)
  Head head = Head::kOrdinal;
  LevelGrid grid;
  // the classical rule that a network of zeros is: normal scores at sites with and without demand of their own
  float store_score = 0;
  float central_score = 0;
  // discrete head: the squared distance from the rule's action times this is taken off the outputs
  float curvature = 0;
  // order head: an order is rounded down after this is added  [unit]
  float rounding = 0.5f;

  static constexpr float kInputLimit = 5;  // normalised inputs lie in [-5, 5]
};

/// A trained (or not yet trained) network that orders, one for all sites: each site's row gives the order on its first
/// inbound lane, other lanes get none.
class NetworkPolicy : public Policy {
 public:
  /// Throws DataError when the parts do not fit together.
  explicit NetworkPolicy(NetworkModel model);

  const std::string& name() const override { return model_.name; }
  const NetworkModel& model() const { return model_; }
  const SiteFeatures& features() const { return features_; }
  const LevelDecoder& decoder() const { return decoder_; }

  void Act(const DecisionContext& context, PolicyMemory* memory, std::span<float> orders) const override;

  /// Whole units wanted per row, before network feasibility.  `observation`: (rows, num_features), `orders`: (rows)
  void Decide(const Eigen::Ref<const Eigen::MatrixXf>& observation, Eigen::Ref<Eigen::ArrayXf> orders) const;

  /// The levels that these orders aim at.  [unit] (rows)
  Eigen::ArrayXf OrderUpToLevels(const Eigen::Ref<const Eigen::MatrixXf>& observation) const;

  // The steps of Decide(), for learners.
  /// `inputs`: normalised  (rows, num_inputs)
  void Encode(const Eigen::Ref<const Eigen::MatrixXf>& observation, Eigen::MatrixXf& inputs) const;
  /// Of the classical rule.  (rows)
  Eigen::ArrayXf RuleScores(const Eigen::Ref<const Eigen::MatrixXf>& observation) const;
  /// Of ordinal and discrete heads.  `outputs`: of the network  (rows, num_outputs)
  Eigen::ArrayXf GreedyActions(const Eigen::Ref<const Eigen::MatrixXf>& outputs) const;

 private:
  Eigen::MatrixXf Outputs(const Eigen::Ref<const Eigen::MatrixXf>& observation) const;
  /// Of the order head.
  Eigen::ArrayXf DirectOrders(const Eigen::Ref<const Eigen::MatrixXf>& observation) const;

  NetworkModel model_;
  SiteFeatures features_;
  LevelDecoder decoder_;
  int has_own_demand_;
  int forecast_next_;
};

}  // namespace restock
