#include "optimization/shadow_prices.h"

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
  return PerfectInformationBound(network, 0, RisingDemand(), /*credit_leftovers=*/true, prices);
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
