#include "experiments/table_rows.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace restock {
namespace {

TableRow Row(const std::string& instance, const std::string& policy, std::optional<int> seed, double cost,
             std::optional<double> gap, std::optional<double> beside_rule) {
  return {.block = 0,
          .instance = instance,
          .policy = policy,
          .seed = seed,
          .cost = cost,
          .gap = gap,
          .beside_rule = beside_rule};
}

// Two instances, one agent with four seeds, the best rule of each.
std::vector<TableRow> SomeRows() {
  std::vector<TableRow> rows;
  for (int seed = 1; seed <= 4; ++seed) {
    rows.push_back(Row("a", "ppo", seed, 100 + seed, 0.01 * seed, -0.1));
    rows.push_back(Row("b", "ppo", seed, 200, 0.1, -0.2));
  }
  std::ranges::stable_sort(rows, {}, &TableRow::instance);
  rows.push_back(Row("a", "rule", {}, 120, 0.2, 0));
  rows.push_back(Row("b", "rule", {}, 250, 0.25, 0));
  return rows;
}

TEST(TableRowsTest, MeansAndIntervalsAreThoseOfAllRuns) {
  const std::vector<PolicySummary> policies = SummarizeBlock(SomeRows(), 0, /*beside_rule=*/false);
  ASSERT_EQ(policies.size(), 2u);
  const PolicySummary& ppo = policies[0];
  EXPECT_EQ(ppo.policy, "ppo");
  EXPECT_TRUE(ppo.is_learned);
  EXPECT_NEAR(ppo.mean, (0.1 + 0.4) / 8, 1e-12);
  // of 1, 2, 3, 4, 10, 10, 10, 10 per cent the middle four
  EXPECT_NEAR(ppo.interquartile_mean, (0.03 + 0.04 + 0.1 + 0.1) / 4, 1e-12);
  EXPECT_EQ(ppo.worst_instance, "b");
  EXPECT_NEAR(ppo.beside_rule.value(), -0.15, 1e-12);
  // all that a bootstrap can do within instances: the seeds of a are all the best, or all the worst, the four of b stay
  ASSERT_TRUE(ppo.interval.has_value());
  EXPECT_GE(ppo.interval->low, (0.01 + 0.01 + 0.1 + 0.1) / 4);
  EXPECT_LE(ppo.interval->high, (0.04 + 0.04 + 0.1 + 0.1) / 4);
  EXPECT_LT(ppo.interval->low, ppo.interquartile_mean);
  EXPECT_GT(ppo.interval->high, ppo.interquartile_mean);
  EXPECT_FALSE(policies[1].interval.has_value()) << "a rule has no seeds";
}

TEST(TableRowsTest, TheProfileCountsRunsWithinAGap) {
  const PolicySummary ppo = SummarizeBlock(SomeRows(), 0, false)[0];
  EXPECT_EQ(PerformanceProfile(ppo, 0.005), 0);
  EXPECT_EQ(PerformanceProfile(ppo, 0.025), 0.25);
  EXPECT_EQ(PerformanceProfile(ppo, 0.1), 1);
}

TEST(TableRowsTest, WhereNoBoundIsKnownTheBestRuleIsTheMeasure) {
  std::vector<TableRow> rows = SomeRows();
  rows[0].gap.reset();
  const std::vector<PolicySummary> policies = SummarizeBlock(rows, 0, false);
  EXPECT_TRUE(policies[0].is_beside_rule);
  EXPECT_NEAR(policies[0].mean, -0.15, 1e-12);
  EXPECT_TRUE(SummarizeBlock(SomeRows(), 0, true)[0].is_beside_rule);
  EXPECT_TRUE(SummarizeBlock(rows, 1, false).empty());
}

TEST(TableRowsTest, APolicyThatMissesInstancesIsLeftOut) {
  std::vector<TableRow> rows = SomeRows();
  rows.push_back(Row("a", "capped", {}, 110, 0.05, -0.05));
  EXPECT_EQ(SummarizeBlock(rows, 0, false).size(), 2u);
}

}  // namespace
}  // namespace restock
