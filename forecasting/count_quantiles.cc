#include "forecasting/count_quantiles.h"

#include <algorithm>
#include <cmath>

#include <boost/math/special_functions/gamma.hpp>

#include "common/distributions.h"

namespace restock {
namespace {

constexpr float kLargeSum = 40;         // from here on a sum of counts is as good as a number
constexpr double kLeastShape = 1;       // the cube root of a gamma variable is normal enough from this shape on
constexpr double kVeryLargeMean = 1e4;  // from here on a gamma variable is close enough for any shape, and faster
constexpr double kLeastOverdispersion = 1e-4;
constexpr double kLeastProbability = 1e-12, kLargestProbability = 1 - 1e-9;

/// Probabilities of 0, 1, 2, ... and their sum.
class Cumulation {
 public:
  Cumulation(double mean, double dispersion)
      : dispersion_(dispersion),
        odds_(mean / (mean + dispersion)),
        term_(std::exp(-dispersion * std::log1p(mean / dispersion))),
        sum_(term_),
        most_(100 * (mean + 10)) {}

  /// Moves on until the sum reaches `probability`. Rounding errors do not make it endless.
  double Reach(double probability) {
    while (sum_ < probability && count_ < most_) Next();
    return count_;
  }
  /// Sum up to `count`.
  double UpTo(double count) {
    while (count_ + 1 <= count && count_ < most_) Next();
    return std::min(sum_, 1.0);
  }

 private:
  void Next() {
    term_ *= odds_ * (count_ + dispersion_) / (count_ + 1);
    sum_ += term_;
    ++count_;
  }

  double dispersion_, odds_, term_, sum_, most_;
  double count_ = 0;
};

/// The cube root of a gamma variable over its mean is nearly normal, with mean 1 - c and variance c.
double Wilson(double shape) { return 1 / (9 * shape); }

double GammaQuantile(double mean, double shape, double probability) {
  if (shape < kLeastShape) return mean / shape * boost::math::gamma_p_inv(shape, probability);
  const double c = Wilson(shape);
  const double root = std::max(0.0, 1 - c + NormalQuantile(probability) * std::sqrt(c));
  return mean * root * root * root;
}

double GammaProbability(double mean, double shape, double value) {
  if (shape < kLeastShape) return boost::math::gamma_p(shape, value * shape / mean);
  const double c = Wilson(shape);
  return NormalProbability((std::cbrt(value / mean) - 1 + c) / std::sqrt(c));
}

/// Shape of the gamma distribution with the moments of the counts.
double Shape(double mean, double dispersion) { return 1 / (1 / mean + 1 / dispersion); }

bool IsGamma(double mean, double dispersion) {
  return mean > kVeryLargeMean || (mean > kLargeMean && Shape(mean, dispersion) >= kLeastShape);
}

}  // namespace

double CountQuantile(double mean, double dispersion, double probability) {
  if (mean <= 0) return 0;
  if (IsGamma(mean, dispersion)) {
    const double inside = std::clamp(probability, kLeastProbability, kLargestProbability);
    return std::round(GammaQuantile(mean, Shape(mean, dispersion), inside));
  }
  return Cumulation(mean, dispersion).Reach(std::min(probability, kLargestProbability));
}

double CountProbability(double mean, double dispersion, double count) {
  if (count < 0) return 0;
  if (mean <= 0) return 1;
  if (IsGamma(mean, dispersion)) {
    return GammaProbability(mean, Shape(mean, dispersion), count + 0.5);
  }
  return Cumulation(mean, dispersion).UpTo(std::floor(count));
}

void MatchedQuantiles(float mean, float variance, std::span<const float> levels, std::span<float> quantiles) {
  if (!(mean > 1e-6f)) {
    std::fill(quantiles.begin(), quantiles.end(), 0.f);
    return;
  }
  const double shape = static_cast<double>(mean) * mean / std::max(variance, 1e-12f);
  if (mean >= kLargeSum && (shape >= kLeastShape || mean > kVeryLargeMean)) {
    for (size_t i = 0; i < levels.size(); ++i) {
      quantiles[i] = static_cast<float>(GammaQuantile(mean, shape, levels[i]));
    }
    return;
  }
  const double overdispersion = std::max<double>((variance - mean) / mean, kLeastOverdispersion);
  Cumulation cumulation(mean, mean / overdispersion);
  for (size_t i = 0; i < levels.size(); ++i) quantiles[i] = static_cast<float>(cumulation.Reach(levels[i]));
}

}  // namespace restock
