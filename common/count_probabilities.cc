#include "common/count_probabilities.h"

#include <algorithm>
#include <cmath>

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/normal.hpp>

#include "common/check.h"

namespace restock {
namespace {

constexpr double kNegligible = 1e-13;

// P(0), P(1), ... until what is left is negligible
template <class Probability>
CountProbabilities WriteOut(double mean, Probability probability) {
  CountProbabilities written;
  double left = 1;
  for (int64_t count = 0; left > kNegligible; ++count) {
    written.push_back(probability(count));
    left -= written.back();
    // rounding errors may keep `left` above zero for ever
    if (static_cast<double>(count) > mean && written.back() < kNegligible * kNegligible) break;
  }
  written.back() += left;
  return written;
}

// the first with probability q, else the second
CountProbabilities Mixture(double q, CountProbabilities first, CountProbabilities second) {
  first.resize(std::max(first.size(), second.size()));
  second.resize(first.size());
  for (size_t count = 0; count < first.size(); ++count) first[count] = q * first[count] + (1 - q) * second[count];
  return first;
}

}  // namespace

CountProbabilities ProbabilitiesOf(const CountDistribution& distribution) {
  return WriteOut(distribution.mean, [&](int64_t count) { return distribution.Probability(count); });
}

CountProbabilities UniformProbabilities(int low, int high) {
  RESTOCK_CHECK(low >= 0 && low <= high);
  CountProbabilities probabilities(static_cast<size_t>(high + 1));
  for (int count = low; count <= high; ++count) probabilities[static_cast<size_t>(count)] = 1.0 / (high - low + 1);
  return probabilities;
}

CountProbabilities RoundedGammaProbabilities(double mean, double coefficient_of_variation) {
  RESTOCK_CHECK(mean > 0 && coefficient_of_variation > 0);
  const double shape = 1 / (coefficient_of_variation * coefficient_of_variation);
  const boost::math::gamma_distribution<> gamma(shape, mean / shape);
  return WriteOut(mean, [&](int64_t count) {
    const double high = boost::math::cdf(gamma, static_cast<double>(count) + 0.5);
    const double low = count == 0 ? 0 : boost::math::cdf(gamma, static_cast<double>(count) - 0.5);
    return std::max(0.0, high - low);
  });
}

CountProbabilities RoundedNormalProbabilities(double mean, double standard_deviation) {
  RESTOCK_CHECK(standard_deviation > 0);
  const boost::math::normal_distribution<> normal(mean, standard_deviation);
  return WriteOut(std::max(mean, standard_deviation), [&](int64_t count) {
    const double high = boost::math::cdf(normal, static_cast<double>(count) + 0.5);
    return count == 0 ? high : high - boost::math::cdf(normal, static_cast<double>(count) - 0.5);
  });
}

CountProbabilities TwoMomentProbabilities(double mean, double variance) {
  const double fraction = mean - std::floor(mean);
  RESTOCK_CHECK(mean > 0 && variance >= fraction * (1 - fraction) - 1e-12);
  const double a = variance / (mean * mean) - 1 / mean;
  if (std::abs(a) < 1e-6) return ProbabilitiesOf({mean});  // a binomial of a million trials is none
  if (a < -1 + 1e-9) return {1 - mean, mean};              // nothing or one unit
  if (a < 0) {
    // binomials of k and k + 1 trials, -1 / k <= a <= -1 / (k + 1)
    const double k = std::floor(-1 / a + 1e-12);
    RESTOCK_CHECK_GE(k, 1);
    const double q = std::clamp((1 + a * (1 + k) + std::sqrt(std::max(0.0, -a * k * (1 + k) - k))) / (1 + a), 0.0, 1.0);
    const double p = std::min(mean / (k + 1 - q), 1.0);
    CountProbabilities few(static_cast<size_t>(k) + 2), many(few.size());
    for (size_t count = 0; count < few.size(); ++count) {
      const auto units = static_cast<double>(count);
      few[count] = units <= k ? boost::math::pdf(boost::math::binomial_distribution<>(k, p), units) : 0;
      many[count] = boost::math::pdf(boost::math::binomial_distribution<>(k + 1, p), units);
    }
    return Mixture(q, few, many);
  }
  if (a < 1) {
    // negative binomials of dispersion k and k + 1, 1 / (k + 1) <= a <= 1 / k
    const double k = std::floor(1 / a + 1e-12);
    const double q = ((1 + k) * a - std::sqrt(std::max(0.0, (1 + k) * (1 - a * k)))) / (1 + a);
    const double unit = mean / (k + 1 - q);  // mean per dispersion
    return Mixture(q, ProbabilitiesOf({k * unit, k}), ProbabilitiesOf({(k + 1) * unit, k + 1}));
  }
  // two geometrics
  const double root = std::sqrt(a * a - 1);
  return Mixture(1 / (1 + a + root), ProbabilitiesOf({mean * (1 + a + root) / 2, 1}),
                 ProbabilitiesOf({mean * (1 + a - root) / 2, 1}));
}

CountProbabilities SumOf(std::span<const double> a, std::span<const double> b) {
  CountProbabilities sum(a.size() + b.size() - 1);
  for (size_t i = 0; i < a.size(); ++i) {
    for (size_t j = 0; j < b.size(); ++j) sum[i + j] += a[i] * b[j];
  }
  return sum;
}

CountProbabilities SumOf(int num, std::span<const double> one) {
  CountProbabilities sum = {1};
  for (int i = 0; i < num; ++i) sum = SumOf(sum, one);
  return sum;
}

double MeanOf(std::span<const double> probabilities) {
  double mean = 0;
  for (size_t count = 0; count < probabilities.size(); ++count)
    mean += static_cast<double>(count) * probabilities[count];
  return mean;
}

int QuantileOf(std::span<const double> probabilities, double probability) {
  double cumulative = 0;
  for (size_t count = 0; count < probabilities.size(); ++count) {
    cumulative += probabilities[count];
    if (cumulative >= probability) return static_cast<int>(count);
  }
  return static_cast<int>(probabilities.size()) - 1;
}

}  // namespace restock
