#include "optimization/promotion_plan.h"

#include <gtest/gtest.h>

#include "tests/env/test_networks.h"

namespace restock {
namespace {

// A store that gets at most 6 a period, a period after the order, and sells 4 in each of 5; 12 in the fourth with the
// promotion. The three orders that can be there by then have 2 to spare each; the first are held for 2 periods, the
// second for 1, at 0.5. 2 are short.
TEST(PromotionPlanTest, OrdersAheadWhatALaneCannotBringInTime) {
  const auto network = OneSite({.holding_cost = 0.5f,
                                .stockout_cost = 20,
                                .initial_on_hand = 4,
                                .lead_time = 1,
                                .unit_cost = 3,
                                .lane_capacity = 6});
  const Eigen::MatrixXd demand = Eigen::MatrixXd::Constant(5, 1, 4);
  Eigen::MatrixXd promoted = demand;
  promoted(3, 0) = 12;
  const PromotionNeeds needs = FindPromotionNeeds(*network, ReplenishmentStart::Initial(*network, 0), demand, promoted);
  EXPECT_NEAR(needs.more_demand, 8, 1e-9);
  EXPECT_NEAR(needs.more_short, 2, 1e-9);
  const double orders[] = {2, 2, 2, 0, 0}, stock[] = {0, 2, 4, 0, 0};
  for (int period = 0; period < 5; ++period) {
    EXPECT_NEAR(needs.more_orders(period, 0), orders[period], 1e-9) << period;
    EXPECT_NEAR(needs.more_stock(period, 0), stock[period], 1e-9) << period;
  }
  EXPECT_NEAR(needs.more_cost, 3 * 6 + 0.5 * (2 + 4) + 20 * 2, 1e-4);
}

TEST(PromotionPlanTest, SitesThatSellNoMoreNeedNothing) {
  const auto network = CentralAndStores({.lead_time = 1}, {{.stockout_cost = 9}, {.stockout_cost = 9}});
  const Eigen::MatrixXd demand = Eigen::MatrixXd::Constant(4, 3, 2);
  const PromotionNeeds needs = FindPromotionNeeds(*network, ReplenishmentStart::Initial(*network, 0), demand, demand);
  EXPECT_EQ(needs.more_cost, 0);
  EXPECT_EQ(needs.more_orders.cwiseAbs().maxCoeff(), 0);
}

}  // namespace
}  // namespace restock
