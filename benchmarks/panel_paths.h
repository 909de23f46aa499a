#pragma once

#include <map>
#include <string>

#include "benchmarks/panel_options.h"
#include "forecasting/calibrated_forecaster.h"

namespace restock {

/// Sums of scores of paths: smaller is better. Demand counts in units of its series' mean absolute demand.
struct PathScores {
  double energy_days = 0, energy_skus = 0, variogram_days = 0, variogram_skus = 0;
  double crps_7 = 0, crps_14 = 0, crps_warehouse = 0;
  double count = 0, days = 0, skus = 0, sums_7 = 0, sums_14 = 0, warehouses = 0;
};

/// Adds the scores of paths drawn by each method from one origin.
void AddPaths(const PanelOptions& options, const DemandHistory& history, int origin, CalibratedForecaster& forecaster,
              std::map<std::string, PathScores>& scores);
void PrintPaths(const PanelOptions& options, const std::map<std::string, PathScores>& scores);

}  // namespace restock
