#include "experiments/comparison.h"

#include <gtest/gtest.h>

namespace restock {
namespace {

ScenarioOutcome Cost(double cost) {
  ScenarioOutcome outcome;
  outcome.cost = cost;
  outcome.warehouse_cost = {cost / 4, cost * 3 / 4};
  outcome.product_cost = {cost};
  return outcome;
}

// Two scenarios; a rule that pays 10 and 20, a learner whose seeds pay 9, 17 and 7, 19, an LP that only met the first
// scenario.
SetEvaluation HandMade() {
  SetEvaluation set{
      .name = "scenarios", .description = "", .num_scenarios = 2, .num_periods = 10, .num_lp_scenarios = 1};
  set.policies.push_back({"base_stock", {}, /*is_rule=*/true, false, {Cost(10), Cost(20)}});
  set.policies.push_back({"forecast_quantile", {}, /*is_rule=*/true, false, {Cost(12), Cost(22)}});
  set.policies.push_back({"lp", {}, false, /*is_slow=*/true, {Cost(8)}});
  set.policies.push_back({"ppo", 1, false, false, {Cost(9), Cost(17)}});
  set.policies.push_back({"ppo", 2, false, false, {Cost(7), Cost(19)}});
  set.bound = {5};
  return set;
}

const PolicyRow& Row(const ComparisonTable& table, const std::string& name) {
  for (const PolicyRow& row : table.rows) {
    if (row.name == name) return row;
  }
  ADD_FAILURE() << "no row " << name;
  return table.rows.front();
}

TEST(ComparisonTest, PutsTheSeedsOfAPolicyIntoOneRow) {
  const ComparisonTable table = Compare(HandMade(), {}, Random(1));
  ASSERT_EQ(table.rows.size(), 4u);
  const PolicyRow& ppo = Row(table, "ppo");
  EXPECT_DOUBLE_EQ(ppo.mean_cost, 13);
  EXPECT_DOUBLE_EQ(ppo.standard_error.value(), 5);  // seeds averaged first: 8 and 18
  EXPECT_DOUBLE_EQ(ppo.seed_deviation.value(), 0);
  ASSERT_EQ(ppo.seeds.size(), 2u);
  EXPECT_EQ(ppo.seeds[1].seed, 2);
  EXPECT_DOUBLE_EQ(ppo.seeds[1].mean_cost, 13);
}

TEST(ComparisonTest, ComparesWithTheCheapestRuleScenarioByScenario) {
  const ComparisonTable table = Compare(HandMade(), {}, Random(1));
  EXPECT_EQ(table.best_rule, "base_stock");
  EXPECT_FALSE(Row(table, "base_stock").difference);
  const Difference& difference = Row(table, "ppo").difference.value();
  EXPECT_DOUBLE_EQ(difference.mean, -2);
  EXPECT_DOUBLE_EQ(difference.interval->low, -2);  // 8 - 10 and 18 - 20: the same in both scenarios
  EXPECT_DOUBLE_EQ(difference.interval->high, -2);
  EXPECT_DOUBLE_EQ(difference.relative, -2.0 / 15);
  // the first seed alone: 9 - 10 and 17 - 20, mean -2, standard error 1, Student's quantile for two values 12.706
  EXPECT_NEAR(Row(table, "ppo").seeds[0].difference->interval->low, -2 - 12.706, 1e-3);
  EXPECT_NEAR(Row(table, "ppo").seeds[0].difference->interval->high, -2 + 12.706, 1e-3);
}

TEST(ComparisonTest, ASlowPolicyIsComparedOnItsScenariosOnly) {
  const PolicyRow lp = Row(Compare(HandMade(), {}, Random(1)), "lp");
  EXPECT_EQ(lp.num_scenarios, 1);
  EXPECT_EQ(lp.difference->num_scenarios, 1);
  EXPECT_DOUBLE_EQ(lp.difference->mean, -2);
  EXPECT_DOUBLE_EQ(lp.difference->relative, -0.2);
}

TEST(ComparisonTest, TheGapIsTakenOnTheScenariosOfTheBound) {
  const ComparisonTable table = Compare(HandMade(), {}, Random(1));
  EXPECT_DOUBLE_EQ(Row(table, "base_stock").gap_to_bound.value(), 1);  // (10 - 5) / 5
  EXPECT_DOUBLE_EQ(Row(table, "ppo").bound_cost.value(), 8);
  EXPECT_DOUBLE_EQ(Row(table, "ppo").gap_to_bound.value(), 0.6);
}

TEST(ComparisonTest, AProfitIsANegativeCostAndItsGapStaysPositive) {
  SetEvaluation set = HandMade();
  for (PolicyOutcome& policy : set.policies) {
    for (ScenarioOutcome& scenario : policy.scenarios) scenario.cost -= 100;
  }
  set.bound = {-95};
  EXPECT_DOUBLE_EQ(Row(Compare(set, {}, Random(1)), "base_stock").gap_to_bound.value(), 5.0 / 95);
}

// Held-out demand: two windows of the same days. Rule 15 and learner 13 on average; the warehouses, each as if the
// network were like it, pay 7.5 and 22.5 against 6.5 and 19.5: differences -1 and -3, mean -2, standard error 1.
TEST(ComparisonTest, WindowsOfHeldOutDemandAreNoNewDraws) {
  SetEvaluation set = HandMade();
  set.is_one_stretch = true;
  const Difference difference = Row(Compare(set, {}, Random(1)), "ppo").difference.value();
  EXPECT_DOUBLE_EQ(difference.mean, -2);
  EXPECT_NEAR(difference.interval->low, -2 - 12.706, 1e-3);
  EXPECT_NEAR(difference.interval->high, -2 + 12.706, 1e-3);

  // the same windows again and again teach nothing
  for (PolicyOutcome& policy : set.policies) {
    const auto windows = policy.scenarios;
    for (int i = 0; i < 20; ++i) policy.scenarios.insert(policy.scenarios.end(), windows.begin(), windows.end());
  }
  const Difference repeated = Row(Compare(set, {}, Random(1)), "ppo").difference.value();
  EXPECT_NEAR(repeated.interval->low, difference.interval->low, 1e-9);
  EXPECT_NEAR(repeated.interval->high, difference.interval->high, 1e-9);
}

TEST(ComparisonTest, OneProductInOneWarehouseHasNoIntervalOnHeldOutDemand) {
  SetEvaluation set = HandMade();
  set.is_one_stretch = true;
  for (PolicyOutcome& policy : set.policies) {
    for (ScenarioOutcome& scenario : policy.scenarios) scenario.warehouse_cost = {scenario.cost};
  }
  const Difference difference = Row(Compare(set, {}, Random(1)), "ppo").difference.value();
  EXPECT_DOUBLE_EQ(difference.mean, -2);
  EXPECT_FALSE(difference.interval);
  EXPECT_FALSE(Row(Compare(set, {}, Random(1)), "ppo").standard_error);
}

TEST(ComparisonTest, ServiceIsARatioOfSums) {
  SetEvaluation set = HandMade();
  set.policies[0].scenarios[0].demand = 100;
  set.policies[0].scenarios[0].sold = 90;
  set.policies[0].scenarios[1].demand = 300;
  set.policies[0].scenarios[1].sold = 300;
  set.policies[0].scenarios[0].mean_on_hand = set.policies[0].scenarios[1].mean_on_hand = 50;
  const PolicyRow row = Row(Compare(set, {}, Random(1)), "base_stock");
  EXPECT_DOUBLE_EQ(row.fill_rate, 390.0 / 400);
  EXPECT_NEAR(row.turns, 195 / 50.0 * 36.525, 1e-9);  // ten days
}

}  // namespace
}  // namespace restock
