#include "common/count_probabilities.h"

#include <algorithm>

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
    if (static_cast<double>(count) > 10 * mean + 100 && written.back() < kNegligible * kNegligible) break;
  }
  written.back() += left;
  return written;
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
