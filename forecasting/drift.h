#pragma once

#include <string>
#include <vector>

#include "forecasting/backtest.h"

namespace restock {

/// One look at whether what comes is still what the model was fitted on.
struct DriftCheck {
  std::string kind;  // input, error or coverage
  std::string name;  // of the covariate, of the score
  double value = 0;  // what is measured
  double limit = 0;  // beyond it something has changed
  bool alarm = false;
};

/// Population stability index of two samples over ten bins with equal shares of the first: sum of (p - q) log(p / q),
/// above 0.2 by common use a shift (Siddiqi 2006; Kullback & Leibler 1951). NaN is left out; 0 where a sample is empty.
double PopulationStability(std::vector<double> reference, const std::vector<double>& recent);

/// Largest two-sided cumulative sum of a sequence, in standard deviations of its first third, slack half a deviation
/// (Page 1954); above 5 a shift of the mean. 0 for fewer than nine values.
double LargestCumulativeSum(const std::vector<double>& sequence);

/// Inputs: demand over its series' mean and each covariate, the last `recent_periods` beside all before. Errors and
/// coverage: of a backtest's forecasts, period by period, and of its last origin beside the 80 % it should be (five
/// points off is an alarm, or three standard deviations of chance, if that is more).
std::vector<DriftCheck> FindDrift(const DemandHistory& history, const BacktestResult& backtest,
                                  int recent_periods = 28);

}  // namespace restock
