#include "env/demand_distribution.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/error.h"
#include "tests/env/chance_tests.h"

namespace restock {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

DemandDistribution Read(const std::string& text) {
  ConfigNode node = ParseConfig("demand: " + text, "problem.yaml").Child("demand");
  const DemandDistribution demand = ReadDemandDistribution(node);
  node.ExpectNoMoreKeys();
  return demand;
}

const std::vector<std::string> kCounts = {
    "{kind: poisson, mean: 0.3}",
    "{kind: poisson, mean: 700}",
    "{kind: geometric, mean: 5}",
    "{kind: negative_binomial, mean: 5, dispersion: 2}",
    "{kind: uniform, low: 2, high: 9}",
    "{kind: rounded_gamma, mean: 4, coefficient_of_variation: 0.5}",
    "{kind: rounded_normal, mean: 0, standard_deviation: 8}",
    "{kind: two_moments, mean: 4.5, standard_deviation: 0.5}",
    "{kind: two_moments, mean: 4, standard_deviation: 6}",
};

TEST(DemandDistributionTest, StatedMomentsAreThoseOfTheCounts) {
  for (const std::string& text : kCounts) {
    const DemandDistribution demand = Read(text);
    const Moments counted = MomentsOf(demand.Counts());
    EXPECT_NEAR(demand.moments().mean, counted.mean, 1e-7 * (1 + counted.mean)) << text;
    EXPECT_NEAR(demand.moments().variance, counted.variance, 1e-6 * (1 + counted.variance)) << text;
  }
}

// Every count begins at the distribution function of the one below.
TEST(DemandDistributionTest, QuantilesInvertTheDistributionFunction) {
  for (const std::string& text : kCounts) {
    const DemandDistribution demand = Read(text);
    const DemandQuantiles quantiles(demand);
    ASSERT_FALSE(quantiles.needs_normal());
    double below = 0;
    const CountProbabilities probabilities = demand.Counts();
    for (size_t count = 0; count < probabilities.size() && below < 1 - 1e-9; ++count) {
      if (probabilities[count] > 1e-9) {
        EXPECT_EQ(quantiles.OfUniform(below + 0.01 * probabilities[count]), count) << text;
        EXPECT_EQ(quantiles.OfUniform(below + 0.99 * probabilities[count]), count) << text;
      }
      below += probabilities[count];
    }
    EXPECT_LE(quantiles.OfUniform(1 - 0x1p-53), static_cast<float>(probabilities.size()));
  }
}

TEST(DemandDistributionTest, NormalsAreClippedWhereTheyShould) {
  const DemandQuantiles normal(Read("{kind: normal, mean: 5, coefficient_of_variation: 0.5}"));
  ASSERT_TRUE(normal.needs_normal());
  EXPECT_FLOAT_EQ(normal.OfNormal(1), 7.5f);
  EXPECT_FLOAT_EQ(normal.OfNormal(-3), -2.5f);
  const DemandQuantiles clipped(Read("{kind: clipped_normal, mean: 5, standard_deviation: 2.5}"));
  EXPECT_FLOAT_EQ(clipped.OfNormal(1), 7.5f);
  EXPECT_EQ(clipped.OfNormal(-3), 0);
}

// E[max(0, Z)] = 1 / sqrt(2 pi), E[max(0, Z)^2] = 1/2
TEST(DemandDistributionTest, MomentsOfAClippedNormalAndBack) {
  const Moments half = MomentsOfClippedNormal(0, 1);
  EXPECT_NEAR(half.mean, 1 / std::sqrt(2 * M_PI), 1e-12);
  EXPECT_NEAR(half.variance, 0.5 - 1 / (2 * M_PI), 1e-12);
  for (const auto& [mean, deviation] : {std::pair{5.0, 1.6}, {0.0, 20.0}, {-1.0, 1.0}, {100.0, 0.5}}) {
    const auto [mean_back, deviation_back] = NormalBeforeClipping(MomentsOfClippedNormal(mean, deviation));
    EXPECT_NEAR(mean_back, mean, 1e-6 * deviation);
    EXPECT_NEAR(deviation_back, deviation, 1e-6 * deviation);
  }
}

TEST(DemandDistributionTest, AFactorMovesTheMeanAndKeepsTheShape) {
  EXPECT_EQ(Read("{kind: poisson, mean: 4}").Times(2.5).Counts(), Read("{kind: poisson, mean: 10}").Counts());
  EXPECT_EQ(Read("{kind: clipped_normal, mean: 4, standard_deviation: 2}").Times(2).standard_deviation, 4);
  EXPECT_EQ(Read("{kind: negative_binomial, mean: 4, dispersion: 3}").Times(2).moments().variance, 8 + 64 / 3.0);
  // also down to nothing
  for (const char* text : {"{kind: poisson, mean: 4}", "{kind: rounded_gamma, mean: 4, standard_deviation: 2}",
                           "{kind: rounded_normal, mean: 4, standard_deviation: 2}",
                           "{kind: two_moments, mean: 4, standard_deviation: 2}"})
    EXPECT_EQ(DemandQuantiles(Read(text).Times(0)).OfUniform(0.999), 0) << text;
}

TEST(DemandDistributionTest, SaysWhatIsWrong) {
  const auto expect = [](const std::string& text, const char* message) {
    EXPECT_THAT([&] { Read(text); }, ThrowsMessage<ConfigError>(HasSubstr(message))) << text;
  };
  expect("{kind: normal, mean: 5}", "needs either standard_deviation or coefficient_of_variation");
  expect("{kind: normal, mean: 5, standard_deviation: 1, coefficient_of_variation: 1}", "needs either");
  expect("{kind: normal, mean: 0, coefficient_of_variation: 1}", "needs a mean above 0");
  expect("{kind: normal, mean: 5, standard_deviation: -1}", "standard_deviation must be above 0");
  expect("{kind: clipped_normal, mean: .nan, standard_deviation: 1}", "must be a finite number");
  expect("{kind: poisson, mean: 0}", "mean must be above 0");
  expect("{kind: negative_binomial, mean: 5, dispersion: 0}", "dispersion must be at least 0.005");
  expect("{kind: negative_binomial, mean: 5, dispersion: 1e-9}", "dispersion must be at least 0.005");
  expect("{kind: two_moments, mean: 4.5, standard_deviation: 0.2}", "between 0.5 and 10000");
}

}  // namespace
}  // namespace restock
