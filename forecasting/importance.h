#pragma once

#include <string>
#include <vector>

#include "forecasting/forecaster.h"

namespace restock {

/// How much a fitted forecaster relies on one of its inputs.
struct InputImportance {
  std::string input;    // a covariate, "holidays", or past demand
  double increase = 0;  // of the weighted quantile loss without the input, relative to the loss with it
};

/// Permutation importance (Breiman 2001; for any model: Fisher, Rudin & Dominici 2019): the values of each covariate
/// are dealt out anew over all periods and series, holidays become common days, the last seven and 28 periods of demand
/// unknown, one at a time, and the last `num_periods` of `history` are forecast from before them. The largest first.
/// Means of `num_repetitions` deals. Empty where nothing can be scored.
std::vector<InputImportance> PermutationImportance(const Forecaster& forecaster, const DemandHistory& history,
                                                   int num_periods, const Random& random, int num_repetitions = 2);

}  // namespace restock
