#pragma once

#include <vector>

#include <Eigen/Core>

#include "common/demand.h"
#include "forecasting/path_forecaster.h"

namespace restock {

/// How past demand lay in the distributions that were forecast for it: by origin, the randomised probability transform
/// of each step and series as a normal score, standard normal where the forecasts are right (Czado, Gneiting & Held
/// 2009). NaN where demand was not seen in full.  (num_steps, num_series)
using PastScores = std::vector<Eigen::MatrixXf>;

/// Scores of the forecasts that `forecaster`, which is fitted, makes at the origins in [first, last), each up to
/// `num_steps` ahead.
PastScores CollectScores(const PathForecaster& forecaster, const DemandHistory& history, int first, int last,
                         int num_steps);

}  // namespace restock
