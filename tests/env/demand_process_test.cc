#include "env/demand_process.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/error.h"

namespace restock {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

DemandProcess Read(const std::string& text) {
  ConfigNode node = ParseConfig("demand: " + text, "problem.yaml").Child("demand");
  const DemandProcess demand = ReadDemandProcess(node);
  node.ExpectNoMoreKeys();
  return demand;
}

TEST(DemandProcessTest, AListRepeatsItsLastValue) {
  const DemandProcess demand = Read("{kind: list, values: [4, 4, 4, 4, 8]}");
  EXPECT_EQ(demand.Value(0), 4);
  EXPECT_EQ(demand.Value(4), 8);
  EXPECT_EQ(demand.Value(35), 8);
  EXPECT_TRUE(demand.is_whole());
  EXPECT_FALSE(demand.is_stationary());
  EXPECT_FALSE(Read("{kind: list, values: [0.5]}").is_whole());
}

TEST(DemandProcessTest, EffectsMultiplyTheMean) {
  const DemandProcess demand =
      Read("{mean: 20, trend: 0.05, season: {amplitude: 0.5, periods: 30}, shock: {factor: 2, period: 15}}");
  EXPECT_EQ(demand.Factor(0), 1);
  EXPECT_NEAR(demand.Factor(5), 1.25 * (1 + 0.5 * std::sqrt(3) / 2), 1e-12);  // sin(60 degrees)
  EXPECT_NEAR(demand.Factor(14), 1.7 * (1 + 0.5 * std::sin(28 * M_PI / 30)), 1e-12);
  EXPECT_NEAR(demand.Factor(15), 1.75 * 1 * 2, 1e-12);  // sin(180 degrees)
  EXPECT_NEAR(demand.At(15, 0).moments().mean, 70, 1e-9);
  EXPECT_FALSE(demand.is_stationary());
  // no demand is below zero
  EXPECT_EQ(Read("{mean: 20, trend: -0.1}").Factor(11), 0);
}

TEST(DemandProcessTest, StatesHaveTheirDistributionsAndTransitions) {
  const DemandProcess demand = Read(
      "{kind: markov, first: [1, 0], states: [{kind: poisson, mean: 3, next: [0.9, 0.1]}, "
      "{kind: uniform, high: 4, next: [0.3, 0.7]}]}");
  EXPECT_EQ(demand.num_states(), 2);
  EXPECT_EQ(demand.At(7, 1).kind, DemandKind::kUniform);
  EXPECT_EQ(demand.transition, (std::vector<std::vector<double>>{{0.9, 0.1}, {0.3, 0.7}}));
  EXPECT_EQ(demand.FirstMean(), 3);
  EXPECT_NEAR(Read("{kind: markov, states: [{mean: 3, next: [0.9, 0.1]}, {mean: 11, next: [0.3, 0.7]}]}").FirstMean(),
              0.75 * 3 + 0.25 * 11, 1e-12);
}

TEST(DemandProcessTest, SaysWhatIsWrong) {
  const auto expect = [](const std::string& text, const char* message) {
    EXPECT_THAT([&] { Read(text); }, ThrowsMessage<ConfigError>(HasSubstr(message))) << text;
  };
  expect("{kind: list}", "needs at least one value");
  expect("{kind: list, values: [4, .nan]}", "demand.values.1 must be a finite number");
  expect("{kind: list, values: [4, -1]}", "between 0 and");
  expect("{kind: list, values: [4], trend: 0.1}", "unknown key demand.trend");
  expect("{kind: uniform, high: 4, trend: 0.1}", "no mean to multiply");
  expect("{mean: 5, season: {amplitude: 0.5}}", "season needs periods");
  expect("{mean: 5, season: {amplitude: 1.5, periods: 7}}", "amplitude must be between -1 and 1");
  expect("{mean: 5, season: {amplitude: 0.5, periods: 0}}", "periods must be");
  expect("{mean: 5, shock: {factor: -1, period: 3}}", "factor must be");
  expect("{mean: 5, shock: {factor: 2}}", "shock needs period");
  expect("{mean: 5, shock: {factor: 2, period: 3, height: 1}}", "unknown key");
  expect("{kind: markov}", "needs 2 to 16 states, but has 0");
  expect("{kind: markov, states: [{mean: 3}, {mean: 4, next: [0, 1]}]}", "needs next");
  expect("{kind: markov, states: [{mean: 3, next: [1]}, {mean: 4, next: [0, 1]}]}", "each of the 2 states, but has 1");
  expect("{kind: markov, states: [{mean: 3, next: [0.5, 0.4]}, {mean: 4, next: [0, 1]}]}", "must sum to 1");
  expect("{kind: markov, first: [2, -1], states: [{mean: 3, next: [1, 0]}, {mean: 4, next: [0, 1]}]}",
         "between 0 and 1");
  expect("{kind: poison, mean: 3}", "poisson");
}

}  // namespace
}  // namespace restock
