#pragma once

#include <cstddef>

#include "env/network_state.h"

namespace restock {

/// One draw for each column of a block from Poisson or negative binomial distributions of their own means, by
/// inversion: the smallest count whose distribution function exceeds a uniform number, found by adding up probabilities
/// from 0 on. No tables, so any number of different means; it takes as many rounds as the largest count of a block.
/// Exact up to the rounding of double precision: of uniform numbers that are multiples of 2^-52 about one in 10^13
/// could fall on the wrong side.
struct CountInversion {
  static constexpr double kLargestMean = 700;  // beyond it the probability of count 0 is no double

  const double* zero;  // probability of count 0, see ProbabilityOfZero()  [column]
  const float* mean;   // 0 ... kLargestMean  [column]
  double dispersion;   // r of the negative binomial, variance mean + mean^2 / r; 0: Poisson

  static double ProbabilityOfZero(double mean, double dispersion);

  /// `uniform`: above 0 and below 1  [column], `counts`: [column]
  void Draw(const double* uniform, float* counts) const;
};

}  // namespace restock
