#include <gtest/gtest.h>

#include "env/sampled_demand.h"
#include "env/vector_env.h"
#include "tests/env/simulation.h"
#include "tests/env/test_networks.h"

namespace restock {
namespace {

// Lost sales with lead time, Poisson demand of mean 5, h = 1, p = 4 (Zipkin 2008, "Old and new methods for lost-sales
// inventory systems"): simulated average costs of the best base-stock levels, 4 million periods each, so that their own
// standard error is about 0.0015.
struct LostSalesCase {
  int lead_time;
  float level;
  double cost;
};
constexpr double kErrorOfTable = 0.0015;

class LostSalesTest : public testing::TestWithParam<LostSalesCase> {};

TEST_P(LostSalesTest, BaseStockCostsWhatThePublishedTableSays) {
  const auto [lead_time, level, cost] = GetParam();
  const auto network = OneSite({.holding_cost = 1, .stockout_cost = 4, .lead_time = lead_time});
  const std::shared_ptr<const DemandSource> demand =
      MakeSampledSource(*network, {.demand = {{.mean = 5}}, .num_periods = 8100}, Random(1));
  VectorEnv env(network, demand,
                {.num_envs = 1024, .shuffle_scenarios = false, .credit_leftovers = false, .features = {"on_hand"}});
  const MeanWithError simulated = MeanCost(env, BaseStock({level}), /*warm_up=*/100, /*seed=*/1);
  EXPECT_LT(simulated.standard_error, 0.002);
  EXPECT_NEAR(simulated.mean, cost, 2 * std::hypot(simulated.standard_error, kErrorOfTable));
}

INSTANTIATE_TEST_SUITE_P(PublishedLevels, LostSalesTest,
                         testing::Values(LostSalesCase{1, 12, 4.1632}, LostSalesCase{2, 16, 4.6376},
                                         LostSalesCase{3, 20, 4.9753}, LostSalesCase{4, 25, 5.1973}));

}  // namespace
}  // namespace restock
