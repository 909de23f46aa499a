#include "common/random.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/normal.hpp>
#include <gtest/gtest.h>

#include "common/distributions.h"

namespace restock {
namespace {

// Known answers of the authors' library Random123 1.14, file tests/kat_vectors, philox4x32 with 10 rounds.
TEST(PhiloxTest, GivesTheKnownAnswers) {
  using Words = std::array<uint32_t, 4>;
  EXPECT_EQ(Philox({0, 0, 0, 0}, {0, 0}), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(Philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
            (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(Philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(RandomTest, StreamsDependOnSeedNameAndAddressOnly) {
  const auto first = [](const Random& random, uint64_t address) { return random.At(address).NextBits(); };
  const Random random(7);
  EXPECT_EQ(first(random.Stream("train"), 3), first(Random(7).Stream("train"), 3));
  EXPECT_NE(first(random.Stream("train"), 3), first(random.Stream("test"), 3));
  EXPECT_NE(first(random.Stream("train"), 3), first(random.Stream("train"), 4));
  EXPECT_NE(first(random.Stream("train"), 3), first(Random(8).Stream("train"), 3));
  EXPECT_NE(first(random.Child(1), 0), first(random.Child(2), 0));
  EXPECT_NE(first(random.Child(1), 0), first(random, 1));
}

TEST(RandomStreamTest, SeekGoesBackToTheSameNumbers) {
  RandomStream stream = Random(5).At(9);
  for (int i = 0; i < 7; ++i) stream.Normal();
  stream.NextBits();
  const uint64_t position = stream.position();
  const double next = stream.Gamma(2.5);
  RandomStream other = Random(5).At(9);
  other.Seek(position);
  EXPECT_EQ(other.Gamma(2.5), next);
}

// Pearson's chi-squared test of counts against probabilities; cells that expect fewer than 10 are joined with the next.
double ChiSquaredPValue(const std::vector<double>& observed, const std::vector<double>& probability) {
  double total = 0;
  for (const double count : observed) total += count;
  double statistic = 0;
  int cells = 0;
  double seen = 0;
  double expected = 0;
  double left = total;
  for (size_t i = 0; i < observed.size(); ++i) {
    seen += observed[i];
    expected += probability[i] * total;
    if (expected < 10 || left - expected < 10) {
      if (i + 1 < observed.size()) continue;
    }
    statistic += (seen - expected) * (seen - expected) / expected;
    left -= expected;
    seen = expected = 0;
    ++cells;
  }
  return boost::math::cdf(boost::math::complement(boost::math::chi_squared(cells - 1), statistic));
}

// With p-values of about thirty fixed seeds a limit of 1e-4 is fair; a sampler that is wrong by a percent gives 1e-20.
constexpr double kSmallestPValue = 1e-4;
constexpr int kNumDraws = 200'000;

double CountPValue(const CountDistribution& distribution, const std::function<int64_t()>& draw) {
  const int64_t low = distribution.Quantile(1e-6);
  const int64_t high = distribution.Quantile(1 - 1e-6);
  std::vector<double> observed(static_cast<size_t>(high - low + 1));
  std::vector<double> probability(observed.size());
  for (int64_t k = low; k <= high; ++k) probability[static_cast<size_t>(k - low)] = distribution.Probability(k);
  for (int i = 0; i < kNumDraws; ++i) ++observed[static_cast<size_t>(std::clamp(draw(), low, high) - low)];
  return ChiSquaredPValue(observed, probability);
}

// The same for a continuous distribution, by cells of equal probability.
double ContinuousPValue(const std::function<double(double)>& distribution_function,
                        const std::function<double()>& draw) {
  constexpr size_t kNumCells = 200;
  std::vector<double> observed(kNumCells);
  for (int i = 0; i < kNumDraws; ++i) {
    const auto cell = static_cast<size_t>(distribution_function(draw()) * kNumCells);
    ++observed[std::min(cell, kNumCells - 1)];
  }
  return ChiSquaredPValue(observed, std::vector<double>(kNumCells, 1.0 / kNumCells));
}

TEST(SamplingTest, PoissonHasItsDistributionForSmallAndLargeMeans) {
  uint64_t address = 0;
  for (const double mean : {0.0, 0.01, 0.7, 5.0, 9.99, 10.0, 33.3, 400.0, 12'345.6, 3e7}) {
    RandomStream stream = Random(11).Stream("poisson").At(address++);
    if (mean == 0) {
      EXPECT_EQ(stream.Poisson(mean), 0);
    } else if (mean < 1e5) {
      EXPECT_GT(CountPValue({.mean = mean}, [&] { return stream.Poisson(mean); }), kSmallestPValue) << mean;
    } else {
      const boost::math::normal normal(mean, std::sqrt(mean));
      const auto continuous = [&](double x) { return boost::math::cdf(normal, x); };
      const auto draw = [&] { return static_cast<double>(stream.Poisson(mean)); };
      EXPECT_GT(ContinuousPValue(continuous, draw), kSmallestPValue) << mean;
    }
  }
}

TEST(SamplingTest, NegativeBinomialHasItsDistribution) {
  uint64_t address = 0;
  for (const CountDistribution& demand :
       {CountDistribution{0.3, 0.2}, CountDistribution{5, 1}, CountDistribution{5, 30}, CountDistribution{200, 4}}) {
    RandomStream stream = Random(12).Stream("negative binomial").At(address++);
    const auto draw = [&] { return stream.NegativeBinomial(demand.mean, demand.dispersion); };
    EXPECT_GT(CountPValue(demand, draw), kSmallestPValue) << demand.mean << " " << demand.dispersion;
  }
}

TEST(SamplingTest, GammaHasItsDistribution) {
  uint64_t address = 0;
  for (const double shape : {0.15, 0.9, 1.0, 2.5, 80.0}) {
    RandomStream stream = Random(13).Stream("gamma").At(address++);
    const auto cdf = [&](double x) { return boost::math::cdf(boost::math::gamma_distribution<>(shape), x); };
    EXPECT_GT(ContinuousPValue(cdf, [&] { return stream.Gamma(shape); }), kSmallestPValue) << shape;
  }
}

TEST(SamplingTest, NormalAndUniformHaveTheirDistributions) {
  RandomStream stream = Random(14).At(0);
  const auto cdf = [](double x) { return boost::math::cdf(boost::math::normal(), x); };
  EXPECT_GT(ContinuousPValue(cdf, [&] { return stream.Normal(); }), kSmallestPValue);
  EXPECT_GT(ContinuousPValue([](double x) { return x; }, [&] { return stream.Uniform(); }), kSmallestPValue);
}

TEST(SamplingTest, UniformIntIsUnbiased) {
  RandomStream stream = Random(15).At(0);
  std::vector<double> observed(7);
  for (int i = 0; i < kNumDraws; ++i) ++observed[static_cast<size_t>(stream.UniformInt(7))];
  EXPECT_GT(ChiSquaredPValue(observed, std::vector<double>(7, 1.0 / 7)), kSmallestPValue);
  EXPECT_EQ(stream.UniformInt(1), 0);
}

TEST(NormalQuantileTest, AgreesWithBoost) {
  for (const double p : {1e-300, 1e-20, 1e-6, 0.03, 0.074, 0.076, 0.3, 0.5, 0.61, 0.924, 0.926, 0.999, 1 - 1e-12}) {
    const double expected = boost::math::quantile(boost::math::normal(), p);
    EXPECT_NEAR(NormalQuantile(p), expected, 4e-15 * std::abs(expected) + 1e-16) << p;
  }
}

TEST(LogFactorialTest, AgreesWithTheLibrary) {
  for (const double k : {0.0, 1.0, 2.0, 15.0, 16.0, 17.0, 100.0, 1e6, 1e12})
    EXPECT_NEAR(LogFactorial(k), std::lgamma(k + 1), 1e-14 * std::lgamma(k + 1) + 1e-15) << k;
}

TEST(CountDistributionTest, QuantileIsTheSmallestCountThatReachesTheProbability) {
  const CountDistribution poisson{.mean = 5};  // P(D <= 7) = 0.8666, P(D <= 8) = 0.9319
  EXPECT_EQ(poisson.Quantile(0.86), 7);
  EXPECT_EQ(poisson.Quantile(0.87), 8);
  EXPECT_EQ(poisson.Quantile(0), 0);
  EXPECT_EQ((CountDistribution{.mean = 0}).Quantile(0.99), 0);
  const CountDistribution geometric{.mean = 5, .dispersion = 1};  // P(D <= k) = 1 - (5/6)^(k+1)
  EXPECT_EQ(geometric.Quantile(0.8), 8);
  EXPECT_NEAR(geometric.Probability(2), 25.0 / 216, 1e-12);
}

TEST(EmpiricalDistributionTest, DrawsValuesByTheirWeights) {
  const EmpiricalDistribution distribution(std::vector<double>{3, 1, 2}, std::vector<double>{1, 2, 1});
  EXPECT_EQ(distribution.Quantile(0), 1);
  EXPECT_EQ(distribution.Quantile(0.49), 1);
  EXPECT_EQ(distribution.Quantile(0.5), 2);
  EXPECT_EQ(distribution.Quantile(0.99), 3);
  EXPECT_DOUBLE_EQ(distribution.mean(), 1.75);
  RandomStream stream = Random(16).At(0);
  std::vector<double> observed(3);
  for (int i = 0; i < kNumDraws; ++i) ++observed[static_cast<size_t>(distribution.Sample(stream) - 1)];
  EXPECT_GT(ChiSquaredPValue(observed, {0.5, 0.25, 0.25}), kSmallestPValue);
}

}  // namespace
}  // namespace restock
