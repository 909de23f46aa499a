#pragma once

#include <memory>
#include <span>

#include <Eigen/Core>

#include "agents/policy.h"
#include "common/demand.h"
#include "env/vector_env.h"

namespace restock {

/// Looks on while a policy is simulated, once before and once after each period.
class SimulationObserver {
 public:
  virtual ~SimulationObserver() = default;
  /// `before`: what the policy saw;  `orders`: what it wanted  [block][lane][env]
  virtual void OnDecision(const VectorEnv& /*env*/, const StepBatch& /*before*/, std::span<const float> /*orders*/) {}
  /// `after`: what came of it.  `period`: the one that has ended
  virtual void OnOutcome(int period, const VectorEnv& env, const StepBatch& after) = 0;
};

/// Runs `policy` once over the first `num_scenarios` paths of `demand`, to their end: environment e meets path e, every
/// policy meets the same ones. Equal bits for any number of threads.
void Simulate(const Policy& policy, const std::shared_ptr<const Network>& network,
              const std::shared_ptr<const DemandSource>& demand, int num_scenarios, int num_threads,
              SimulationObserver& observer);

/// The same for one episode of environments made by the caller, from their reset with seed 0.
void Simulate(const Policy& policy, VectorEnv& env, int num_threads, SimulationObserver& observer);

/// Mean cost of each site per period and scenario: its share of the network's cost, with goods that move between sites
/// paid by the receiver to the sender at the sender's unit_value, so that a site does not see what it orders as free.
/// [money/period] (num_sites)
Eigen::ArrayXd SiteCosts(const Policy& policy, const std::shared_ptr<const Network>& network,
                         const std::shared_ptr<const DemandSource>& demand, int num_threads);

/// What each site decides on: its own cost and that of all it feeds.  `site_cost`: as SiteCosts() gives it
Eigen::ArrayXd EchelonCosts(const Network& network, const Eigen::ArrayXd& site_cost);

}  // namespace restock
