#pragma once

#include <memory>
#include <vector>

#include "common/random.h"
#include "env/demand_process.h"
#include "env/demand_source.h"
#include "env/normal_scores.h"

namespace restock {

/// Demand by the processes of the sites that sell, for the simulator. The numbers of (random, scenario, period, site)
/// are the same on any thread and in any order; a larger random number gives larger demand.
///
/// Forecasts are the processes' own: where demand is independent and the same in every period, exact; else the first
/// two moments are (with the correlation of what comes before rounding and clipping), and the quantiles are those of
/// TotalDemand. The state of a Markov chain is seen at the decision, before the demand that it brings (Song & Zipkin
/// 1993, "Inventory control in a fluctuating demand environment").
///
/// `processes`: is_none() where a site has no demand of its own (num_sites). `correlation`: of the sites that sell, in
/// their order, of a Gaussian copula; empty: independent.
std::unique_ptr<DemandSource> MakeProcessSource(const Network& network, std::vector<DemandProcess> processes,
                                                const CorrelationMatrix& correlation, int num_periods,
                                                const Random& random);

}  // namespace restock
