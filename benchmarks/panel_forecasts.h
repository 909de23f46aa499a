#pragma once

#include <vector>

#include "benchmarks/panel_options.h"
#include "common/demand.h"
#include "forecasting/forecaster_config.h"

namespace restock {

/// Fits the models at each origin, scores what they forecast, and prints a line for each as soon as it is judged:
/// classical ones first, then the others with the interval of their gain over the best classical one.
void JudgeForecasts(const PanelOptions& options, const ForecasterConfig& base, const DemandHistory& history,
                    const std::vector<int>& origins);

}  // namespace restock
