#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "agents/lp_policy.h"
#include "agents/policy.h"
#include "common/demand.h"
#include "env/network.h"
#include "optimization/shadow_prices.h"

namespace restock {

/// A policy under the name that reports show.
struct NamedPolicy {
  std::string name;              // starts with the algorithm: ppo, ppo_untrained, base_stock, ...
  std::optional<int> seed = {};  // of its training; none for classical rules
  bool is_rule = false;          // a tuned classical rule: learned policies are compared with the best of these
  std::optional<LpPolicyConfig> lp = {};  // of an LP policy: how to make it again
  std::optional<StochasticLpConfig> stochastic_lp = {};
  std::shared_ptr<const Policy> policy = nullptr;
  double training_seconds = 0;  // CPU time of learning it; the mean over all where they could not be told apart
};

/// Demand that policies are judged on: sampled paths, or the demand that really came.
struct EvaluationSet {
  std::string name;                                       // scenarios, held_out
  std::string description;                                // one sentence for the reader of the report
  std::vector<std::shared_ptr<const ScenarioSet>> parts;  // one per origin of held-out demand
  int num_lp_scenarios = 0;  // slow policies and the bound are computed on the first so many scenarios
  /// By part: 1 where demand was seen in full, 0 where it is an estimate (num_periods, num_series). Empty: no such
  /// difference.
  std::vector<Eigen::ArrayXXf> uncensored = {};
  bool is_one_stretch = false;  // the parts are windows of the same days, not new draws

  int num_scenarios() const;
};

/// What a policy paid and served on one scenario.
struct ScenarioOutcome {
  double cost = 0;                            // of the whole network  [money/period]
  std::array<double, kNumCostKinds> parts{};  // by kind; NaN where only some site-days count  [money/period]
  std::vector<double> warehouse_cost;         // by location with demand, the sum is the cost  [money/period]
  std::vector<double> product_cost;           // by SKU, the sum is the cost  [money/period]
  double demand = 0;                          // [unit]
  double sold = 0;                            // [unit]
  double num_site_periods = 0;                // of sites with demand
  double num_short = 0;                       // of these: with a shortage
  double mean_on_hand = 0;  // in the whole network, at the decisions; NaN where only some site-days count  [unit]

  double fill_rate() const { return demand > 0 ? sold / demand : 1; }
  double stockout_share() const { return num_site_periods > 0 ? num_short / num_site_periods : 0; }
  /// Units sold in a year over the mean units on hand.
  double turns(double num_days) const { return mean_on_hand == 0 ? 0 : sold / mean_on_hand * 365.25 / num_days; }
};

struct PolicyOutcome {
  std::string name;
  std::optional<int> seed;
  bool is_rule = false;
  bool is_slow = false;
  std::vector<ScenarioOutcome> scenarios;       // the first so many of the set
  std::vector<ShadowPrice> shadow_prices = {};  // of a linear program's plans, their mean
};

/// All policies on one set of demand, paired: outcome s of each policy met the same demand.
struct SetEvaluation {
  std::string name;
  std::string description;
  int num_scenarios = 0;
  int num_periods = 0;
  int num_lp_scenarios = 0;  // that slow policies and the bound saw
  int days_per_period = 1;
  bool is_one_stretch = false;  // held-out demand: its scenarios are windows of the same days, not new draws
  std::vector<PolicyOutcome> policies = {};
  std::vector<double> bound = {};  // perfect information, of the first num_lp_scenarios; empty: none  [money/period]
  std::vector<ShadowPrice> shadow_prices = {};  // of the bound's plans, their mean
};

using Evaluation = std::vector<SetEvaluation>;

/// Simulates every policy on every set. A set with `uncensored` is reported a second time as NAME_uncensored: holding,
/// shortages and service of site-days with estimated demand are left out, and what was lacking on them is charged at
/// the goods' value, so that serving such a day neither costs nor pays.
Evaluation Evaluate(const std::vector<NamedPolicy>& policies, const std::shared_ptr<const Network>& network,
                    const std::vector<EvaluationSet>& sets, int num_threads);

}  // namespace restock
