#include "common/distributions.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include <boost/math/distributions/negative_binomial.hpp>
#include <boost/math/distributions/poisson.hpp>

#include "common/check.h"

namespace restock {
namespace {

// c[0] + c[1] x + c[2] x^2 + ...
template <size_t size>
double Polynomial(const double (&c)[size], double x) {
  double sum = 0;
  for (size_t i = size; i-- > 0;) sum = sum * x + c[i];
  return sum;
}

// Below this mean a Poisson count is found by adding up probabilities, above it by rejection.
constexpr double kSmallPoissonMean = 10;

int64_t PoissonByInversion(double mean, RandomStream& stream) {
  double uniform = stream.Uniform();
  double probability = std::exp(-mean);
  int64_t count = 0;
  while (uniform >= probability && probability > 0) {
    uniform -= probability;
    ++count;
    probability *= mean / static_cast<double>(count);
  }
  return count;
}

// Hormann (1993), "The transformed rejection method for generating Poisson random variables", algorithm PTRS
int64_t PoissonByRejection(double mean, RandomStream& stream) {
  const double b = 0.931 + 2.53 * std::sqrt(mean);
  const double a = -0.059 + 0.02483 * b;
  const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
  const double v_r = 0.9277 - 3.6224 / (b - 2);
  while (true) {
    const double u = stream.Uniform() - 0.5;
    const double v = 1 - stream.Uniform();  // (0, 1]
    const double us = 0.5 - std::abs(u);
    const double k = std::floor((2 * a / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= v_r) return static_cast<int64_t>(k);
    if (k < 0 || (us < 0.013 && v > us)) continue;
    if (std::log(v * inverse_alpha / (a / (us * us) + b)) <= k * std::log(mean) - mean - LogFactorial(k))
      return static_cast<int64_t>(k);
  }
}

}  // namespace

double NormalProbability(double score) { return std::erfc(-score / std::numbers::sqrt2) / 2; }

double NormalQuantile(double probability) {
  RESTOCK_CHECK(probability > 0 && probability < 1);
  constexpr double a[] = {3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
                          1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
                          3.3430575583588128105e4, 2.5090809287301226727e3};
  constexpr double b[] = {1.0,
                          4.2313330701600911252e1,
                          6.8718700749205790830e2,
                          5.3941960214247511077e3,
                          2.1213794301586595867e4,
                          3.9307895800092710610e4,
                          2.8729085735721942674e4,
                          5.2264952788528545610e3};
  constexpr double c[] = {1.42343711074968357734e0,  4.63033784615654529590e0, 5.76949722146069140550e0,
                          3.64784832476320460504e0,  1.27045825245236838258e0, 2.41780725177450611770e-1,
                          2.27238449892691845833e-2, 7.74545014278341407640e-4};
  constexpr double d[] = {1.0,
                          2.05319162663775882187e0,
                          1.67638483018380384940e0,
                          6.89767334985100004550e-1,
                          1.48103976427480074590e-1,
                          1.51986665636164571966e-2,
                          5.47593808499534494600e-4,
                          1.05075007164441684324e-9};
  constexpr double e[] = {6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                          2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                          2.71155556874348757815e-5, 2.01033439929228813265e-7};
  constexpr double f[] = {1.0,
                          5.99832206555887937690e-1,
                          1.36929880922735805310e-1,
                          1.48753612908506148525e-2,
                          7.86869131145613259100e-4,
                          1.84631831751005468180e-5,
                          1.42151175831644588870e-7,
                          2.04426310338993978564e-15};

  // the middle
  const double q = probability - 0.5;
  if (std::abs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * Polynomial(a, r) / Polynomial(b, r);
  }

  // the tails
  const double r = std::sqrt(-std::log(q < 0 ? probability : 1 - probability));
  const double z =
      r <= 5 ? Polynomial(c, r - 1.6) / Polynomial(d, r - 1.6) : Polynomial(e, r - 5) / Polynomial(f, r - 5);
  return q < 0 ? -z : z;
}

double LogFactorial(double count) {
  // small counts exactly, large ones by Stirling's series
  if (count < 16) {
    double product = 1;
    for (int i = 2; i <= static_cast<int>(count); ++i) product *= i;
    return std::log(product);
  }
  const double x = count + 1;
  const double y = 1 / (x * x);
  const double series = (1.0 / 12 - y * (1.0 / 360 - y * (1.0 / 1260 - y / 1680))) / x;
  constexpr double kHalfLogTwoPi = 0.91893853320467274178;
  return (x - 0.5) * std::log(x) - x + kHalfLogTwoPi + series;
}

double RandomStream::Normal() {
  const uint64_t high = NextBits();
  const uint64_t bits = high << 32 | NextBits();
  return NormalQuantile((static_cast<double>(bits >> 12) + 0.5) * 0x1p-52);  // (0, 1), symmetric about 1/2
}

// Marsaglia & Tsang (2000), "A simple method for generating gamma variables"
double RandomStream::Gamma(double shape) {
  RESTOCK_CHECK_GT(shape, 0);
  if (shape < 1) {
    const double larger = Gamma(shape + 1);
    return larger * std::pow(1 - Uniform(), 1 / shape);
  }
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = Normal();
    const double v = std::pow(1 + c * x, 3);
    if (v <= 0) continue;
    const double u = 1 - Uniform();  // (0, 1]
    if (std::log(u) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v;
  }
}

int64_t RandomStream::Poisson(double mean) {
  RESTOCK_CHECK(mean >= 0 && mean <= 1e12);
  return mean < kSmallPoissonMean ? PoissonByInversion(mean, *this) : PoissonByRejection(mean, *this);
}

int64_t RandomStream::NegativeBinomial(double mean, double dispersion) {
  RESTOCK_CHECK_GT(dispersion, 0);
  return Poisson(mean / dispersion * Gamma(dispersion));
}

double CountDistribution::Probability(int64_t count) const {
  if (count < 0) return 0;
  if (mean == 0) return count == 0 ? 1 : 0;
  const auto k = static_cast<double>(count);
  if (dispersion == 0) return boost::math::pdf(boost::math::poisson(mean), k);
  return boost::math::pdf(boost::math::negative_binomial(dispersion, dispersion / (dispersion + mean)), k);
}

int64_t CountDistribution::Quantile(double probability) const {
  RESTOCK_CHECK(probability >= 0 && probability < 1);
  if (mean == 0) return 0;
  using RoundUp =
      boost::math::policies::policy<boost::math::policies::discrete_quantile<boost::math::policies::integer_round_up>>;
  using Poisson = boost::math::poisson_distribution<double, RoundUp>;
  using NegativeBinomial = boost::math::negative_binomial_distribution<double, RoundUp>;
  if (dispersion == 0) return static_cast<int64_t>(boost::math::quantile(Poisson(mean), probability));
  return static_cast<int64_t>(
      boost::math::quantile(NegativeBinomial(dispersion, dispersion / (dispersion + mean)), probability));
}

EmpiricalDistribution::EmpiricalDistribution(std::span<const double> values, std::span<const double> weights) {
  RESTOCK_CHECK(!values.empty());
  RESTOCK_CHECK(weights.empty() || weights.size() == values.size());

  // ascending
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return values[a] < values[b]; });

  // weights add up
  double total = 0;
  for (const size_t i : order) {
    const double weight = weights.empty() ? 1.0 : weights[i];
    RESTOCK_CHECK_GE(weight, 0);
    values_.push_back(values[i]);
    cumulative_.push_back(total += weight);
  }
  RESTOCK_CHECK_GT(total, 0);
}

double EmpiricalDistribution::Quantile(double probability) const {
  RESTOCK_CHECK(probability >= 0 && probability < 1);
  const auto first_above = std::upper_bound(cumulative_.begin(), cumulative_.end(), probability * cumulative_.back());
  const auto index = std::min<size_t>(static_cast<size_t>(first_above - cumulative_.begin()), values_.size() - 1);
  return values_[index];
}

double EmpiricalDistribution::mean() const {
  double sum = 0;
  for (size_t i = 0; i < values_.size(); ++i) sum += values_[i] * (cumulative_[i] - (i == 0 ? 0 : cumulative_[i - 1]));
  return sum / cumulative_.back();
}

}  // namespace restock
