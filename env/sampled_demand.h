#pragma once

#include <memory>
#include <vector>

#include "common/distributions.h"
#include "common/random.h"
#include "env/demand_source.h"
#include "env/network.h"

namespace restock {

struct SampledDemandConfig {
  std::vector<CountDistribution> demand;  // of each period; mean 0: none  (num_sites)
  int num_periods = 0;                    // longest episode
  int first_phase = 0;                    // of the order calendars
};

/// Independent counts drawn on the fly, two thousand million scenarios: the numbers of (random, scenario, period, site)
/// are the same on any thread and in any order. Forecasts are the distribution's own mean and quantiles; where a
/// central site sums demand of different kinds, the quantiles are those of the Poisson or negative binomial of the same
/// mean and variance.
std::unique_ptr<DemandSource> MakeSampledSource(const Network& network, const SampledDemandConfig& config,
                                                const Random& random);

}  // namespace restock
