#pragma once

#include <span>

#include "common/random.h"

namespace restock {

double Mean(std::span<const double> values);
/// With n - 1 in the denominator; 0 for fewer than two values.
double StandardDeviation(std::span<const double> values);
/// Of the mean: standard deviation / sqrt(n).
double StandardError(std::span<const double> values);
/// The mean of the middle half: a quarter of the values is cut off at either end, rounded down (Agarwal et al. 2021,
/// rliable).
double InterquartileMean(std::span<const double> values);
/// The quantile at `level` of the values in ascending order, linear between them (R's type 7).
double SortedQuantile(std::span<const double> sorted, double level);

struct Interval {
  double low = 0;
  double high = 0;
  bool Contains(double value) const { return low <= value && value <= high; }
};

/// Percentile interval of the mean of `blocks`, each the sum over values that depend on one another (one scenario, one
/// warehouse at one origin): blocks are drawn with replacement (Efron & Tibshirani 1993, chapters 8 and 13).
Interval BlockBootstrap(std::span<const double> blocks, double confidence, int num_resamples, const Random& random);

}  // namespace restock
