#include <cstdlib>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "env/vector_env.h"
#include "tests/env/simulation.h"
#include "tests/env/test_networks.h"

namespace restock {
namespace {

std::shared_ptr<const Network> ExampleNetwork() {
  NetworkBuilderForTests builder;
  const int central = builder.AddLocation("central");
  const int a = builder.AddLocation("A", /*storage_capacity=*/6, /*overflow_cost=*/0.25f);
  const int b = builder.AddLocation("B");
  const int origin = builder.AddSite(
      central, "milk", kOutside, kNoSeries,
      {.holding_cost = 0.5f, .unit_value = 2, .initial_on_hand = 6, .lead_time = 2, .unit_cost = 2, .order_cost = 3});
  builder.AddSite(
      a, "milk", origin, 0,
      {.holding_cost = 1, .stockout_cost = 10, .volume = 2, .unit_value = 2, .initial_on_hand = 3, .lead_time = 1});
  builder.AddSite(b, "milk", origin, 1,
                  {.holding_cost = 1,
                   .stockout_cost = 4,
                   .backorder_share = 1,
                   .unit_value = 2,
                   .initial_on_hand = 1,
                   .lead_time = 1});
  return builder.Build();
}

// The example of docs/model.md, number by number.
TEST(ModelExampleTest, CostsWhatTheDocumentationSays) {
  const auto network = ExampleNetwork();
  VectorEnv env(network, GivenDemand(*network, {{2, 3}, {0, 1}, {5, 0}}), {.num_envs = 1});
  StepBatch batch = env.MakeBatch();
  const auto step = [&](std::vector<float> by_lane) {
    AlignedVector orders;
    for (const float order : by_lane) orders.insert(orders.end(), kBlockSize, order);
    env.Step(orders, batch);
  };
  const auto on_hand = [&](int site) { return env.state(0).on_hand(site)[0]; };
  const auto cost = [&](CostKind kind) { return batch.outcome[0].cost[static_cast<size_t>(kind * kBlockSize)]; };
  env.Reset(1, batch);

  step({5, 6, 4});
  EXPECT_EQ(cost(kHolding), 1.5f);
  EXPECT_EQ(cost(kStockout), 8);
  EXPECT_EQ(cost(kPurchase), 10);
  EXPECT_EQ(cost(kOrder), 3);
  EXPECT_EQ(cost(kOverflow), 0);
  EXPECT_EQ(batch.reward[0], -22.5f);
  EXPECT_EQ(on_hand(0), 1);
  EXPECT_EQ(on_hand(1), 4);
  EXPECT_EQ(on_hand(2), 2);
  EXPECT_EQ(env.state(0).backorders(2)[0], 2);
  EXPECT_EQ(batch.Observation(env.spec(), 0)(0, kInTransit), 5);
  EXPECT_EQ(batch.Observation(env.spec(), 0)(0, kEchelonPosition), 10);

  step({0, 1, 2});
  EXPECT_EQ(cost(kHolding), 4.5f);
  EXPECT_EQ(cost(kStockout), 4);
  EXPECT_EQ(cost(kPurchase), 0);
  EXPECT_EQ(cost(kOrder), 0);
  EXPECT_EQ(cost(kOverflow), 0.5f);
  EXPECT_EQ(batch.reward[0], -9);
  EXPECT_EQ(on_hand(0), 6);
  EXPECT_EQ(env.state(0).backorders(2)[0], 1);

  step({0, 0, 3});
  EXPECT_EQ(cost(kHolding), 1.5f);
  EXPECT_EQ(cost(kStockout), 14);
  EXPECT_EQ(cost(kLeftoverCredit), -12);
  EXPECT_EQ(batch.reward[0], -3.5f);
}

}  // namespace
}  // namespace restock
