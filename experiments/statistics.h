#pragma once

#include <optional>
#include <span>
#include <vector>

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

/// Percentile interval of the mean of `blocks`, each the sum over values that depend on one another (one scenario):
/// blocks are drawn with replacement (Efron & Tibshirani 1993, chapters 8 and 13). Too narrow for few blocks.
Interval BlockBootstrap(std::span<const double> blocks, double confidence, int num_resamples, const Random& random);

/// A mean split in several ways, by warehouse and by product say: a list of values for each way, whose mean it is.
using Groupings = std::vector<std::vector<double>>;
/// The squared standard errors of all groupings add up (as Cameron, Gelbach & Miller 2011, section 2.2, who take the
/// part that is counted twice off again: without that the error is never too small).
double StandardError(const Groupings& groupings);
/// Student's interval with this error, its degrees of freedom after Satterthwaite (1946); the textbook's for one
/// grouping. None where no grouping has two values.
std::optional<Interval> StudentInterval(const Groupings& groupings, double confidence);

/// Interval of the mean of independent values: Student's for fewer than 30, for more the bootstrap's.
std::optional<Interval> MeanInterval(const std::vector<double>& values, double confidence, int num_resamples,
                                     const Random& random);

}  // namespace restock
