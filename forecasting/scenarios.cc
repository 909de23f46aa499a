#include "forecasting/scenarios.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "common/check.h"

namespace restock {
namespace {

constexpr int kMostOrigins = 4;

ScenarioSet EmptySet(const DemandHistory& history, int num_scenarios, int num_periods, std::vector<int> origins,
                     const std::vector<ForecastTarget>& targets) {
  for (const ForecastTarget& target : targets) {
    RESTOCK_CHECK_GE(static_cast<int>(target.protection_periods.size()), num_periods);
  }
  ScenarioSet paths;
  paths.Resize(num_scenarios, num_periods, history.num_series(), targets);
  paths.calendar = history.calendar.From(*std::max_element(origins.begin(), origins.end()), num_periods);
  paths.origin = std::move(origins);
  return paths;
}

/// The end of the history and the periods whole seasons before it that leave at least four seasons, or half the
/// history, to start from.
std::vector<int> PastOrigins(const DemandHistory& history) {
  const int season = history.calendar.season();
  const int least = std::min(4 * season, history.num_periods() / 2);
  std::vector<int> origins;
  for (int origin = history.num_periods(); origin >= least && static_cast<int>(origins.size()) < kMostOrigins;
       origin -= season) {
    origins.push_back(origin);
  }
  return origins;
}

}  // namespace

ScenarioSet SampleScenarios(const Forecaster& forecaster, const DemandHistory& history, const ScenarioRequest& request,
                            const std::vector<ForecastTarget>& targets, const Random& random) {
  // neighbouring scenarios have different origins, so that the first few of a set represent all
  const std::vector<int> candidates =
      request.past_origins ? PastOrigins(history) : std::vector<int>{history.num_periods()};
  std::vector<int> origins;
  for (int scenario = 0; scenario < request.num_scenarios; ++scenario) {
    origins.push_back(candidates[static_cast<size_t>(scenario) % candidates.size()]);
  }
  ScenarioSet paths = EmptySet(history, request.num_scenarios, request.num_periods, std::move(origins), targets);
  if (request.path_horizon > 0) {
    paths.ResizePathMean(std::min(request.num_path_scenarios, request.num_scenarios), request.path_horizon);
  }
  forecaster.Sample(history, random, paths);
  forecaster.Follow(history, paths);
  return paths;
}

std::vector<ScenarioSet> FollowHeldOut(const Forecaster& forecaster, const DemandHistory& full,
                                       const std::vector<int>& origins, int num_periods, int path_horizon,
                                       const std::vector<ForecastTarget>& targets) {
  std::vector<ScenarioSet> sets;
  for (const int origin : origins) {
    RESTOCK_CHECK_LE(origin + num_periods, full.num_periods());
    ScenarioSet paths = EmptySet(full, 1, num_periods, {origin}, targets);
    if (path_horizon > 0) paths.ResizePathMean(1, path_horizon);
    for (int period = 0; period < num_periods; ++period) {
      for (int series = 0; series < full.num_series(); ++series) {
        paths.Demand(period, series)[0] = full.demand(origin + period, series);
      }
    }
    // the forecaster must know what is not known; the simulator wants a number
    forecaster.Follow(full, paths);
    for (float& demand : paths.demand) demand = std::isnan(demand) ? 0 : demand;
    sets.push_back(std::move(paths));
  }
  return sets;
}

}  // namespace restock
