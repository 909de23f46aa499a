#include "optimization/service_frontier.h"

#include <gtest/gtest.h>

#include "tests/env/test_networks.h"

namespace restock {
namespace {

// One period, no lead time: a newsvendor who buys for 2 a unit and asks for 1 for what is left. Demand is 1, 2, 3 or 4;
// one more unit costs its price, and holding where it is not sold.
TEST(ServiceFrontierTest, IsTheNewsvendorsCost) {
  const auto network = OneSite({.holding_cost = 1, .stockout_cost = 6, .unit_cost = 2});
  std::vector<Eigen::MatrixXd> demand;
  for (const double units : {1, 2, 3, 4}) demand.push_back(Eigen::MatrixXd::Constant(1, 1, units));
  const auto start = ReplenishmentStart::Initial(*network, 0);
  const ServiceFrontier frontier =
      FindServiceFrontier(*network, start, demand, std::vector{0.2, 0.5, 0.8, 0.95}, false);
  EXPECT_DOUBLE_EQ(frontier.asked, 2.5);
  EXPECT_DOUBLE_EQ(frontier.cheapest, 0);
  EXPECT_NEAR(frontier.most, 1, 1e-9);
  // the second unit is missed by 3 of 4, the third by half: 2 + 1/4 <= 6 * 3/4, 2 + 1/2 <= 6 / 2, but 2 + 3/4 > 6 / 4
  EXPECT_NEAR(frontier.chosen, (1 + 0.75 + 0.5) / 2.5, 1e-9);

  // met by the first unit 1, the second 0.75, the third 0.5, the fourth 0.25
  const auto cost = [](double units) {
    double held = 0;
    for (const double asked : {1, 2, 3, 4}) held += std::max(0.0, units - asked) / 4;
    return 2 * units + held;
  };
  ASSERT_EQ(frontier.points.size(), 6u);
  EXPECT_NEAR(frontier.points[1].cost, cost(0.5), 1e-9);
  EXPECT_NEAR(frontier.points[1].marginal_cost, 2, 1e-9);
  EXPECT_NEAR(frontier.points[2].cost, cost(1 + 0.25 / 0.75), 1e-9);
  EXPECT_NEAR(frontier.points[2].marginal_cost, (2 + 0.25) / 0.75, 1e-9);
  EXPECT_NEAR(frontier.points[3].cost, cost(2 + 0.25 / 0.5), 1e-9);
  EXPECT_NEAR(frontier.points[3].marginal_cost, (2 + 0.5) / 0.5, 1e-9);
  EXPECT_NEAR(frontier.points[4].marginal_cost, (2 + 0.75) / 0.25, 1e-9);
}

TEST(ServiceFrontierTest, ServiceThatNoPlanReachesIsLeftOut) {
  const auto network = OneSite({.holding_cost = 1, .stockout_cost = 6, .unit_cost = 2, .lane_capacity = 3});
  const std::vector<Eigen::MatrixXd> demand = {Eigen::MatrixXd::Constant(2, 1, 4)};
  const ServiceFrontier frontier = FindServiceFrontier(*network, ReplenishmentStart::Initial(*network, 0), demand,
                                                       std::vector{0.5, 0.7, 0.8, 0.9}, false);
  EXPECT_NEAR(frontier.most, 0.75, 1e-9);
  ASSERT_EQ(frontier.points.size(), 4u);
  EXPECT_NEAR(frontier.points.back().fill_rate, 0.75, 1e-5);
  for (size_t i = 1; i < frontier.points.size(); ++i) {
    EXPECT_GT(frontier.points[i].cost, frontier.points[i - 1].cost);
    EXPECT_GE(frontier.points[i].marginal_cost, frontier.points[i - 1].marginal_cost - 1e-9);
  }
}

}  // namespace
}  // namespace restock
