#include <array>
#include <functional>
#include <limits>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/config_node.h"
#include "env/problem_file.h"
#include "optimization/one_site_problem.h"
#include "tests/optimization/follow_policy.h"

namespace restock {
namespace {

// Dual sourcing of Gijsbrechts et al. (2022), "Can deep reinforcement learning improve inventory management?", section
// 6.2: the optima by value iteration, and how far the best policies of two kinds are above them, in percent (figure 9).
struct DualSourcingCase {
  int regular_lead_time;
  int expedited_cost;
  double optimum;
  double dual_index_gap;
  double base_surge_gap;
};

Problem ReadCase(const DualSourcingCase& one) {
  return ReadProblem(
      LoadConfig("configs/problems/dual_sourcing.yaml", {fmt::format("regular_lead_time={}", one.regular_lead_time),
                                                         fmt::format("expedited_cost={}", one.expedited_cost)}));
}

constexpr double kInfiniteCost = std::numeric_limits<double>::infinity();

class DualSourcingOptimumTest : public testing::TestWithParam<DualSourcingCase> {};

TEST_P(DualSourcingOptimumTest, IsThePublishedOne) {
  const Problem problem = ReadCase(GetParam());
  const OneSiteSolution solution = SolveOneSite(*problem.network, problem.demand[0]);
  EXPECT_LT(solution.optimum.upper_bound - solution.optimum.lower_bound, 1e-3);
  EXPECT_NEAR(solution.optimum.cost(), GetParam().optimum, 1e-3);
}

TEST_P(DualSourcingOptimumTest, ThePolicyCostsAsMuchInTheSimulator) {
  const Problem problem = ReadCase(GetParam());
  const OneSiteSolution solution = SolveOneSite(*problem.network, problem.demand[0]);
  const OneSiteProblem solved(*problem.network, problem.demand[0], solution.bounds);
  VectorEnv env(problem.network, MakeProblemDemand(problem, 1100, Random(7)),
                {.num_envs = 256, .shuffle_scenarios = false, .credit_leftovers = false, .features = {"on_hand"}});
  const MeanWithError simulated = MeanCost(env, Follow(solved, solution.optimum.policy), /*warm_up=*/100, 1);
  EXPECT_LT(simulated.standard_error, 0.5);
  EXPECT_NEAR(simulated.mean, solution.optimum.cost(), 3 * simulated.standard_error);
}

// What a rule orders on the regular and on the expedited lane, by the inventory level and the position with all orders.
using Rule = std::function<std::array<int, 2>(int level, int position)>;

double CostOf(const OneSiteProblem& problem, const Rule& rule) {
  StatePolicy policy;
  for (int state = 0; state < problem.num_states(); ++state) {
    std::array<int, 2> orders = rule(problem.LevelOf(state), problem.PositionOf(state));
    // far away from where the rule ever comes its orders may be too large for the problem's bounds
    int room = problem.bounds().max_position - problem.PositionOf(state);
    for (const size_t lane : {size_t{1}, size_t{0}}) {
      orders[lane] = std::clamp(orders[lane], 0, std::min(problem.bounds().max_order[lane], room));
      room -= orders[lane];
    }
    policy.push_back(problem.ChoiceOf(state, orders));
  }
  return AverageCost(problem, policy, {.tolerance = 1e-5}).cost();
}

TEST_P(DualSourcingOptimumTest, SimpleRulesAreAsFarAboveAsPublished) {
  const Problem file = ReadCase(GetParam());
  const OneSiteProblem problem(*file.network, file.demand[0],
                               {.max_position = 24, .max_order = {5, 8}, .min_level = -14});
  double dual_index = kInfiniteCost, base_surge = kInfiniteCost;
  for (int expedited_level = 2; expedited_level <= 5; ++expedited_level) {
    const auto surge = [=](int level, int) { return std::array{1, expedited_level - level}; };
    base_surge = std::min(base_surge, CostOf(problem, surge));
    const int most_demand = 4 * (GetParam().regular_lead_time + 1);
    for (int regular_level = expedited_level; regular_level <= most_demand; ++regular_level) {
      const auto index = [=](int level, int position) {
        const int expedited = std::max(expedited_level - level, 0);
        return std::array{regular_level - position - expedited, expedited};
      };
      dual_index = std::min(dual_index, CostOf(problem, index));
    }
  }
  EXPECT_NEAR(100 * (dual_index / GetParam().optimum - 1), GetParam().dual_index_gap, 0.006);
  EXPECT_NEAR(100 * (base_surge / GetParam().optimum - 1), GetParam().base_surge_gap, 0.006);
}

const std::vector<DualSourcingCase> kTable = {
    {2, 105, 216.7698, 0.11, 0.06}, {2, 110, 219.7333, 0.18, 0.99}, {3, 105, 216.8767, 0.27, 0.01},
    {3, 110, 220.3410, 0.36, 0.71}, {4, 105, 216.8930, 0.36, 0.00}, {4, 110, 220.6122, 0.49, 0.58},
};

std::string NameOf(const testing::TestParamInfo<DualSourcingCase>& info) {
  return fmt::format("LeadTime{}Expedited{}", info.param.regular_lead_time, info.param.expedited_cost);
}

INSTANTIATE_TEST_SUITE_P(Gijsbrechts, DualSourcingOptimumTest, testing::ValuesIn(kTable), NameOf);

}  // namespace
}  // namespace restock
