#include <gtest/gtest.h>

#include "common/random.h"
#include "env/vector_env.h"
#include "tests/env/simulation.h"
#include "tests/env/test_networks.h"

namespace restock {
namespace {

// One site, no lead time, lost sales: every period is a newsvendor problem.
// Snyder & Shen, "Fundamentals of Supply Chain Theory", 2nd ed., Example 4.3:
// h = 0.18, p = 0.70, demand ~ N(50, 8^2)  ->  S* = 56.604, expected cost 1.9976 per period.
// Orders are whole units, so a unit is a thousandth here.
TEST(NewsvendorTest, OrderingUpToTheOptimumCostsWhatTheTextbookSays) {
  constexpr float kThousandth = 0.001f;
  constexpr int kNumPeriods = 3200;
  const auto network = OneSite({.holding_cost = 0.18f * kThousandth, .stockout_cost = 0.70f * kThousandth});

  auto scenarios = std::make_shared<ScenarioSet>();
  scenarios->Resize(kBlockSize, kNumPeriods, 1, std::vector<ForecastTarget>(1));
  scenarios->calendar.first_date = *Date::Parse("2024-01-01");
  RandomStream random = Random(3).At(0);
  for (float& demand : scenarios->demand) demand = static_cast<float>(std::round(1000 * (50 + 8 * random.Normal())));

  VectorEnv env(network, MakeScenarioSource(scenarios), {.shuffle_scenarios = false, .credit_leftovers = false});
  const MeanWithError cost = MeanCost(env, BaseStock({56'604}), /*warm_up=*/0, /*seed=*/1);
  EXPECT_LT(cost.standard_error, 0.006);
  EXPECT_NEAR(cost.mean, 1.9976, 2 * cost.standard_error);
  EXPECT_GT(MeanCost(env, BaseStock({55'000}), 0, 1).mean, cost.mean);
  EXPECT_GT(MeanCost(env, BaseStock({58'000}), 0, 1).mean, cost.mean);
}

}  // namespace
}  // namespace restock
