#include "optimization/plan_clash.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/env/test_networks.h"

namespace restock {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

/// A plant with 10 units and a budget that feeds an empty store a period away; 6 are asked for in each of 5 periods.
struct Chain {
  float store_capacity = kUnlimited;
  float budget = 100;
  float storage = kUnlimited;

  std::optional<PlanClash> Find(const ServiceRequirement& requirement) const {
    NetworkBuilderForTests builder;
    const int plant = builder.AddSite(builder.AddLocation("plant"), "milk", kOutside, kNoSeries,
                                      {.initial_on_hand = 10, .unit_cost = 1});
    builder.AddSite(builder.AddLocation("north", storage, storage < kUnlimited ? 1 : 0), "milk", plant, 0,
                    {.stockout_cost = 20, .lead_time = 1, .lane_capacity = store_capacity});
    builder.network().is_divisible = true;
    builder.network().joint_limits.push_back({"budget", {0}, {1}, budget});
    const auto network = builder.Build();
    Eigen::MatrixXd demand = Eigen::MatrixXd::Zero(5, 2);
    demand.col(1) << 6, 6, 6, 6, 10;
    return FindPlanClash(*network, ReplenishmentStart::Initial(*network, 0), demand, requirement);
  }
};

// 28 are asked for from period 1 on, the first that an order can reach.
TEST(PlanClashTest, NothingClashesWhereAPlanExists) {
  EXPECT_FALSE(Chain{}.Find({.fill_rate = 1}));
  EXPECT_FALSE((Chain{.store_capacity = 7}.Find({.fill_rate = 1})));
  EXPECT_FALSE((Chain{.store_capacity = 6}.Find({.fill_rate = 24.0 / 28 - 1e-6})));
}

TEST(PlanClashTest, NamesTheCapacityOfALaneAndTheService) {
  const auto clash = Chain{.store_capacity = 6}.Find({.fill_rate = 0.95});
  ASSERT_TRUE(clash);
  EXPECT_TRUE(clash->is_smallest);
  EXPECT_NEAR(clash->most_met, 24.0 / 28, 1e-9);
  EXPECT_THAT(clash->limits, ElementsAre("at most 1.4 short of 28 asked for: service of milk at north",
                                         "at most 6: capacity of milk from plant to north in periods 0 to 3"));
  ASSERT_EQ(clash->flows.size(), 1u);
  EXPECT_EQ(clash->flows[0], "demand and stock of milk at north in periods 0 to 4");
}

TEST(PlanClashTest, NamesABudget) {
  const auto clash = Chain{.budget = 4}.Find({.fill_rate = 0.9});
  ASSERT_TRUE(clash);
  EXPECT_THAT(clash->limits[1], AllOf(HasSubstr("at most 4: limit of budget in periods 0 to")));
}

// A capacity of 7 has to be used ahead of the last period, but there is room for nothing.
TEST(PlanClashTest, NamesStorageWhereItMustNotBeExceeded) {
  const Chain chain{.store_capacity = 7, .storage = 2.5f};
  EXPECT_FALSE(chain.Find({.fill_rate = 1, .within_storage = false}));
  const auto clash = chain.Find({.fill_rate = 1, .within_storage = true});
  ASSERT_TRUE(clash);
  EXPECT_THAT(clash->limits[1], HasSubstr("at most 2.5: storage of north in period 3"));
}

}  // namespace
}  // namespace restock
