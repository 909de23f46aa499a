#pragma once

#include <string>
#include <vector>

#include "common/config_node.h"
#include "common/random.h"
#include "forecasting/forecaster.h"

namespace restock {

enum class ExplanationMethod { kNone, kShapley, kLime, kIntegratedGradients };

/// The `explain:` block of a configuration.
struct ExplainConfig {
  ExplanationMethod method = ExplanationMethod::kShapley;
  int num_items = 3;               // whose forecasts lie furthest from usual are explained
  std::vector<std::string> items;  // WAREHOUSE/SKU: explain these instead
  int num_evaluations = 128;  // forecasts to compute; exact Shapley values where all coalitions are at most so many
};

ExplainConfig ReadExplainConfig(ConfigNode explain);

/// What one input moved, in units.
struct InputContribution {
  std::string input;
  double contribution = 0;
  double standard_error = 0;  // from sampling
};

/// Why the forecast of one series is what it is: the mean of its sum over the explained periods, in units.
struct ForecastExplanation {
  int series = 0;
  double forecast = 0;
  double baseline = 0;                    // with all inputs as usual, see forecast_inputs.h
  double fidelity = 1;                    // of LIME: R2 of its linear model
  std::vector<InputContribution> inputs;  // the largest first
};

/// Explains the sums of the next `num_periods` periods. `forecaster` is fitted. Throws DataError where an item of the
/// configuration is none of the history, ConfigError where integrated gradients meet a model that is no network.
std::vector<ForecastExplanation> ExplainForecasts(const ExplainConfig& config, const Forecaster& forecaster,
                                                  const DemandHistory& history, int num_periods, const Random& random);

}  // namespace restock
