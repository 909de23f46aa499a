#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/config_node.h"
#include "common/random.h"
#include "forecasting/calibrated_forecaster.h"
#include "forecasting/cleaning.h"
#include "forecasting/cold_start.h"
#include "forecasting/forecaster.h"
#include "forecasting/neural/config.h"
#include "forecasting/transform.h"

namespace restock {

/// The `forecaster:` block of a configuration.
struct ForecasterConfig {
  std::string model = "lstm";  // one of ForecasterModels()
  std::vector<std::string> members = {"lstm", "lstm",
                                      "lstm"};  // of model `blend`; equal networks differ in their seeds
  int horizon = 14;  // periods ahead that the model learns to predict; further ones are extrapolated
  CalibrationConfig calibration;
  TransformKind transform = TransformKind::kNone;  // of the demand that models of one series see
  ColdStartConfig cold_start = {};                 // of products without a past
  CleaningConfig cleaning = {};                    // of the demand that the model sees: data.missing, data.outliers
  std::map<std::string, NeuralConfig> neural;      // by network; one that is missing has its defaults
};

/// What `model` may be.
std::vector<std::string> ForecasterModels();
ForecasterConfig ReadForecasterConfig(ConfigNode forecaster);

/// A forecaster that is not fitted yet. Equal `random` gives equal forecasts. Throws ConfigError when the model needs
/// LibTorch and this program was built without it.
std::unique_ptr<Forecaster> MakeForecaster(const ForecasterConfig& config, const Random& random);

}  // namespace restock
