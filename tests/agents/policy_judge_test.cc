#include "agents/policy_judge.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agents/classical_rules.h"
#include "agents/installation_stock_policy.h"
#include "common/error.h"

namespace restock {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

// Demand of 3 units in every period, nothing on hand at first, a lead time of 1, orders up to 7: period 0 orders 7,
// sells nothing and pays 10 * 3; period 1 has 7 and holds 4; period 2 has 4, orders 3 and holds 1; so do all that
// follow.
Problem Steady(const std::string& protocol) {
  return ReadProblem(ParseConfig("protocol: " + protocol + R"(
demand: {location: store, kind: uniform, low: 3, high: 3}
network:
  locations: [{name: store, holding_cost: 1, stockout_cost: 10, unit_value: 2}]
  lanes: [{from: supplier, to: store, lead_time: 1}]
)",
                                 "problem.yaml"));
}

std::vector<PathCost> Judge(const Problem& problem) {
  const PolicyJudge judge(problem, problem.protocol, Random(1));
  return judge.Judge(InstallationStockPolicy(Eigen::ArrayXf::Constant(1, 7)), RuleFeatures(), /*num_threads=*/1);
}

TEST(PolicyJudgeTest, AverageIsPerPeriodAfterTheWarmUp) {
  EXPECT_NEAR(Judge(Steady("{periods: 5, warm_up: 1, runs: 2}"))[0].cost, (4 + 4 * 1) / 5.0, 1e-12);
  EXPECT_NEAR(Judge(Steady("{periods: 5, warm_up: 0, runs: 2}"))[0].cost, (30 + 4 + 3 * 1) / 5.0, 1e-12);
}

TEST(PolicyJudgeTest, DiscountedCostsCountInFullAfterTheWarmUp) {
  const Problem cold = Steady("{kind: discounted, discount: 0.5, runs: 2}");
  EXPECT_EQ(cold.protocol.num_periods, 20);  // 2^-20 is the first below a millionth
  EXPECT_NEAR(Judge(cold)[0].cost, 30 + 4 * 0.5 + 0.5, 1e-4);
  const Problem warm = Steady("{kind: discounted, discount: 0.5, warm_up: 3, periods: 3, runs: 2}");
  EXPECT_NEAR(Judge(warm)[0].cost, 1 + 0.5 + 0.25, 1e-12);
}

// at the end 1 unit is left and 3 have just come: a credit of 2 each
TEST(PolicyJudgeTest, AFiniteHorizonIsASumWithACreditForWhatIsLeft) {
  const PathCost path = Judge(Steady("{kind: finite_horizon, periods: 4, runs: 2}"))[0];
  EXPECT_NEAR(path.cost, 30 + 4 + 2 * 1 - 2 * 4, 1e-12);
  EXPECT_NEAR(path.parts[kStockout], 30, 1e-12);
  EXPECT_NEAR(path.parts[kHolding], 6, 1e-12);
  EXPECT_EQ(path.demand, 12);
  EXPECT_EQ(path.sold, 9);
  EXPECT_EQ(path.num_short, 1);
  EXPECT_EQ(path.num_site_periods, 4);
}

TEST(PolicyJudgeTest, DemandIsTheSameForAllAndForAnyNumberOfThreads) {
  const Problem problem = ReadProblem(LoadConfig("configs/problems/lost_sales.yaml"));
  EvaluationProtocol protocol = problem.protocol;
  protocol.num_periods = 50;
  protocol.num_runs = 150;  // the last block is not full
  const InstallationStockPolicy policy(Eigen::ArrayXf::Constant(1, 25));
  const PolicyJudge drawn(problem, protocol, Random(5)), kept(problem, protocol, Random(5), /*keep_demand=*/true);
  const std::vector<PathCost> paths = drawn.Judge(policy, RuleFeatures(), 1);
  EXPECT_EQ(paths.size(), 150u);
  const auto expect_equal = [&](const std::vector<PathCost>& others) {
    for (size_t path = 0; path < paths.size(); ++path) ASSERT_EQ(paths[path].cost, others[path].cost) << path;
  };
  expect_equal(drawn.Judge(policy, RuleFeatures(), 2));
  expect_equal(drawn.Judge(policy, {}, 2));
  expect_equal(kept.Judge(policy, RuleFeatures(), 1));
  EXPECT_NE(paths[0].cost, paths[64].cost);
}

TEST(PolicyJudgeTest, StandardErrorIsThatOfTheMean) {
  const CostEstimate estimate = MeanOf({{.cost = 1}, {.cost = 2}, {.cost = 6}});
  EXPECT_DOUBLE_EQ(estimate.mean, 3);
  EXPECT_NEAR(estimate.standard_error, std::sqrt((4 + 1 + 9) / 2.0 / 3.0), 1e-12);
}

// What comes in after the first period can be sold: who knows demand pays for the first period alone.
TEST(PolicyJudgeTest, KnowingDemandCostsWhatTheProtocolCounts) {
  const auto known = [](const std::string& protocol) {
    const Problem problem = Steady(protocol);
    return PolicyJudge(problem, problem.protocol, Random(1)).PerfectInformation(2, 1)[1];
  };
  EXPECT_NEAR(known("{periods: 5, warm_up: 0, runs: 2}"), 30 / 5.0, 1e-9);
  EXPECT_NEAR(known("{periods: 5, warm_up: 1, runs: 2}"), 0, 1e-9);
  EXPECT_NEAR(known("{kind: discounted, discount: 0.5, periods: 4, runs: 2}"), 30, 1e-9);
}

TEST(ProtocolTest, SaysWhatIsWrong) {
  const auto expect = [](const std::string& protocol, const std::string& words) {
    EXPECT_THAT([&] { Steady(protocol); }, ThrowsMessage<ConfigError>(HasSubstr(words)));
  };
  expect("{kind: discounted}", "needs a discount");
  expect("{kind: discounted, discount: 1}", "protocol.discount must be");
  expect("{kind: finite_horizon}", "needs periods");
  expect("{discount: 0.9}", "unknown key protocol.discount");
  expect("{runs: 1}", "protocol.runs must be");
}

}  // namespace
}  // namespace restock
