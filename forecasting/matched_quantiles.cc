#include "forecasting/matched_quantiles.h"

#include <algorithm>
#include <cmath>

#include "common/distributions.h"

namespace restock {
namespace {

constexpr float kLargeMean = 40;   // from here on a count is as good as a number
constexpr double kLargeShape = 1;  // the cube root of a gamma variable is normal enough from this shape on
constexpr double kLeastOverdispersion = 1e-4;

/// Adds up the probabilities of 0, 1, 2, ... and notes where they pass each level.
void CountQuantiles(double mean, double dispersion, std::span<const float> levels, std::span<float> quantiles) {
  const double odds = mean / (mean + dispersion);
  double probability = std::exp(-dispersion * std::log1p(mean / dispersion));
  double cumulative = probability;
  double count = 0;
  const double most = 100 * (mean + 10);  // rounding errors must not make this endless
  for (size_t i = 0; i < levels.size(); ++i) {
    while (cumulative < levels[i] && count < most) {
      probability *= odds * (count + dispersion) / (count + 1);
      cumulative += probability;
      ++count;
    }
    quantiles[i] = static_cast<float>(count);
  }
}

}  // namespace

void MatchedQuantiles(float mean, float variance, std::span<const float> levels, std::span<float> quantiles) {
  if (!(mean > 1e-6f)) {
    std::fill(quantiles.begin(), quantiles.end(), 0.f);
    return;
  }
  const double shape = static_cast<double>(mean) * mean / std::max(variance, 1e-12f);
  if (mean >= kLargeMean && shape >= kLargeShape) {
    const double c = 1 / (9 * shape);
    for (size_t i = 0; i < levels.size(); ++i) {
      const double root = std::max(0.0, 1 - c + NormalQuantile(levels[i]) * std::sqrt(c));
      quantiles[i] = static_cast<float>(mean * root * root * root);
    }
    return;
  }
  const double overdispersion = std::max<double>((variance - mean) / mean, kLeastOverdispersion);
  CountQuantiles(mean, mean / overdispersion, levels, quantiles);
}

}  // namespace restock
