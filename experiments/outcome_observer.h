#pragma once

#include <array>
#include <vector>

#include <Eigen/Core>

#include "agents/simulate.h"
#include "experiments/evaluation.h"

namespace restock {

/// Adds up costs and service, scenario by scenario, while a policy is simulated.
class OutcomeObserver : public SimulationObserver {
 public:
  /// `uncensored`: 1 where demand was seen in full (num_periods, num_series), or null. Must outlive this.
  OutcomeObserver(const Network& network, int num_scenarios, const Eigen::ArrayXXf* uncensored);

  void OnDecision(const VectorEnv& env, const StepBatch& before, std::span<const float> orders) override;
  void OnOutcome(int period, const VectorEnv& env, const StepBatch& after) override;

  /// One outcome per scenario: with all site-days, and with those of uncensored demand alone.
  void AppendTo(std::vector<ScenarioOutcome>& all, std::vector<ScenarioOutcome>& uncensored) const;

 private:
  // Sums over the site-days that count, one row per scenario.
  struct Totals {
    Eigen::ArrayXXd warehouse_cost;  // (num_scenarios, num_warehouses)
    Eigen::ArrayXXd product_cost;    // (num_scenarios, num_products)
    Eigen::ArrayXd demand, sold, num_site_periods, num_short;
  };
  void AddSite(int period, int site, int block, const EnvSpec& spec, const StepBatch& after);
  void AddCost(int site, int first, const Eigen::ArrayXd& cost, Totals& totals) const;
  ScenarioOutcome Outcome(const Totals& totals, int scenario) const;

  const Network& network_;
  int num_scenarios_;
  const Eigen::ArrayXXf* uncensored_;
  Eigen::MatrixXd warehouse_share_;  // of a site's cost  (num_sites, num_warehouses)
  std::vector<int> product_;         // of a site, as a column of product_cost  (num_sites)
  int num_periods_ = 0;              // seen so far
  Totals all_;
  Totals counted_;
  Eigen::ArrayXXd cost_by_kind_;  // (num_scenarios, kNumCostKinds)
  Eigen::ArrayXd on_hand_;        // summed over sites and periods  (num_scenarios)
};

}  // namespace restock
