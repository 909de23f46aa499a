#pragma once

#include <span>
#include <vector>

#include "common/distributions.h"

namespace restock {

/// A distribution of counts written out: the probabilities of 0, 1, 2, ... units. They sum to 1.
using CountProbabilities = std::vector<double>;

/// What is left out is below 1e-13 and goes to the last count.
CountProbabilities ProbabilitiesOf(const CountDistribution& distribution);
/// Each count from `low` to `high` equally often.
CountProbabilities UniformProbabilities(int low, int high);
/// A gamma variable rounded to the nearest whole number, halves up. `coefficient_of_variation`: of the gamma variable.
CountProbabilities RoundedGammaProbabilities(double mean, double coefficient_of_variation);
/// A normal variable rounded to the nearest whole number; below zero: zero.
CountProbabilities RoundedNormalProbabilities(double mean, double standard_deviation);
/// Counts of a given mean and variance, which is at least that of the two whole numbers around the mean: a Poisson, or
/// a mixture of two neighbouring binomials, negative binomials or two geometrics (Adan, van Eenige & Resing 1995,
/// "Fitting discrete distributions on the first two moments").
CountProbabilities TwoMomentProbabilities(double mean, double variance);

/// Of the sum of two independent counts, and of `num` independent counts of the same distribution.
CountProbabilities SumOf(std::span<const double> a, std::span<const double> b);
CountProbabilities SumOf(int num, std::span<const double> one);

double MeanOf(std::span<const double> probabilities);
/// Smallest count whose distribution function reaches `probability`.
int QuantileOf(std::span<const double> probabilities, double probability);

}  // namespace restock
