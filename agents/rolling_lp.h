#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "agents/policy.h"
#include "optimization/replenishment_lp.h"

namespace restock {

/// What a program plans with, of one environment.
struct PlanInput {
  Eigen::MatrixXd demand;            // [unit] (num_periods, num_scenarios * num_sites), scenario by scenario
  std::vector<double> safety_stock;  // [unit] (num_sites); empty: none
  std::vector<double> weights = {};  // of the scenarios (num_scenarios); empty: equal
};

/// Solves a replenishment program at every decision, acts on its present and plans again in the next period.
///
/// The program is solved warm from the last period's basis, kept in PolicyMemory per environment and as it stands, not
/// shifted: only bounds and right-hand sides change. Costs carry a tiny fixed perturbation, so that the optimum is
/// unique and the same from any basis. Of goods that cannot be divided orders are rounded to whole units, up from a
/// half. Where the plan `moves_forward` it ends with the episode; otherwise its window rolls.
class RollingLpPolicy : public Policy {
 public:
  /// One program per independent part of the network.
  RollingLpPolicy(std::string name, std::shared_ptr<const Network> network, ReplenishmentLpOptions options);

  const std::string& name() const override { return name_; }
  bool is_slow() const override { return true; }
  std::unique_ptr<PolicyMemory> MakeMemory(const Network&) const override;
  void Act(const DecisionContext& context, PolicyMemory* memory, std::span<float> orders) const override;

  /// The same, and shows every plan: one per environment and program.
  using PlanWatcher = std::function<void(const ReplenishmentLp&, const ReplenishmentStart&, const LpSolution&)>;
  void Plan(const DecisionContext& context, PolicyMemory* memory, std::span<float> orders,
            const PlanWatcher& watch) const;

 protected:
  /// Of each active environment.
  virtual std::vector<PlanInput> InputsOf(const DecisionContext& context) const = 0;

  const Network& network() const { return *network_; }
  const ReplenishmentLpOptions& options() const { return options_; }
  /// The period of the plan that is now.
  int PresentOf(const DecisionContext& context) const { return options_.moves_forward ? context.period : 0; }
  /// Mean demand by period of the plan as it is known now, zero before: element [env](period, site).
  std::vector<Eigen::MatrixXd> ExpectedDemand(const DecisionContext& context) const;

 private:
  void ReadOrders(const ReplenishmentLp& lp, const ReplenishmentStart& start, const LpSolution& plan, int env,
                  std::span<float> orders) const;

  std::string name_;
  std::shared_ptr<const Network> network_;
  ReplenishmentLpOptions options_;
  std::vector<ReplenishmentLp> programs_;
};

}  // namespace restock
