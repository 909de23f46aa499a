#pragma once

#include <string>

#include <Eigen/Core>

#include "agents/learner.h"
#include "agents/policy.h"

namespace restock {

/// Orders each site up to the quantile, at a given service level, of the demand that the forecast of the day expects
/// over the protection periods: the newsvendor's rule on a moving forecast. One service level for the stores, one for
/// the sites that feed them; both stand as normal scores, so that they may pass the highest quantile forecast.
class ForecastQuantilePolicy : public Policy {
 public:
  ForecastQuantilePolicy(double store_score, double central_score)
      : store_score_(store_score), central_score_(central_score) {}

  const std::string& name() const override { return name_; }
  double store_score() const { return store_score_; }
  double central_score() const { return central_score_; }
  /// tau = Phi(score): 0.95 for 1.645.
  double store_service_level() const;
  double central_service_level() const;
  /// The score that counts for a site.
  double ScoreOf(const Network& network, int site) const;
  void Act(const DecisionContext& context, PolicyMemory* memory, std::span<float> orders) const override;

 private:
  std::string name_ = "forecast_quantile";
  double store_score_;    // z of tau at sites with demand of their own
  double central_score_;  // z of tau at sites that only feed others
};

/// Demand at the normal score `z` of its distribution: linear in z between the forecast's median and quantiles; beyond
/// the highest and below the median by the spread on that side, never below zero. One column of the six quantiles per
/// row.  (num_rows)
Eigen::ArrayXf QuantileAtScore(const Eigen::Ref<const Eigen::MatrixXf>& quantiles, double z);

/// The service levels that cost least on the train scenarios, by common random numbers.
ForecastQuantilePolicy TuneForecastQuantile(const TrainingWorld& world, int num_threads);

/// The levels that `policy` orders up to, averaged over the paths and periods of `scenarios`.  [unit] (num_sites)
Eigen::ArrayXf MeanLevels(const ForecastQuantilePolicy& policy, const Network& network, const ScenarioSet& scenarios);

}  // namespace restock
