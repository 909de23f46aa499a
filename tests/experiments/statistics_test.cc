#include "experiments/statistics.h"

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

}  // namespace
}  // namespace restock
