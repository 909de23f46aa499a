#pragma once

#include <span>

namespace restock {

// Negative binomial counts with mean m and variance m + m^2 / dispersion, by adding up probabilities from zero: as fast
// as counts are small, which is what a simulation of single products needs. Counts with a mean above kLargeMean are
// taken from the gamma distribution of equal moments (Wilson & Hilferty 1931).
inline constexpr double kLargeMean = 300;

/// Smallest count whose distribution function reaches `probability`, 0 <= probability < 1.
double CountQuantile(double mean, double dispersion, double probability);
/// Probability of at most `count`.
double CountProbability(double mean, double dispersion, double count);

/// Quantiles of the count distribution with the given mean and variance, for ascending `levels`: negative binomial, or
/// Poisson where the variance is not above the mean. Whole numbers below a mean of 40, beyond it any number.
/// `quantiles`: (levels.size())
void MatchedQuantiles(float mean, float variance, std::span<const float> levels, std::span<float> quantiles);

}  // namespace restock
