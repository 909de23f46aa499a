#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "agents/policy.h"
#include "common/random.h"
#include "env/evaluation_protocol.h"
#include "env/network_state.h"
#include "env/problem_file.h"
#include "optimization/shadow_prices.h"

namespace restock {

/// What a policy paid and served on one path of demand, over the periods that count.
struct PathCost {
  double cost = 0;                            // by the protocol: per period, or in total  [money/period or money]
  std::array<double, kNumCostKinds> parts{};  // the same by kind; their sum is the cost
  double demand = 0;                          // [unit]
  double sold = 0;                            // from stock, in the period of the demand  [unit]
  double num_short = 0;                       // periods of sites with demand of their own in which they were short
  double num_site_periods = 0;                // all periods of these sites
};

struct CostEstimate {
  double mean = 0;
  double standard_error = 0;  // over paths
};
CostEstimate MeanOf(const std::vector<PathCost>& paths);

/// Measures policies on a problem by a protocol, all of them on the same demand: that of `random`. Equal bits for any
/// number of threads.
class PolicyJudge {
 public:
  /// `keep_demand`: draw it once and keep it in memory, for many policies.
  PolicyJudge(const Problem& problem, const EvaluationProtocol& protocol, const Random& random,
              bool keep_demand = false);

  /// What `policy` pays on each path  (num_runs). `features`: the columns of the observations that it reads (see
  /// env/observation.h); fewer are faster, none stands for all.
  std::vector<PathCost> Judge(const Policy& policy, const std::vector<std::string>& features, int num_threads) const;

  /// What each path would cost at the least if its demand were known, see optimization/perfect_information.h; minus
  /// infinity where no program knows the network.  `prices`, where given: of what is scarce, the mean over paths
  /// (num_paths, at most num_runs)
  std::vector<double> PerfectInformation(int num_paths, int num_threads,
                                         std::vector<ShadowPrice>* prices = nullptr) const;

 private:
  std::shared_ptr<const Network> network_;
  EvaluationProtocol protocol_;
  std::vector<std::shared_ptr<const DemandSource>> demand_;  // by block of paths
};

}  // namespace restock
