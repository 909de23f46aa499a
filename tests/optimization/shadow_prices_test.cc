#include "optimization/shadow_prices.h"

#include <set>

#include <gtest/gtest.h>

#include "optimization/perfect_information.h"
#include "tests/env/test_networks.h"

namespace restock {
namespace {

constexpr int kNumPeriods = 6;

/// A store with room for 4, a lane that brings at most 5, and more demand in the end than can be brought in time.
Network TightStore() {
  NetworkBuilderForTests builder;
  const int store = builder.AddLocation("store", 4, 2);
  builder.AddSite(store, "milk", kOutside, 0,
                  {.holding_cost = 1, .stockout_cost = 20, .lead_time = 1, .unit_cost = 1, .lane_capacity = 5});
  return *builder.Build();
}

Eigen::MatrixXd RisingDemand() {
  Eigen::MatrixXd demand(kNumPeriods, 1);
  demand << 0, 2, 3, 5, 12, 13;
  return demand;
}

double Cost(const Network& network, std::vector<ShadowPrice>* prices = nullptr) {
  return PerfectInformationBound(network, 0, RisingDemand(), {}, prices);
}

TEST(ShadowPricesTest, SayWhatOneMoreUnitSaves) {
  const Network network = TightStore();
  std::vector<ShadowPrice> prices = ScarceThings(network);
  ASSERT_EQ(prices.size(), 2u);
  const double cost = Cost(network, &prices);
  for (const ShadowPrice& price : prices) {
    // a little more of it in every period
    constexpr float kMore = 0.125f;
    Network roomier = network;
    roomier.is_divisible = true;
    (price.kind == ShadowPrice::Kind::kStorage ? roomier.storage_capacity : roomier.lane_capacity)[0] += kMore;
    EXPECT_GT(price.value, 0);
    EXPECT_GT(price.tight_share, 0);
    EXPECT_LT(price.tight_share, 1);
    EXPECT_NEAR((cost - Cost(roomier)) / kMore, price.value * kNumPeriods, 1e-6);
  }
}

/// A plant that ships at most 6.51, a store with room for 1.13 and a budget for the orders of both; numbers that meet
/// nowhere, so that one more unit saves as much as one less would cost.
Network TightChain() {
  NetworkBuilderForTests builder;
  const int plant =
      builder.AddSite(builder.AddLocation("plant"), "milk", kOutside, kNoSeries,
                      {.holding_cost = 0.1f, .initial_on_hand = 3.37f, .unit_cost = 1, .lane_capacity = 6.29f});
  builder.AddSite(
      builder.AddLocation("store", 1.13f, 3), "milk", plant, 0,
      {.holding_cost = 0.5f, .stockout_cost = 20, .initial_on_hand = 1.07f, .lead_time = 1, .lane_capacity = 6.9f});
  Network& network = builder.network();
  network.is_divisible = true;
  network.shipping_capacities.push_back({plant, 6.51f});
  network.joint_limits.push_back({"budget", {0, 1}, {0.31f, 0.83f}, 7.07f});
  return *builder.Build();
}

ReplenishmentLpOptions OnPaths(bool moves_forward, std::vector<DemandBranching> branchings) {
  return {.num_periods = kNumPeriods,
          .num_scenarios = 4,
          .branchings = std::move(branchings),
          .moves_forward = moves_forward};
}

double PlanCost(const Network& network, const ReplenishmentLpOptions& options, int present,
                std::vector<ShadowPrice>* prices = nullptr) {
  const ReplenishmentLp lp(network, {0, 1}, options);
  ReplenishmentStart start = ReplenishmentStart::Initial(network, 0);
  start.period = present;
  Eigen::MatrixXd demand = Eigen::MatrixXd::Zero(kNumPeriods, 8);
  for (int path = 0; path < 4; ++path)
    demand.col(2 * path + 1) << 1.2, 2.3, 4.6, 1.7 + 1.01 * path, 4.4 + 2.93 * path, 14.6 - 1.97 * path;
  SimplexSolver solver(lp.model());
  lp.Apply(start, demand, {}, solver);
  const LpSolution plan = solver.Solve();
  EXPECT_EQ(plan.status, LpStatus::kOptimal);
  if (prices) AddShadowPrices(network, lp, plan, present, 1, *prices);
  return plan.objective;
}

TEST(ShadowPricesTest, SayWhatOneMoreUnitSavesOnSeveralPaths) {
  const Network network = TightChain();
  std::set<ShadowPrice::Kind> worth;
  for (const ReplenishmentLpOptions& options :
       {OnPaths(false, {}), OnPaths(false, {{1, 4}}), OnPaths(true, {{1, 4}}), OnPaths(true, {{1, 2}, {3, 2}})}) {
    const int present = options.moves_forward ? 2 : 0;
    std::vector<ShadowPrice> prices = ScarceThings(network);
    ASSERT_EQ(prices.size(), 5u);
    const double cost = PlanCost(network, options, present, &prices);
    for (const ShadowPrice& price : prices) {
      Network roomier = network;
      const auto index = static_cast<size_t>(price.index);
      float& capacity = price.kind == ShadowPrice::Kind::kStorage ? roomier.storage_capacity[index]
                        : price.kind == ShadowPrice::Kind::kLane  ? roomier.lane_capacity[index]
                        : price.kind == ShadowPrice::Kind::kSite  ? roomier.shipping_capacities[0].units
                                                                  : roomier.joint_limits[0].limit;
      const float before = capacity;
      capacity += 0.001f;
      const double saved = (cost - PlanCost(roomier, options, present)) / (capacity - before);
      EXPECT_NEAR(saved, price.value * (kNumPeriods - present), 1e-6) << static_cast<int>(price.kind);
      EXPECT_LE(price.tight_share, 1 + 1e-12);
      if (price.value > 0) worth.insert(price.kind);
    }
  }
  EXPECT_EQ(worth.size(), 4u);  // each kind is scarce somewhere
}

TEST(ShadowPricesTest, WhatThereIsEnoughOfIsWorthNothing) {
  Network network = TightStore();
  network.storage_capacity[0] = 100;
  network.lane_capacity[0] = 100;
  std::vector<ShadowPrice> prices = ScarceThings(network);
  Cost(network, &prices);
  for (const ShadowPrice& price : prices) EXPECT_EQ(price.value, 0);
}

TEST(ShadowPricesTest, NothingIsScarceWithoutLimits) {
  EXPECT_TRUE(ScarceThings(*OneSite({.holding_cost = 1, .unit_cost = 1})).empty());
}

}  // namespace
}  // namespace restock
