#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/config_node.h"
#include "env/problem_file.h"
#include "optimization/one_site_problem.h"

namespace restock {
namespace {

// Lost sales with a lead time of 6, for which no optimum is published: the best known policies are neural networks
// (Temizoz et al. 2025, "Deep controlled learning for inventory control"), simulated over 1000 paths of 5000 periods.
struct LongLeadTimeCase {
  const char* demand;
  int shortage_cost;
  double best_known;
};

class LongLeadTimeTest : public testing::TestWithParam<LongLeadTimeCase> {};

TEST_P(LongLeadTimeTest, OptimumCostsWhatTheBestKnownPolicyDid) {
  const auto& [demand, shortage_cost, best_known] = GetParam();
  const Problem problem = ReadProblem(LoadConfig(
      "configs/problems/lost_sales.yaml",
      {"lead_time=6", fmt::format("shortage_cost={}", shortage_cost), fmt::format("demand.kind={}", demand)}));
  const OptimalPolicy optimum = SolveOneSite(*problem.network, problem.demand[0], {.tolerance = 1e-5}).optimum;
  RecordProperty("optimum", fmt::format("{:.4f}", optimum.cost()));
  EXPECT_NEAR(optimum.cost(), best_known, 1e-3 * best_known);
}

INSTANTIATE_TEST_SUITE_P(Temizoz, LongLeadTimeTest,
                         testing::Values(LongLeadTimeCase{"poisson", 4, 4.8721}, LongLeadTimeCase{"poisson", 9, 7.2289},
                                         LongLeadTimeCase{"poisson", 19, 9.6478},
                                         LongLeadTimeCase{"poisson", 39, 11.9477},
                                         LongLeadTimeCase{"geometric", 4, 10.7513}));

}  // namespace
}  // namespace restock
