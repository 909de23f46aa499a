#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "agents/policy.h"
#include "optimization/replenishment_lp.h"

namespace restock {

/// Plans with a linear program over the coming periods as if demand were its forecast, acts on the first period, and
/// plans again in the next.
struct LpPolicyConfig {
  int horizon = 14;            // periods planned ahead, the present one among them; at least the longest lead time + 1
  double service_level = 0.9;  // quantile of demand over the protection periods that a store's stock should cover
  double central_service_level = 0.9;  // the same for sites that feed others
  bool ends_with_episode = false;  // the horizon is the whole episode: plans end where it does, and what is left then
                                   // is worth its unit_value; otherwise the window rolls
  double discount = 1;             // what is paid a period later counts so many times as much
};

/// A plan on mean demand alone would meet an average day and lose sales on every other, so each site is also asked to
/// keep a safety stock at every period's end: the forecast's quantile at the service level minus its mean, over the
/// protection periods, softly (a shortfall costs half a stockout). A site that feeds others keeps what its echelon
/// needs beyond the safety stocks below it. Without limits in the way, the plan is then the classical order-up-to rule.
/// The service levels are tuned by simulation like the other rules' parameters; at 0.5 or less there are no safety
/// stocks: the program of expected demand.
std::unique_ptr<Policy> MakeLpPolicy(std::shared_ptr<const Network> network, const LpPolicyConfig& config);

/// Plans on several demand paths at once, drawn around the forecast: what is ordered now is the same on all of them,
/// what is ordered later may answer to each (a two-stage stochastic program by sample average approximation, Kleywegt,
/// Shapiro & Homem-de-Mello 2002, solved again in every period). It needs no safety stocks: what is lost on the paths
/// with more demand pays for them.
struct StochasticLpConfig {
  int horizon = 14;  // as above
  int num_scenarios = 20;
  int reduce_from = 0;  // paths drawn, for which num_scenarios of them stand, more or less likely; 0: as many
  uint64_t seed = 1;    // of the paths
  bool ends_with_episode = false;  // as above
  double discount = 1;             // as above
  /// Where paths part; their product divides num_scenarios. Empty: all right after the present, two stages.
  std::vector<DemandBranching> branchings = {};
};

/// `stochastic_lp`; with branchings `multistage_lp`: orders answer to demand only as it becomes known, on a tree of
/// paths (Birge & Louveaux 2011, chapter 2): paths that have not parted share their orders, and the demand before them.
std::unique_ptr<Policy> MakeStochasticLpPolicy(std::shared_ptr<const Network> network,
                                               const StochasticLpConfig& config);

}  // namespace restock
