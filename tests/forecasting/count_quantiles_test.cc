#include "forecasting/count_quantiles.h"

#include <cmath>
#include <vector>

#include <boost/math/distributions/negative_binomial.hpp>
#include <gtest/gtest.h>

#include "common/random.h"

namespace restock {
namespace {

boost::math::negative_binomial Reference(double mean, double dispersion) {
  return {dispersion, dispersion / (dispersion + mean)};
}

TEST(CountQuantilesTest, AreTheSmallestCountsThatReachTheProbability) {
  RandomStream stream = Random(7).At(0);
  for (int round = 0; round < 2000; ++round) {
    const double mean = std::exp(7 * stream.Uniform() - 2);
    const double dispersion = std::exp(6 * stream.Uniform() - 1);
    const double probability = stream.Uniform();
    if (mean > kLargeMean) continue;
    const double count = CountQuantile(mean, dispersion, probability);
    const auto reference = Reference(mean, dispersion);
    EXPECT_GE(cdf(reference, count), probability - 1e-9) << mean << " " << dispersion;
    if (count > 0) {
      EXPECT_LT(cdf(reference, count - 1), probability + 1e-9) << mean << " " << dispersion;
    }
    EXPECT_NEAR(CountProbability(mean, dispersion, count), cdf(reference, count), 1e-9);
  }
}

TEST(CountQuantilesTest, LargeCountsAreCloseToTheReference) {
  for (const double mean : {301.0, 2000.0, 50'000.0}) {
    for (const double probability : {0.025, 0.1, 0.5, 0.9, 0.975}) {
      const double reference = quantile(Reference(mean, 8), probability);
      EXPECT_NEAR(CountQuantile(mean, 8, probability) / reference, 1, 0.01) << mean << " " << probability;
    }
  }
}

TEST(CountQuantilesTest, MatchesMomentsAndHandlesTheirEdges) {
  const std::vector<float> levels = {0.5f, 0.9f, 0.975f};
  std::vector<float> quantiles(3);
  MatchedQuantiles(0, 0, levels, quantiles);
  EXPECT_EQ(quantiles, (std::vector<float>{0, 0, 0}));
  MatchedQuantiles(4, 1, levels, quantiles);  // less variance than Poisson: Poisson with mean 4 has 4, 7, 8
  EXPECT_EQ(quantiles, (std::vector<float>{4, 7, 8}));
  MatchedQuantiles(4, 8, levels, quantiles);  // dispersion 4
  EXPECT_EQ(quantiles[1], static_cast<float>(quantile(Reference(4, 4), 0.9)));
  MatchedQuantiles(1e6f, 1e10f, levels, quantiles);
  EXPECT_NEAR(quantiles[2], 1e6f + 1.96f * 1e5f, 1e4f);
}

}  // namespace
}  // namespace restock
