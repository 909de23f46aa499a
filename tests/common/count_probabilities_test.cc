#include "common/count_probabilities.h"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

namespace restock {
namespace {

double VarianceOf(const CountProbabilities& probabilities) {
  const double mean = MeanOf(probabilities);
  double variance = 0;
  for (size_t count = 0; count < probabilities.size(); ++count)
    variance += probabilities[count] * std::pow(static_cast<double>(count) - mean, 2);
  return variance;
}

// the least that there is, below a Poisson's variance, a Poisson's, up to a geometric's, beyond
TEST(CountProbabilitiesTest, TwoMomentsAreMet) {
  for (const double mean : {0.7, 2.0, 4.0, 9.5}) {
    const double fraction = mean - std::floor(mean);
    for (const double variance : {fraction * (1 - fraction), 0.8 * mean, mean, 1.3 * mean, mean + 0.9 * mean * mean,
                                  mean + 2.5 * mean * mean}) {
      SCOPED_TRACE(testing::Message() << "mean " << mean << ", variance " << variance);
      const CountProbabilities fitted = TwoMomentProbabilities(mean, variance);
      EXPECT_NEAR(std::accumulate(fitted.begin(), fitted.end(), 0.0), 1, 1e-12);
      for (const double probability : fitted) EXPECT_GE(probability, 0);
      EXPECT_NEAR(MeanOf(fitted), mean, 1e-9 * mean);
      EXPECT_NEAR(VarianceOf(fitted), variance, 1e-7 * (1 + variance));
    }
  }
}

// two dice: 7 in 6 of 36 throws, at most 4 in 6 of them
TEST(CountProbabilitiesTest, CountsAddUp) {
  const CountProbabilities dice = SumOf(2, UniformProbabilities(1, 6));
  EXPECT_NEAR(dice[7], 6 / 36.0, 1e-15);
  EXPECT_NEAR(MeanOf(dice), 7, 1e-12);
  EXPECT_EQ(QuantileOf(dice, 6 / 36.0 - 1e-9), 4);
  EXPECT_EQ(QuantileOf(dice, 6 / 36.0 + 1e-9), 5);
  EXPECT_EQ(SumOf(0, dice), CountProbabilities({1}));
}

TEST(CountProbabilitiesTest, NormalDemandIsRoundedAndNeverNegative) {
  const CountProbabilities normal = RoundedNormalProbabilities(50, 8);
  EXPECT_NEAR(MeanOf(normal), 50, 1e-8);
  EXPECT_NEAR(VarianceOf(normal), 64 + 1 / 12.0, 1e-3);
  EXPECT_NEAR(RoundedNormalProbabilities(0, 1)[0], 0.5 + 0.19146, 1e-5);  // P(Z < 0.5)
}

}  // namespace
}  // namespace restock
