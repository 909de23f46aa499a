#pragma once

#include <Eigen/Core>

namespace restock {

// Scores of one series' forecast, with the definitions of the papers that they are named after. NaN in `actual` is not
// scored. Where nothing can be scored, or the scale is zero, the score is NaN.
using Values = Eigen::Ref<const Eigen::VectorXd>;

/// MASE: mean |y - f| over the mean |y_t - y_(t - season)| of the past (Hyndman & Koehler 2006; M4).
double AbsoluteScaledError(const Values& actual, const Values& forecast, const Values& past, int season);
/// RMSSE: root of mean (y - f)^2 over the mean squared first difference of the past from its first sale on (M5).
double RootSquaredScaledError(const Values& actual, const Values& forecast, const Values& past);
/// sMAPE in percent, 0 ... 200: mean of 200 |y - f| / (|y| + |f|), 0 where both are 0 (M4).
double SymmetricPercentageError(const Values& actual, const Values& forecast);
/// MAPE in percent, over y that are not 0.
double PercentageError(const Values& actual, const Values& forecast);
/// The forecast with the least expected MAPE under a distribution given by its quantiles at ascending levels: its
/// median with weights 1 / y, between the first and the last level (Gneiting 2011, section 3.1).
double BestForPercentageError(const Values& levels, const Values& quantiles);
/// OWA: mean of both scores relative to those of Naive 2 (M4).
double OverallWeightedAverage(double smape, double mase, double naive_smape, double naive_mase);

/// Pinball loss: q (y - f) where y is above the quantile f, else (1 - q) (f - y).
double PinballLoss(double level, double actual, double quantile);
/// SPL: mean pinball loss over the mean |y_t - y_(t - 1)| of the past from its first sale on (M5 uncertainty).
double ScaledPinballLoss(double level, const Values& actual, const Values& quantile, const Values& past);
/// MSIS: mean of width plus 2 / alpha times what lies outside of the interval, over the scale of MASE (M4).
double ScaledIntervalScore(double alpha, const Values& actual, const Values& low, const Values& high,
                           const Values& past, int season);
/// Share of `actual` inside of the interval, its ends included.
double Coverage(const Values& actual, const Values& low, const Values& high);

/// CRPS of a sample, unbiased for the distribution that it is from: mean |x - y| - sum |x - x'| / (2 S (S - 1))
/// (Ferro 2014). NaN for fewer than two samples.
double FairCrps(Eigen::VectorXd samples, double actual);
/// Energy score of sampled paths (or vectors over series): mean |x - y| - mean |x - x'| / 2 (Gneiting & Raftery 2007).
/// `paths`: (num_samples, num_dimensions)
double EnergyScore(const Eigen::MatrixXd& paths, const Values& actual);
/// Variogram score with equal weights: sum over pairs i < j of (|y_i - y_j|^p - mean |x_i - x_j|^p)^2 (Scheuerer &
/// Hamill 2015). Sees wrong dependence, is blind to a wrong level.
double VariogramScore(const Eigen::MatrixXd& paths, const Values& actual, double power = 0.5);
/// Randomised probability transform of a count: uniform where the distribution is right. `below`, `up_to`:
/// probabilities of less than, and of at most, what came; `uniform`: a draw of [0, 1) (Czado, Gneiting & Held 2009).
double RandomisedTransform(double below, double up_to, double uniform);

}  // namespace restock
