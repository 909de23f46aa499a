#pragma once

#include <string>
#include <vector>

#include "experiments/experiment_config.h"

namespace restock {

/// An experiment of seconds: two warehouses and two products behind one centre, generated sales, classical forecasts
/// and rules.
inline const std::string kTinyExperiment = R"(
seed: 3
data:
  generate: {num_warehouses: 2, num_skus: 2, num_periods: 84}
  holdout_periods: 14
forecaster: {model: exponential_smoothing}
scenarios: {train: 32, select: 16, test: 24, num_periods: 14}
network:
  locations:
    - {name: central, holding_cost: 0.02, unit_value: 4, initial_cover: 6}
    - {name: "*", holding_cost: 0.06, stockout_cost: 7, unit_value: 4, initial_cover: 3}
  lanes:
    - {from: supplier, to: central, lead_time: 2, unit_cost: 4}
    - {from: central, to: "*", lead_time: 1}
baselines: [base_stock, forecast_quantile, lp]
evaluation: {num_lp_scenarios: 2}
)";

inline ExperimentConfig TinyExperiment(const std::vector<std::string>& overrides = {}) {
  return ReadExperimentConfig(ParseConfig(kTinyExperiment, "tiny.yaml", overrides), "tiny");
}

}  // namespace restock
