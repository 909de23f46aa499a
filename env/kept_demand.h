#pragma once

#include <memory>

#include "env/demand_source.h"

namespace restock {

/// The demand of `source` in its first kBlockSize scenarios, drawn once and kept: where many policies are simulated on
/// the same demand, drawing it again costs more than the simulation. Forecasts are those of `source`.
std::unique_ptr<DemandSource> KeepDemand(std::shared_ptr<const DemandSource> source, const Network& network);

}  // namespace restock
