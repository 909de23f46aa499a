#pragma once

#include <span>

#include "common/config_node.h"
#include "common/random.h"
#include "env/markov_chain.h"

namespace restock {

/// How a supplier fails and comes back, by chance in every period.
struct DisruptionConfig {
  double failure_probability = 0;   // of a supplier that delivers: that it does not in the next period
  double recovery_probability = 1;  // of one that does not: that it does in the next period
};

/// Reads `{failure_probability: 0.02, recovery_probability: 0.25}`, or the same as mean numbers of periods in a row,
/// `{mean_up: 50, mean_down: 4}`. Throws ConfigError with file, line, value and cure.
DisruptionConfig ReadDisruption(ConfigNode node);

/// Suppliers that deliver all or nothing: a Markov chain of two states for each, stationary, so that the share of
/// periods with supply is mean_up / (mean_up + mean_down) from the first period on.
class SupplyProcess {
 public:
  SupplyProcess(const DisruptionConfig& config, const Random& random);

  /// Share of an order placed in `period` that can be supplied: 1, or 0 in a disruption.  `share`: [env]
  void Supply(int period, std::span<const int> scenarios, int supplier, float* share) const;
  /// Share of periods with supply.
  double availability() const { return chain_.first()[1]; }

 private:
  MarkovChain chain_;  // state 1: delivers
};

}  // namespace restock
