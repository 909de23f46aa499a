#pragma once

#include <memory>

#include "common/random.h"
#include "env/demand_source.h"

namespace restock {

/// Shares each scenario of `demand` among `group_size` neighbouring environments, so that what differs between them is
/// due to their actions and not to luck. Scenario s of this source is scenario order[s / group_size] of `demand`, in an
/// order drawn from `random`; environments that take their scenarios one after the other go through all of them before
/// any comes again.
std::unique_ptr<DemandSource> MakeGroupedDemand(std::shared_ptr<const DemandSource> demand, int group_size,
                                                const Random& random);

}  // namespace restock
