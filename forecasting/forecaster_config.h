#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/config_node.h"
#include "common/random.h"
#include "forecasting/calibrated_forecaster.h"
#include "forecasting/forecaster.h"
#include "forecasting/neural/config.h"

namespace restock {

/// The `forecaster:` block of a configuration.
struct ForecasterConfig {
  std::string model = "lstm";  // one of ForecasterModels()
  int horizon = 14;            // periods ahead that the model learns to predict; further ones are extrapolated
  CalibrationConfig calibration;
  std::map<std::string, NeuralConfig> neural;  // by network; one that is missing has its defaults
};

/// What `model` may be.
std::vector<std::string> ForecasterModels();
ForecasterConfig ReadForecasterConfig(ConfigNode forecaster);

/// A forecaster that is not fitted yet. Equal `random` gives equal forecasts. Throws ConfigError when the model needs
/// LibTorch and this program was built without it.
std::unique_ptr<Forecaster> MakeForecaster(const ForecasterConfig& config, const Random& random);

}  // namespace restock
