#pragma once

#include <memory>
#include <vector>

#include "common/config_node.h"
#include "common/count_probabilities.h"
#include "common/random.h"
#include "env/demand_process.h"
#include "env/demand_source.h"
#include "env/evaluation_protocol.h"
#include "env/network.h"
#include "env/normal_scores.h"
#include "env/promotion.h"

namespace restock {

/// A problem of the textbooks: a network, and demand that is known as a distribution instead of from a sales file.
struct Problem {
  std::shared_ptr<const Network> network;
  std::vector<DemandProcess> processes;  // is_none() where a site has no demand of its own  (num_sites)
  CorrelationMatrix correlation;         // of the sites that sell, in their order; empty: independent
  /// Of a period, where it is an independent count with the same distribution in every period; else, and where a site
  /// has no demand of its own, empty.  (num_sites)
  std::vector<CountProbabilities> demand;
  EvaluationProtocol protocol;  // what counts as the cost of a policy
  std::vector<PlannedPromotion> promotions;

  /// Whether policies meet them: an average over the long run does not feel what happens once.
  bool MeetsPromotions() const { return !promotions.empty() && protocol.kind != ProtocolKind::kAverage; }
};

/// Reads a file of configs/problems/: `network:` as in any configuration, and `demand:`, a map or a list of them, with
/// the location that sells and its demand as demand_process.h tells:
///
///   {location: store, kind: poisson, mean: 5}
///
/// `demand_correlation:` correlates the demand of different locations in the same period: one number for all, or a
/// matrix by rows in the order of `demand`. `promotions:` see env/promotion.h; `protocol:` see
/// env/evaluation_protocol.h; what experiments/problem_run.h
/// reads is left to it. Throws ConfigError with file, line, value and cure.
Problem ReadProblem(ConfigNode root);

/// The problem's demand for the simulator, see MakeProcessSource, with the promotions that policies meet.
std::unique_ptr<DemandSource> MakeProblemDemand(const Problem& problem, int num_periods, const Random& random);

}  // namespace restock
