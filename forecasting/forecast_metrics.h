#pragma once

#include <vector>

#include <Eigen/Core>

#include "common/demand.h"
#include "forecasting/forecaster.h"

namespace restock {

/// How good forecasts were, over all series, periods and origins that were scored. Definitions as in the M4, M5 and
/// GluonTS papers' code.
struct ForecastScores {
  double wape = 0;  // sum |y - q0.5| / sum |y|
  double bias = 0;  // sum (mean - y) / sum y: above zero the forecast is too high
  double mase = 0;  // mean of |y - q0.5| over the mean absolute seasonal difference of the series' past
  double rmsse =
      0;  // mean over series of sqrt(mean (y - mean)^2 / mean squared first difference of the past from its first sale)
  double weighted_quantile_loss = 0;  // mean over q = 0.1 ... 0.9 of 2 sum pinball loss / sum |y|
  std::vector<double> coverage;       // share of y at or below each quantile level  (num_levels)
  int64_t count = 0;                  // values scored
};

/// Adds up forecasts and what came, origin by origin.
class ForecastScorer {
 public:
  /// `actual`: what came, NaN: not scored  (forecast.num_periods, num_series); `past`: demand before the forecast, NaN:
  /// not known (num_past_periods, num_series), gives the scales of MASE and RMSSE; `season`: m of MASE. A series whose
  /// scale is zero or unknown counts in neither of the two.
  void Add(const Forecast& forecast, const Eigen::MatrixXf& actual, const Eigen::MatrixXf& past, int season);
  /// All values are NaN when nothing was scored.
  ForecastScores Scores() const;

 private:
  void AddQuantileLoss(const Forecast& forecast, int step, int series, float actual);

  double absolute_error_ = 0, error_ = 0, absolute_sum_ = 0, sum_ = 0;
  double quantile_loss_ = 0;  // mean over the levels 0.1 ... 0.9, not yet doubled
  double scaled_error_ = 0, scaled_count_ = 0;
  double root_scaled_square_ = 0, root_count_ = 0;
  std::vector<double> covered_;
  int64_t count_ = 0;
};

/// Mean of |y_t - y_(t - season)| over pairs that are both known; NaN where there is none.
double SeasonalDifference(const Eigen::Ref<const Eigen::VectorXd>& past, int season);
/// Mean of (y_t - y_(t - 1))^2 from the first sale above zero on, over pairs that are both known; NaN where there is
/// none.
double SquaredDifference(const Eigen::Ref<const Eigen::VectorXd>& past);

}  // namespace restock
