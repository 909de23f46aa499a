#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "common/random.h"

namespace restock {

/// Where the standard normal distribution function reaches `probability`, 0 < probability < 1; relative error below
/// 1e-15 (Wichura 1988, algorithm AS 241).
double NormalQuantile(double probability);
/// The standard normal distribution function.
double NormalProbability(double score);

/// log(count!), count >= 0; relative error below 1e-14.
double LogFactorial(double count);

/// A count distribution: Poisson, or negative binomial with variance mean + mean^2 / dispersion.
struct CountDistribution {
  double mean = 0;
  double dispersion = 0;  // r of the negative binomial, 0: Poisson

  friend bool operator==(const CountDistribution&, const CountDistribution&) = default;
  double variance() const { return dispersion > 0 ? mean + mean * mean / dispersion : mean; }
  double Probability(int64_t count) const;
  /// Smallest count whose distribution function reaches `probability`, 0 <= probability < 1.
  int64_t Quantile(double probability) const;
  /// Of the sum of `periods` independent draws, which is again of this family.
  CountDistribution Sum(int periods) const { return {mean * periods, dispersion * periods}; }
};

/// Draws one of the given values, each with its weight: by inversion of the distribution function, so that a larger
/// uniform number gives a larger value.
class EmpiricalDistribution {
 public:
  /// Equal weights where none are given; weights must not be negative and some must be positive.
  explicit EmpiricalDistribution(std::span<const double> values, std::span<const double> weights = {});

  double Sample(RandomStream& stream) const { return Quantile(stream.Uniform()); }
  /// Smallest value whose distribution function exceeds `probability`, 0 <= probability < 1.
  double Quantile(double probability) const;
  double mean() const;

 private:
  std::vector<double> values_;      // ascending
  std::vector<double> cumulative_;  // weight up to and with each value; the last is the total
};

}  // namespace restock
