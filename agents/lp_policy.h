#pragma once

#include <memory>

#include "agents/policy.h"

namespace restock {

/// Plans with a linear program over the coming periods as if demand were its forecast, acts on the first period, and
/// plans again in the next.
struct LpPolicyConfig {
  int horizon = 14;            // periods planned ahead, the present one among them; at least the longest lead time + 1
  double service_level = 0.9;  // quantile of demand over the protection periods that a store's stock should cover
  double central_service_level = 0.9;  // the same for sites that feed others
};

/// A plan on mean demand alone would meet an average day and lose sales on every other, so each site is also asked to
/// keep a safety stock at every period's end: the forecast's quantile at the service level minus its mean, over the
/// protection periods, softly (a shortfall costs half a stockout). A site that feeds others keeps what its echelon
/// needs beyond the safety stocks below it. Without limits in the way, the plan is then the classical order-up-to rule.
/// The service levels are tuned by simulation like the other rules' parameters.
///
/// The program is solved warm from the last period's basis, kept in PolicyMemory per environment. Costs carry a tiny
/// fixed perturbation, so that the optimum is unique and the same from any basis. Orders are rounded to whole units, up
/// from a half. Reads context.demand.scenario_set()'s path means; beyond path_horizon the last known period of the same
/// phase of the week is repeated.
std::unique_ptr<Policy> MakeLpPolicy(std::shared_ptr<const Network> network, const LpPolicyConfig& config);

}  // namespace restock
