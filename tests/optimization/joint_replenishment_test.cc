#include "optimization/joint_replenishment.h"

#include <cmath>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/error.h"
#include "optimization/exact_optimum.h"
#include "tests/env/problem_run.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

// Vanvuchelen et al. (2020), setting 5: with 5 of the first item and none of the second a truck full of the second is
// ordered, not 2 and 4 as the rules of thumb have it.
TEST(JointReplenishmentTest, OptimalPolicyFillsTheTruckAsInThePaper) {
  const Problem problem = ShippedProblem("joint_replenishment");
  const JointReplenishmentSolution solution = SolveJointReplenishment(*problem.network, problem.demand, 0.99);
  const OptimalPolicy& optimum = solution.optimum;
  const JointReplenishment items(*problem.network, problem.demand, solution.levels);
  const auto orders_at = [&](const std::vector<int>& level) {
    const int state = items.StateOf(level);
    return items.OrdersOf(state, optimum.policy[Index(state)]);
  };
  EXPECT_EQ(orders_at({5, 0}), (std::vector{0, 6}));

  // in the simulator the policy costs from an empty start what its value says
  constexpr int kPeriods = 1000;
  VectorEnv env(problem.network, MakeProblemDemand(problem, kPeriods, Random(1)),
                {.num_envs = 1024, .shuffle_scenarios = false});
  StepBatch batch = env.MakeBatch();
  env.Reset(1, batch);
  AlignedVector orders;
  std::vector<double> cost(1024);
  const BlockRule rule = [&](const VectorEnv& now, int block, EigenRows wanted) {
    const NetworkState& state = now.state(block);
    for (int copy = 0; copy < kBlockSize; ++copy) {
      const auto level = [&](int site) {
        return static_cast<int>(state.on_hand(site)[copy] - state.backorders(site)[copy]);
      };
      const std::vector<int> best = orders_at({level(0), level(1)});
      for (const int item : {0, 1}) wanted(item)[copy] = static_cast<float>(best[Index(item)]);
    }
  };
  for (int period = 0; period < kPeriods; ++period) {
    Act(env, rule, orders);
    env.Step(orders, batch);
    for (size_t run = 0; run < cost.size(); ++run) cost[run] -= batch.reward[run] * std::pow(0.99, period);
  }
  double mean = 0, squares = 0;
  for (const double value : cost) mean += value / 1024;
  for (const double value : cost) squares += (value - mean) * (value - mean) / 1024;
  const double expected = SolveExactly(problem).cost;

  EXPECT_NEAR(mean, expected, 3 * std::sqrt(squares / 1024) + 1e-3 * expected);
}

// Without fixed costs and vehicles each item is ordered by itself, up to the newsvendor's level of its own demand.
TEST(JointReplenishmentTest, ItemsThatShareNothingCostWhatEachCosts) {
  const std::vector<std::string> shared_nothing = {"first_order_cost=0", "network.lanes.1.order_cost=0",
                                                   "network.vehicles.0.cost=0", "protocol={kind: average}"};
  const Problem problem = ShippedProblem("joint_replenishment", shared_nothing);
  double newsvendors = 0;
  for (const std::vector<double>& demand : problem.demand) {
    double least = 1e9;
    for (size_t level = 0; level < demand.size(); ++level) {
      double cost = 0;
      for (size_t units = 0; units < demand.size(); ++units) {
        const double left = static_cast<double>(level) - static_cast<double>(units);
        cost += demand[units] * (left > 0 ? left : -19 * left);
      }
      least = std::min(least, cost);
    }
    newsvendors += least;
  }
  EXPECT_NEAR(SolveExactly(problem).cost, newsvendors, 1e-4);
}

// Where levels are guessed too narrow they are widened: little demand, dear vehicles, customers who wait cheaply.
TEST(JointReplenishmentTest, FindsLevelsThatAreWideEnough) {
  const Problem problem = ShippedProblem(
      "joint_replenishment", {"network.vehicles.0.cost=60", "first_most=2", "second_most=1", "first_shortage_cost=1"});
  const JointReplenishmentSolution solution = SolveJointReplenishment(*problem.network, problem.demand, 0.99);
  std::vector<JointReplenishment::Levels> wider = solution.levels;
  for (JointReplenishment::Levels& levels : wider) levels = {levels.low - 5, levels.high + 5};
  const JointReplenishment items(*problem.network, problem.demand, solution.levels);
  const JointReplenishment more(*problem.network, problem.demand, wider);
  const std::vector<int> nothing = {0, 0};
  const double there = MinimizeDiscountedCost(more, 0.99).value[Index(more.StateOf(nothing))];
  EXPECT_NEAR(solution.optimum.value[Index(items.StateOf(nothing))], there, 1e-5 * there);
  EXPECT_LT(solution.levels[0].low, JointReplenishment::DefaultLevels(*problem.network, problem.demand)[0].low);
}

TEST(JointReplenishmentTest, SaysWhatItCannotSolve) {
  EXPECT_THROW(SolveExactly(ShippedProblem("joint_replenishment", {"network.locations.0.shortage=lost_sales"})),
               ConfigError);
  EXPECT_THROW(SolveExactly(ShippedProblem("joint_replenishment", {"network.lanes.0.lead_time=1"})), ConfigError);
  EXPECT_THROW(SolveExactly(ShippedProblem("joint_replenishment", {"network.lanes.0.lane_capacity=2"})), ConfigError);
  EXPECT_THROW(SolveExactly(ShippedProblem("joint_replenishment", {"network.vehicles.0.cost=1e6"})), ConfigError);
  EXPECT_THROW(SolveExactly(ShippedProblem("joint_replenishment", {"protocol.periods=20"})), ConfigError);
  EXPECT_THROW(SolveExactly(ShippedProblem("joint_replenishment", {"first_most=3000", "second_most=3000"})),
               ConfigError);
}

}  // namespace
}  // namespace restock
