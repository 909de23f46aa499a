#pragma once

#include <memory>
#include <vector>

#include "common/demand.h"
#include "common/random.h"
#include "forecasting/forecaster.h"

namespace restock {

/// How many paths, how long, and from where they start.
struct ScenarioRequest {
  int num_scenarios = 64;
  int num_periods = 28;
  bool past_origins =
      false;  // spread over the origins whole seasons back that have enough history; otherwise all start at its end
  int path_horizon = 0;        // periods ahead for policies that plan, 0: none
  int num_path_scenarios = 0;  // for the first so many
};

/// Paths of demand with the forecasts that move along them. `targets`: one per site of the network.
ScenarioSet SampleScenarios(const Forecaster& forecaster, const DemandHistory& history, const ScenarioRequest& request,
                            const std::vector<ForecastTarget>& targets, const Random& random);

/// The demand that really came: `full` is known to its end, the forecaster was fitted on fewer periods. One set, of one
/// path, per origin (periods of `full` before the path begins). Unknown demand on a path (closed days, no record) is
/// zero.
std::vector<ScenarioSet> FollowHeldOut(const Forecaster& forecaster, const DemandHistory& full,
                                       const std::vector<int>& origins, int num_periods, int path_horizon,
                                       const std::vector<ForecastTarget>& targets);

}  // namespace restock
