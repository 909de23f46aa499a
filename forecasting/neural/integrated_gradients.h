#pragma once

#include <string>
#include <vector>

#include "forecasting/neural/forecaster.h"

namespace restock {

/// What each group of a network's inputs adds to the mean demand of one series, summed over the coming periods.
struct GradientAttribution {
  double baseline = 0;  // the network's mean where all inputs are those of the baseline  [units]
  double value = 0;     // with the inputs as they are
  std::vector<std::string> inputs;
  std::vector<double> contribution;  // [units]
};

/// Integrated gradients (Sundararajan, Taly & Yan 2017): the gradient of the mean with respect to the network's inputs,
/// averaged over `num_steps` points of the straight line from a baseline to the inputs (midpoint rule), times the way.
/// Contributions add up to value minus baseline, up to the error of the rule. In the baseline the level is the mean of
/// the series so far and demand is at its level, covariates are at their mean, and no weekday, holiday or stock-out is
/// told. Closed periods have no demand. Needs LibTorch. Throws ConfigError for likelihoods whose outputs are no mean
/// (student_t, quantile).
GradientAttribution IntegratedGradients(const NeuralForecaster& forecaster, const DemandHistory& history, int series,
                                        int num_periods, int num_steps = 64);

}  // namespace restock
