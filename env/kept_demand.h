#pragma once

#include <memory>

#include "env/demand_source.h"
#include "env/network_state.h"

namespace restock {

/// The demand of `source` in its first `num_scenarios` scenarios (whole blocks of them), drawn once and kept as the
/// simulator reads it: where many policies are simulated on the same demand, drawing it again costs more than the
/// simulation. The environments of a block must meet the scenarios of a block, in turn. Forecasts are those of
/// `source`.
std::unique_ptr<DemandSource> KeepDemand(std::shared_ptr<const DemandSource> source, const Network& network,
                                         int num_scenarios = kBlockSize);

}  // namespace restock
