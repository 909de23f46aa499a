#pragma once

#include <string>
#include <vector>

#include "forecasting/calibrated_forecaster.h"

namespace restock {

/// What panel_benchmark was asked for.
struct PanelOptions {
  std::string panel;
  std::vector<std::string> models;
  std::vector<std::string> overrides;
  int horizon = 7, origins = 5, calibration = 0, fits = 1, scenarios = 0, seeds = 1,
      fewest_scores = CalibrationConfig().fewest_scores;
  bool training = false, forms = false;
};

}  // namespace restock
