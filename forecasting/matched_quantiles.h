#pragma once

#include <span>

namespace restock {

/// Quantiles of the count distribution with the given mean and variance, for ascending `levels`: negative binomial, or
/// Poisson where the variance is not above the mean; large means by the gamma distribution of equal moments (Wilson &
/// Hilferty 1931). The smallest count that reaches the level, for large means any number.  `quantiles`: (levels.size())
void MatchedQuantiles(float mean, float variance, std::span<const float> levels, std::span<float> quantiles);

}  // namespace restock
