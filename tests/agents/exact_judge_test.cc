#include "agents/exact_judge.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "agents/classical_rules.h"
#include "agents/dual_index_policy.h"
#include "agents/installation_stock_policy.h"
#include "agents/policy_judge.h"
#include "common/config_node.h"
#include "env/problem_file.h"

namespace restock {
namespace {

Eigen::ArrayXf One(float value) { return Eigen::ArrayXf::Constant(1, value); }

Problem DualSourcing(int lead_time, int expedited_cost) {
  return ReadProblem(
      LoadConfig("configs/problems/dual_sourcing.yaml",
                 {fmt::format("regular_lead_time={}", lead_time), fmt::format("expedited_cost={}", expedited_cost)}));
}

// Gijsbrechts et al. (2022), figure 9: gaps to the optimum, two decimals of a per cent.
TEST(ExactJudgeTest, RulesOfDualSourcingCostWhatWasPublished) {
  constexpr double kOptimum = 216.7698, kDecimals = 0.011;
  const Problem problem = DualSourcing(2, 105);
  const auto gap = [&](const Policy& policy) {
    return 100 * (ExactAverageCost(problem, policy).value() / kOptimum - 1);
  };
  EXPECT_NEAR(gap(DualIndexPolicy({One(4), One(7), One(2)})), 0.00, kDecimals);
  EXPECT_NEAR(gap(DualIndexPolicy({One(4), One(7)})), 0.11, kDecimals);
  EXPECT_NEAR(gap(DualIndexPolicy({One(5), One(6)}, DualIndexPolicy::Index::kSingle)), 0.56, kDecimals);
}

TEST(ExactJudgeTest, ExactAndSimulatedCostsAgree) {
  const Problem problem = DualSourcing(3, 110);
  const DualIndexPolicy policy({One(4), One(9), One(3)});
  EvaluationProtocol protocol = problem.protocol;
  protocol.num_runs = 64;
  const CostEstimate simulated =
      MeanOf(PolicyJudge(problem, protocol, Random(7)).Judge(policy, RuleFeatures(), /*num_threads=*/2));
  EXPECT_NEAR(ExactAverageCost(problem, policy).value(), simulated.mean, 4 * simulated.standard_error);
}

// Levels far above what an optimal policy would look at: the states must grow with them.
TEST(ExactJudgeTest, ManyMoreStatesThanAnOptimumNeeds) {
  const Problem problem = DualSourcing(2, 105);
  // h (S - E[demand of three periods]) and the purchases, if nothing is ever short
  EXPECT_NEAR(ExactAverageCost(problem, InstallationStockPolicy(One(60))).value(), 5 * (60 - 6) + 200, 1e-6);
}

TEST(ExactJudgeTest, NothingIsSaidOfOtherProblems) {
  EXPECT_FALSE(ExactAverageCost(ReadProblem(LoadConfig("configs/problems/one_warehouse.yaml")),
                                InstallationStockPolicy(Eigen::ArrayXf::Ones(4))));
}

}  // namespace
}  // namespace restock
