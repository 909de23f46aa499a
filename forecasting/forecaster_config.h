#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/config_node.h"
#include "common/random.h"
#include "forecasting/forecaster.h"
#include "forecasting/lstm_config.h"

namespace restock {

/// The `forecaster:` block of a configuration.
struct ForecasterConfig {
  std::string model = "lstm";  // one of ForecasterModels()
  int horizon = 14;            // periods ahead that the model learns to predict; further ones are extrapolated
  LstmConfig lstm;
};

/// What `model` may be.
std::vector<std::string> ForecasterModels();
ForecasterConfig ReadForecasterConfig(ConfigNode forecaster);

/// A forecaster that is not fitted yet. Equal `random` gives equal forecasts. Throws ConfigError when the model needs
/// LibTorch and this program was built without it.
std::unique_ptr<Forecaster> MakeForecaster(const ForecasterConfig& config, const Random& random);

}  // namespace restock
