#pragma once

#include <Eigen/Core>

#include "forecasting/forecaster.h"

namespace restock {

/// Loss of a forecast in each of its periods: twice the pinball loss, mean over the levels 0.1 ... 0.9, sum over
/// series, in units. NaN in `actual` is not scored.  (num_periods)
Eigen::VectorXd LossByPeriod(const Forecast& forecast, const Eigen::MatrixXf& actual);

/// Whether one forecast is better than another on the same periods.
struct ForecastComparison {
  double mean = 0;           // loss of the second less that of the first
  double low = 0, high = 0;  // confidence interval; infinite where there are fewer than two periods
  double relative = 0;       // mean over the first's mean loss
  double chance = 1;         // one-sided: of such a gain of the second where there is none
};

/// The paired test of Diebold & Mariano (1995) with the correction of Harvey, Leybourne & Newbold (1997): losses in
/// periods up to `horizon` apart may hang together (weights of Bartlett, so that the variance is not negative).
ForecastComparison CompareLosses(const Eigen::VectorXd& first, const Eigen::VectorXd& second, int horizon,
                                 double confidence);

}  // namespace restock
