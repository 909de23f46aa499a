#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/config_node.h"
#include "env/problem_file.h"
#include "optimization/one_site_problem.h"
#include "tests/optimization/follow_policy.h"

namespace restock {
namespace {

// Poisson demand, backorders, h = 1, no lead time: Zheng & Federgruen (1991), "Finding optimal (s, S) policies is about
// as simple as evaluating a single policy" (K = 64, p = 9), and Snyder & Shen, "Fundamentals of Supply Chain Theory",
// 2nd ed., example 4.7 (the first row).
struct FixedOrderCostCase {
  int mean;
  int order_cost;
  int shortage_cost;
  int reorder_point;  // s: at or below it an order is placed ...
  int order_up_to;    // S: ... up to here
  double optimum;
};

Problem ReadCase(const FixedOrderCostCase& one, int lead_time = 0) {
  return ReadProblem(
      LoadConfig("configs/problems/fixed_order_cost.yaml",
                 {fmt::format("demand.mean={}", one.mean), fmt::format("order_cost={}", one.order_cost),
                  fmt::format("shortage_cost={}", one.shortage_cost), fmt::format("lead_time={}", lead_time)}));
}

class FixedOrderCostOptimumTest : public testing::TestWithParam<FixedOrderCostCase> {};

TEST_P(FixedOrderCostOptimumTest, IsThePublishedOne) {
  const FixedOrderCostCase& expected = GetParam();
  const Problem problem = ReadCase(expected);
  const OneSiteSolution solution = SolveOneSite(*problem.network, problem.demand[0]);
  EXPECT_NEAR(solution.optimum.cost(), expected.optimum, 6e-4);

  // nothing above s, and up to S from every level that the policy comes to at or below it
  const OneSiteProblem solved(*problem.network, problem.demand[0], solution.bounds);
  const std::vector<double> share =
      StationaryDistribution(solved, solution.optimum.policy, solved.StateOf(expected.order_up_to, {}));
  for (int state = 0; state < solved.num_states(); ++state) {
    if (share[static_cast<size_t>(state)] < 1e-7) continue;
    const int level = solved.LevelOf(state);
    const int order = solved.OrdersOf(state, solution.optimum.policy[static_cast<size_t>(state)])[0];
    EXPECT_EQ(order, level <= expected.reorder_point ? expected.order_up_to - level : 0) << "at level " << level;
  }
}

std::string NameOf(const testing::TestParamInfo<FixedOrderCostCase>& info) {
  return fmt::format("Mean{}OrderCost{}", info.param.mean, info.param.order_cost);
}
const std::vector<FixedOrderCostCase> kTable = {
    {6, 5, 4, 4, 10, 8.0341},     {10, 64, 9, 6, 40, 35.022},   {15, 64, 9, 10, 49, 42.698},
    {20, 64, 9, 14, 62, 49.173},  {21, 64, 9, 15, 65, 50.406},  {22, 64, 9, 16, 68, 51.632},
    {23, 64, 9, 17, 52, 52.757},  {24, 64, 9, 18, 54, 53.518},  {25, 64, 9, 19, 56, 54.262},
    {30, 64, 9, 23, 66, 57.819},  {35, 64, 9, 28, 77, 61.215},  {40, 64, 9, 33, 87, 64.512},
    {45, 64, 9, 37, 97, 67.776},  {50, 64, 9, 42, 108, 70.975}, {51, 64, 9, 43, 110, 71.611},
    {52, 64, 9, 44, 112, 72.246}, {55, 64, 9, 47, 118, 74.149}, {59, 64, 9, 51, 126, 76.679},
    {60, 64, 9, 52, 129, 77.306}, {61, 64, 9, 52, 131, 77.929}, {63, 64, 9, 54, 73, 78.287},
    {64, 64, 9, 55, 74, 78.402},  {65, 64, 9, 56, 75, 78.518},  {70, 64, 9, 62, 81, 79.037},
    {75, 64, 9, 67, 86, 79.554},
};
INSTANTIATE_TEST_SUITE_P(ZhengAndFedergruen, FixedOrderCostOptimumTest, testing::ValuesIn(kTable), NameOf);

// No table has a lead time with a fixed cost and lost sales, but the simulator can tell.
TEST(FixedOrderCostTest, ThePolicyCostsAsMuchInTheSimulator) {
  for (const char* shortage : {"backorders", "lost_sales"}) {
    const Problem problem =
        ReadProblem(LoadConfig("configs/problems/fixed_order_cost.yaml",
                               {"lead_time=2", "order_cost=10", "demand.mean=4", "demand.kind=geometric",
                                fmt::format("network.locations.0.shortage={}", shortage)}));
    const OneSiteSolution solution = SolveOneSite(*problem.network, problem.demand[0]);
    const OneSiteProblem solved(*problem.network, problem.demand[0], solution.bounds);
    VectorEnv env(problem.network, MakeProblemDemand(problem, 1100, Random(2)),
                  {.num_envs = 512, .shuffle_scenarios = false, .credit_leftovers = false, .features = {"on_hand"}});
    const MeanWithError simulated = MeanCost(env, Follow(solved, solution.optimum.policy), /*warm_up=*/100, 1);
    EXPECT_LT(simulated.standard_error, 5e-3 * solution.optimum.cost());
    EXPECT_NEAR(simulated.mean, solution.optimum.cost(), 3 * simulated.standard_error) << shortage;
  }
}

}  // namespace
}  // namespace restock
