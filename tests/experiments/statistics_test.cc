#include "experiments/statistics.h"

#include <cmath>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace restock {
namespace {

TEST(StatisticsTest, MeanAndErrorsAreThoseOfTheTextbook) {
  const std::vector<double> values = {1, 2, 3, 4};
  EXPECT_DOUBLE_EQ(Mean(values), 2.5);
  EXPECT_NEAR(StandardDeviation(values), 1.2909944487, 1e-10);  // sqrt(5 / 3)
  EXPECT_NEAR(StandardError(values), 0.6454972244, 1e-10);      // sqrt(5 / 3) / 2
  EXPECT_EQ(StandardDeviation(std::vector<double>{7}), 0);
}

TEST(StatisticsTest, InterquartileMeanIgnoresTheOutliersOfEitherSide) {
  EXPECT_DOUBLE_EQ(InterquartileMean(std::vector<double>{8, 1, 7, 2, 6, 3, 5, 4}), 4.5);  // of 3, 4, 5, 6
  EXPECT_DOUBLE_EQ(InterquartileMean(std::vector<double>{1000, 10, 20, 0}), 15);
  EXPECT_DOUBLE_EQ(InterquartileMean(std::vector<double>{3, 1, 2}), 2);  // too few to cut
}

TEST(StatisticsTest, QuantilesLieBetweenTheValues) {
  const std::vector<double> sorted = {0, 10, 20, 30};
  EXPECT_DOUBLE_EQ(SortedQuantile(sorted, 0), 0);
  EXPECT_DOUBLE_EQ(SortedQuantile(sorted, 0.25), 7.5);
  EXPECT_DOUBLE_EQ(SortedQuantile(sorted, 1), 30);
}

// Two blocks, 0 and 1: the mean of a resample is 0, 1/2 or 1 with probability 1/4, 1/2 and 1/4.
TEST(BlockBootstrapTest, FindsTheDistributionOfTwoBlocks) {
  const std::vector<double> blocks = {0, 1};
  const Interval inner = BlockBootstrap(blocks, 0.4, 4000, Random(1));
  EXPECT_EQ(inner.low, 0.5);
  EXPECT_EQ(inner.high, 0.5);
  const Interval outer = BlockBootstrap(blocks, 0.6, 4000, Random(1));
  EXPECT_EQ(outer.low, 0);
  EXPECT_EQ(outer.high, 1);
}

TEST(BlockBootstrapTest, EqualBlocksLeaveNoDoubt) {
  const Interval interval = BlockBootstrap(std::vector<double>(10, -3.5), 0.95, 1000, Random(2));
  EXPECT_EQ(interval.low, -3.5);
  EXPECT_EQ(interval.high, -3.5);
}

// Of many independent blocks the interval is the normal one: mean +- 1.96 standard errors.
TEST(BlockBootstrapTest, ComesNearTheNormalIntervalForManyBlocks) {
  RandomStream stream = Random(3).At(0);
  std::vector<double> blocks(400);
  for (double& block : blocks) block = 5 + 2 * stream.Normal();
  const Interval interval = BlockBootstrap(blocks, 0.95, 20'000, Random(4));
  const double reach = 1.96 * StandardError(blocks);
  EXPECT_NEAR(interval.low, Mean(blocks) - reach, 0.05 * reach);
  EXPECT_NEAR(interval.high, Mean(blocks) + reach, 0.05 * reach);
}

TEST(BlockBootstrapTest, SameSeedSameInterval) {
  const std::vector<double> blocks = {1, 4, 2, 8, 5, 7};
  const Interval once = BlockBootstrap(blocks, 0.9, 500, Random(5));
  const Interval again = BlockBootstrap(blocks, 0.9, 500, Random(5));
  EXPECT_EQ(once.low, again.low);
  EXPECT_EQ(once.high, again.high);
}

// The textbook: mean 2.5, standard error 0.6455, three degrees of freedom, quantile 3.182.
TEST(StudentIntervalTest, OfOneGroupingIsTheTextbooks) {
  const Interval interval = StudentInterval({{1, 2, 3, 4}}, 0.95).value();
  EXPECT_NEAR(interval.low, 2.5 - 3.182446 * 0.6454972, 1e-5);
  EXPECT_NEAR(interval.high, 2.5 + 3.182446 * 0.6454972, 1e-5);
}

// Squared errors 1 and 1/4; Satterthwaite: 1.25^2 / (1^2 / 1 + 0.25^2 / 1) = 1.4706 degrees of freedom.
TEST(StudentIntervalTest, AddsTheErrorsOfTwoGroupings) {
  const Groupings groupings = {{1, 3}, {1.5, 2.5}};
  EXPECT_NEAR(StandardError(groupings), std::sqrt(1.25), 1e-12);
  const Interval interval = StudentInterval(groupings, 0.5).value();
  EXPECT_NEAR(interval.low + interval.high, 4, 1e-12);
  EXPECT_GT(interval.high - 2, std::sqrt(1.25) * 0.816);  // quantile 0.75 for 2 degrees of freedom
  EXPECT_LT(interval.high - 2, std::sqrt(1.25) * 1.0);    // for 1
}

TEST(StudentIntervalTest, NeedsTwoValuesSomewhere) {
  EXPECT_FALSE(StudentInterval({{5}}, 0.95));
  EXPECT_FALSE(StudentInterval({{5}, {5}}, 0.95));
  EXPECT_TRUE(StudentInterval({{5}, {4, 6}}, 0.95));
  EXPECT_EQ(StudentInterval({{5, 5}, {5}}, 0.95)->high, 5);  // equal values leave no doubt
}

// How often a 95 % interval holds the true mean 0, over simulated differences of 4 warehouses and 20 products with
// effects of the given size, of noise 1.
double Coverage(double warehouse_effect, double product_effect, uint64_t seed) {
  constexpr int kNumTrials = 2000, kNumWarehouses = 4, kNumProducts = 20;
  int num_held = 0;
  for (int trial = 0; trial < kNumTrials; ++trial) {
    RandomStream stream = Random(seed).At(static_cast<uint64_t>(trial));
    std::vector<double> of_product(kNumProducts);
    for (double& effect : of_product) effect = product_effect * stream.Normal();
    Groupings groupings = {std::vector<double>(kNumWarehouses), std::vector<double>(kNumProducts)};
    for (double& warehouse : groupings[0]) {
      const double effect = warehouse_effect * stream.Normal();
      for (int i = 0; i < kNumProducts; ++i) {
        const auto product = static_cast<size_t>(i);
        const double difference = effect + of_product[product] + stream.Normal();
        warehouse += difference / kNumProducts;
        groupings[1][product] += difference / kNumWarehouses;
      }
    }
    num_held += StudentInterval(groupings, 0.95)->Contains(0);
  }
  return num_held / static_cast<double>(kNumTrials);
}

// A standard error of a share over 2000 trials is 0.005. Noise alone is counted twice, so that its interval is wide.
TEST(StudentIntervalTest, HoldsTheTruthAsOftenAsItSays) {
  EXPECT_NEAR(Coverage(1, 1, 11), 0.95, 0.02);
  EXPECT_NEAR(Coverage(1, 0, 12), 0.955, 0.02);
  EXPECT_NEAR(Coverage(0, 1, 13), 0.97, 0.02);
  EXPECT_GE(Coverage(0, 0, 14), 0.95);
}

// Eight values, as many as scenarios that an LP is judged on: the bootstrap's interval is too narrow, Student's is not.
TEST(MeanIntervalTest, OfFewValuesIsNotTooNarrow) {
  constexpr int kNumTrials = 2000;
  int num_held = 0, num_held_by_bootstrap = 0;
  for (int trial = 0; trial < kNumTrials; ++trial) {
    RandomStream stream = Random(21).At(static_cast<uint64_t>(trial));
    std::vector<double> values(8);
    for (double& value : values) value = stream.Normal();
    num_held += MeanInterval(values, 0.95, 400, Random(22))->Contains(0);
    num_held_by_bootstrap += BlockBootstrap(values, 0.95, 400, Random(22)).Contains(0);
  }
  EXPECT_NEAR(num_held / static_cast<double>(kNumTrials), 0.95, 0.015);
  EXPECT_LT(num_held_by_bootstrap / static_cast<double>(kNumTrials), 0.92);
}

}  // namespace
}  // namespace restock
