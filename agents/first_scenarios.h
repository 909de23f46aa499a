#pragma once

#include <memory>

#include "env/demand_source.h"

namespace restock {

/// The first `num_scenarios` scenarios of a source, or all where it has fewer.
std::unique_ptr<DemandSource> FirstScenarios(std::shared_ptr<const DemandSource> demand, int num_scenarios);

}  // namespace restock
