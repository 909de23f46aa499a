#include "env/markov_chain.h"

#include <gtest/gtest.h>

#include "tests/env/chance_tests.h"

namespace restock {
namespace {

using Matrix = std::vector<std::vector<double>>;

// (period, env)
std::vector<std::vector<uint8_t>> Draw(const MarkovChain& chain, int num_periods, int index = 0) {
  std::vector<std::vector<uint8_t>> drawn;
  for (int period = 0; period < num_periods; ++period) {
    drawn.emplace_back(kBlockSize);
    chain.States(period, BlockOfScenarios(7), index, drawn.back().data());
  }
  return drawn;
}

TEST(MarkovChainTest, StationaryProbabilitiesStayAsTheyAre) {
  // flow out of 0 equals flow into it: 0.3 p = 0.1 (1 - p)
  EXPECT_NEAR(StationaryProbabilities({{0.7, 0.3}, {0.1, 0.9}})[0], 0.25, 1e-12);
  // a cycle, and two classes that never meet
  for (const double one : StationaryProbabilities({{0, 1, 0}, {0, 0, 1}, {1, 0, 0}})) EXPECT_NEAR(one, 1 / 3.0, 1e-12);
  const std::vector<double> two_classes = StationaryProbabilities({{1, 0, 0}, {0, 0.5, 0.5}, {0, 0.25, 0.75}});
  EXPECT_NEAR(two_classes[0], 1 / 3.0, 1e-12);
  EXPECT_NEAR(two_classes[1], 2 / 9.0, 1e-12);
  // hardly ever a change
  EXPECT_NEAR(StationaryProbabilities({{1 - 1e-9, 1e-9}, {3e-9, 1 - 3e-9}})[0], 0.75, 1e-6);
}

// Forwards, with the same random words and cuts worked out by hand. Of rows (0.3, 0.7) and (0.9, 0.1) the first 0.3
// go to state 0 from both, the next 0.1 to state 1; then 0 goes to 1 and 1 goes to 0.
TEST(MarkovChainTest, LookingBackGivesTheSameAsGoingForward) {
  const Random random = Random(12).Stream("chain");
  const MarkovChain chain({{0.3, 0.7}, {0.9, 0.1}}, {1, 0}, random);
  const auto drawn = Draw(chain, 500, /*index=*/3);
  for (int env = 0; env < kBlockSize; ++env) {
    uint8_t state = 0;
    for (int period = 0; period < 500; ++period) {
      if (period > 0) {
        const auto words = Philox({static_cast<uint32_t>(7 + env), static_cast<uint32_t>(period / 4), 3, 0},
                                  {static_cast<uint32_t>(random.key()), static_cast<uint32_t>(random.key() >> 32)});
        const double uniform = words[static_cast<size_t>(period % 4)] * 0x1p-32;
        state = uniform < 0.3 ? 0 : uniform < 0.4 ? 1 : 1 - state;
      }
      ASSERT_EQ(drawn[static_cast<size_t>(period)][static_cast<size_t>(env)], state);
    }
  }
}

// Nothing ever coalesces: the state is found back to period 0.
TEST(MarkovChainTest, FollowsACycleFromItsFirstState) {
  const MarkovChain chain({{0, 1, 0}, {0, 0, 1}, {1, 0, 0}}, {0, 1, 0}, Random(2));
  const auto drawn = Draw(chain, 50);
  for (size_t period = 0; period < 50; ++period)
    for (const uint8_t state : drawn[period]) ASSERT_EQ(state, (period + 1) % 3);
}

// Pairs and triples of states that follow each other, each of 64 x 3000.
TEST(MarkovChainTest, StatesFollowEachOtherAsTheTransitionsSay) {
  const Matrix transition = {{0.9, 0.1, 0}, {0.05, 0.8, 0.15}, {0.3, 0, 0.7}};
  const MarkovChain chain(transition, {}, Random(21).Stream("chain"));
  const auto drawn = Draw(chain, 3002);
  std::vector<double> after[3][3];  // by the state before, and the one before it
  for (auto& row : after)
    for (auto& counts : row) counts.resize(3);
  for (size_t period = 2; period < drawn.size(); ++period) {
    for (size_t env = 0; env < kBlockSize; ++env)
      ++after[drawn[period - 1][env]][drawn[period - 2][env]][drawn[period][env]];
  }
  for (size_t before = 0; before < 3; ++before) {
    for (size_t earlier = 0; earlier < 3; ++earlier) {
      if (transition[earlier][before] == 0) continue;
      EXPECT_GT(ChiSquaredTest(after[before][earlier], transition[before]), 1e-4) << earlier << before;
    }
  }
}

// Scenarios are independent: 200 blocks, the states of one period far from the first and of the first.
TEST(MarkovChainTest, HasTheStationaryDistributionFromTheFirstPeriodOn) {
  const MarkovChain chain({{0.95, 0.05}, {0.2, 0.8}}, {}, Random(22).Stream("chain"));
  for (const int period : {0, 1, 37, 1000}) {
    std::vector<double> counts(2);
    for (int block = 0; block < 200; ++block) {
      std::array<uint8_t, kBlockSize> state;
      chain.States(period, BlockOfScenarios(block * kBlockSize), 0, state.data());
      for (const uint8_t one : state) ++counts.at(one);
    }
    EXPECT_GT(ChiSquaredTest(counts, {0.8, 0.2}), 1e-4) << period;
  }
}

TEST(MarkovChainTest, IsTheSameInAnyOrderAndDiffersByIndex) {
  const MarkovChain chain({{0.95, 0.05}, {0.2, 0.8}}, {}, Random(23));
  std::vector<int> scenarios = BlockOfScenarios(0);
  std::vector<uint8_t> forward(kBlockSize), backward(kBlockSize), other(kBlockSize);
  chain.States(99, scenarios, 0, forward.data());
  chain.States(99, scenarios, 1, other.data());
  std::reverse(scenarios.begin(), scenarios.end());
  chain.States(99, scenarios, 0, backward.data());
  std::reverse(backward.begin(), backward.end());
  EXPECT_EQ(forward, backward);
  EXPECT_NE(forward, other);
}

TEST(MarkovChainTest, KnowsTheProbabilitiesSomePeriodsAhead) {
  const MarkovChain chain({{0.5, 0.5}, {0, 1}}, {1, 0}, Random(1));
  EXPECT_NEAR(chain.After(3, {1, 0})[0], 0.125, 1e-15);
  EXPECT_EQ(chain.After(0, {0.25, 0.75}), std::vector<double>({0.25, 0.75}));
}

}  // namespace
}  // namespace restock
