#include "env/total_demand.h"

#include <cmath>

#include <gtest/gtest.h>

namespace restock {
namespace {

DemandProcess Poisson(double mean) {
  DemandProcess demand;
  demand.states = {{.kind = DemandKind::kPoisson, .mean = mean}};
  return demand;
}

TEST(TotalDemandTest, OfGivenValuesIsTheirSum) {
  DemandProcess demand;
  demand.values = {4, 4, 8};
  const TotalDemand total = TotalOver(demand, 1, 3, 0);
  EXPECT_EQ(total.mean(), 20);
  for (const double quantile : total.Quantiles()) EXPECT_EQ(quantile, 20);
  // P(X <= 7) = 0.744 is the first that reaches 0.7 of a Poisson of mean 6; the given 20 are added
  EXPECT_EQ((total + TotalOver(Poisson(6), 0, 1, 0)).Quantiles()[1], 27);
}

// Means 10, 15 and 20: a Poisson of mean 45.
TEST(TotalDemandTest, OfPoissonDemandWithATrendIsPoisson) {
  DemandProcess demand = Poisson(10);
  demand.trend = 0.5;
  const TotalDemand total = TotalOver(demand, 0, 3, 0);
  EXPECT_NEAR(total.mean(), 45, 1e-12);
  EXPECT_NEAR(total.by_chance.variance, 45, 1e-9);
  const CountProbabilities poisson = ProbabilitiesOf({45});
  for (int i = 0; i < kNumForecastQuantiles; ++i)
    EXPECT_EQ(total.Quantiles()[static_cast<size_t>(i)], QuantileOf(poisson, kForecastQuantiles[i]));
  EXPECT_EQ(TotalOver(demand, 0, 0, 0).mean(), 0);
}

// Two periods from state 0 of means 1 and 3: (1, 1) or (1, 3), each with probability 1/2. Of the total the mean is 3,
// the variance 3 of the Poissons and 1 of the state. In state 1 it stays: mean and variance 6.
TEST(TotalDemandTest, KnowsTheStateAndItsChangesAhead) {
  DemandProcess demand = Poisson(1);
  demand.states.push_back({.kind = DemandKind::kPoisson, .mean = 3});
  demand.transition = {{0.5, 0.5}, {0, 1}};
  const Moments from_first = TotalOver(demand, 0, 2, 0).by_chance;
  EXPECT_NEAR(from_first.mean, 3, 1e-12);
  EXPECT_NEAR(from_first.variance, 4, 1e-12);
  const Moments from_second = TotalOver(demand, 5, 2, 1).by_chance;
  EXPECT_NEAR(from_second.mean, 6, 1e-12);
  EXPECT_NEAR(from_second.variance, 6, 1e-12);
}

// By enumeration: all paths of three states over three periods.
TEST(TotalDemandTest, MomentsAreThoseOfAllPaths) {
  DemandProcess demand = Poisson(2);
  demand.states.push_back({.kind = DemandKind::kGeometric, .mean = 5});
  demand.states.push_back({.kind = DemandKind::kPoisson, .mean = 9});
  demand.transition = {{0.2, 0.5, 0.3}, {0.1, 0.8, 0.1}, {0.6, 0, 0.4}};
  demand.trend = 0.25;
  for (size_t start = 0; start < 3; ++start) {
    double first = 0, second = 0;
    for (size_t b = 0; b < 3; ++b) {
      for (size_t c = 0; c < 3; ++c) {
        const double probability = demand.transition[start][b] * demand.transition[b][c];
        const Moments sum = demand.At(4, static_cast<int>(start)).moments() +
                            demand.At(5, static_cast<int>(b)).moments() + demand.At(6, static_cast<int>(c)).moments();
        first += probability * sum.mean;
        second += probability * (sum.variance + sum.mean * sum.mean);
      }
    }
    const Moments total = TotalOver(demand, 4, 3, static_cast<int>(start)).by_chance;
    EXPECT_NEAR(total.mean, first, 1e-10);
    EXPECT_NEAR(total.variance, second - first * first, 1e-9);
  }
}

TEST(TotalDemandTest, OfNormalsIsNormal) {
  DemandProcess demand;
  demand.states = {{.kind = DemandKind::kNormal, .mean = 1, .standard_deviation = 2}};
  const auto quantiles = TotalOver(demand, 0, 4, 0).Quantiles();  // N(4, 4^2)
  EXPECT_NEAR(quantiles[0], 4, 1e-9);
  EXPECT_NEAR(quantiles[5], 4 + 4 * 1.959964, 1e-5);
  // of one period exact also where it is clipped
  demand.states[0].kind = DemandKind::kClippedNormal;
  demand.states[0].mean = 0;
  EXPECT_NEAR(TotalOver(demand, 0, 1, 0).Quantiles()[5], 2 * 1.959964, 1e-5);
  EXPECT_NEAR(TotalOver(demand, 0, 1, 0).Quantiles()[0], 0, 1e-6);
}

TEST(TotalDemandTest, OfManyUnitsIsRoundedNormal) {
  const auto quantiles = TotalOver(Poisson(1000), 0, 10, 0).Quantiles();
  EXPECT_EQ(quantiles[0], 10000);
  EXPECT_EQ(quantiles[5], std::round(10000 + 100 * 1.959964));
}

}  // namespace
}  // namespace restock
