#include "agents/rule_search.h"

#include <map>

#include <gtest/gtest.h>

#include "agents/installation_stock_policy.h"
#include "optimization/exact_optimum.h"
#include "tests/agents/published_rules.h"

namespace restock {
namespace {

Eigen::ArrayXf One(int value) { return Eigen::ArrayXf::Constant(1, static_cast<float>(value)); }

class LostSalesSearchTest : public testing::TestWithParam<LostSalesRules> {};

// What the search finds is as good as what was published; other parameters may cost the same.
TEST_P(LostSalesSearchTest, SearchFindsParametersAsGood) {
  const LostSalesRules& published = GetParam();
  const Problem problem = published.Read();
  EvaluationProtocol protocol = problem.protocol;
  protocol.num_runs = 256;  // differences on the same demand vary little
  const PolicyJudge judge(problem, protocol, Random(1).Stream(published.Name()));
  const RuleSearch search(problem, problem.protocol, Random(2).Stream(published.Name()), /*num_threads=*/2);
  const auto expect_as_good = [&](const ClassicalRule& rule, const Policy& of_paper) {
    const std::vector<PathCost> found = judge.Judge(*search.Tune(rule).policy, RuleFeatures(), /*num_threads=*/2);
    std::vector<PathCost> difference = judge.Judge(of_paper, RuleFeatures(), /*num_threads=*/2);
    for (size_t path = 0; path < found.size(); ++path) difference[path].cost = found[path].cost - difference[path].cost;
    EXPECT_LE(MeanOf(difference).mean, 5e-4 * published.cost)
        << rule.name;  // half a standard error of what was published
  };
  const std::vector<ClassicalRule> rules = RulesFor(problem);
  expect_as_good(rules[0], InstallationStockPolicy(One(published.level)));
  expect_as_good(rules[1], InstallationStockPolicy(One(published.capped_level), One(published.cap)));
}

INSTANTIATE_TEST_SUITE_P(Published, LostSalesSearchTest, testing::ValuesIn(kLostSalesRules),
                         [](const auto& info) { return info.param.Name(); });

// Dual sourcing of Gijsbrechts et al. (2022), figure 9: how far the best rule of each kind is above the optimum, in
// percent. The optima are by value iteration.
struct DualSourcingRules {
  int regular_lead_time;
  int expedited_cost;
  double optimum;
  double capped_dual_index;
  double dual_index;
  double single_index;
  double base_surge;

  std::string Name() const { return fmt::format("LeadTime{}Expedited{}", regular_lead_time, expedited_cost); }
};

class PublishedDualSourcingTest : public testing::TestWithParam<DualSourcingRules> {};

TEST_P(PublishedDualSourcingTest, SearchFindsRulesAsFarAboveTheOptimumAsPublished) {
  const DualSourcingRules& published = GetParam();
  const Problem problem = ReadProblem(LoadConfig("configs/problems/dual_sourcing.yaml",
                                                 {fmt::format("regular_lead_time={}", published.regular_lead_time),
                                                  fmt::format("expedited_cost={}", published.expedited_cost)}));
  const RuleSearch search(problem, problem.protocol, Random(2).Stream(published.Name()), /*num_threads=*/2);
  const PolicyJudge judge(problem, problem.protocol, Random(1).Stream(published.Name()));
  const std::map<std::string, double> gaps = {{"capped_dual_index", published.capped_dual_index},
                                              {"dual_index", published.dual_index},
                                              {"single_index", published.single_index},
                                              {"tailored_base_surge", published.base_surge}};
  for (const ClassicalRule& rule : RulesFor(problem)) {
    if (!gaps.contains(rule.name)) continue;
    const CostEstimate cost = MeanOf(judge.Judge(*search.Tune(rule).policy, RuleFeatures(), 2));
    EXPECT_LT(cost.standard_error, 3e-4 * cost.mean);
    EXPECT_NEAR(cost.mean, (1 + gaps.at(rule.name) / 100) * published.optimum,
                2 * cost.standard_error + 5e-5 * published.optimum)  // gaps are rounded
        << rule.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Gijsbrechts, PublishedDualSourcingTest,
                         testing::Values(DualSourcingRules{2, 105, 216.7698, 0.00, 0.11, 0.56, 0.06},
                                         DualSourcingRules{2, 110, 219.7333, 0.03, 0.18, 1.03, 0.99},
                                         DualSourcingRules{3, 105, 216.8767, 0.00, 0.27, 0.98, 0.01},
                                         DualSourcingRules{3, 110, 220.3410, 0.06, 0.36, 2.11, 0.71},
                                         DualSourcingRules{4, 105, 216.8930, 0.00, 0.36, 1.43, 0.00},
                                         DualSourcingRules{4, 110, 220.6122, 0.11, 0.49, 2.44, 0.58}),
                         [](const auto& info) { return info.param.Name(); });

// A chain and a fixed order cost: the best rule is the best of all policies.
TEST(RuleSearchTest, FindsTheOptimumWhereARuleIsOptimal) {
  for (const std::string name : {"serial", "fixed_order_cost"}) {
    SCOPED_TRACE(name);
    const Problem problem = ReadProblem(LoadConfig("configs/problems/" + name + ".yaml"));
    const RuleSearch search(problem, problem.protocol, Random(2), /*num_threads=*/2);
    const PolicyJudge judge(problem, problem.protocol, Random(1));
    const CostEstimate cost = MeanOf(judge.Judge(*search.Tune(RulesFor(problem)[1]).policy, RuleFeatures(), 2));
    EXPECT_NEAR(cost.mean, SolveExactly(problem).cost, 2 * cost.standard_error + 1e-4 * cost.mean);
  }
}

}  // namespace
}  // namespace restock
