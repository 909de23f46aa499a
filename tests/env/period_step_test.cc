#include "env/period_step.h"

#include <gtest/gtest.h>

#include "tests/env/one_run.h"
#include "tests/env/test_networks.h"

namespace restock {
namespace {

// h = 1, p = 10, c = 2, K = 3, lead time 1, lost sales, five units to start with.
TEST(PeriodStepTest, ThreePeriodsByHand) {
  const auto network = OneSite(
      {.holding_cost = 1, .stockout_cost = 10, .initial_on_hand = 5, .lead_time = 1, .unit_cost = 2, .order_cost = 3});
  OneRun run(network, {{3}, {8}, {2}}, {.credit_leftovers = false});

  // order 4; demand 3 of 5: 2 stay; cost 1*2 + 2*4 + 3 = 13; then 4 arrive
  run.Step({4});
  EXPECT_EQ(run.sold(0), 3);
  EXPECT_EQ(run.reward(), -13);
  EXPECT_EQ(run.on_hand(0), 6);

  // order 0; demand 8 of 6: 2 are lost; cost 10*2 = 20; nothing arrives
  run.Step({0});
  EXPECT_EQ(run.sold(0), 6);
  EXPECT_EQ(run.reward(), -20);
  EXPECT_EQ(run.on_hand(0), 0);
  EXPECT_EQ(run.backorders(0), 0);

  // order 1; demand 2 of 0; cost 10*2 + 2*1 + 3 = 25
  run.Step({1});
  EXPECT_EQ(run.reward(), -25);
}

TEST(PeriodStepTest, ServesBackordersBeforeNewDemand) {
  const auto network =
      OneSite({.holding_cost = 1, .stockout_cost = 10, .backorder_share = 1, .initial_on_hand = 2, .lead_time = 1});
  OneRun run(network, {{5}, {1}, {4}, {0}});

  // demand 5 of 2: 3 wait, 10*3; then 2 arrive
  run.Step({2});
  EXPECT_EQ(run.reward(), -30);
  EXPECT_EQ(run.backorders(0), 3);
  EXPECT_EQ(run.on_hand(0), 2);

  // 2 of the 3 that wait are served; the new one waits as well, 10*2; then 9 arrive
  run.Step({9});
  EXPECT_EQ(run.sold(0), 0);
  EXPECT_EQ(run.backorders(0), 2);
  EXPECT_EQ(run.reward(), -20);

  // 9 serve the 2 and all 4 new ones: 3 stay, 1*3
  run.Step({0});
  EXPECT_EQ(run.sold(0), 4);
  EXPECT_EQ(run.backorders(0), 0);
  EXPECT_EQ(run.on_hand(0), 3);
  EXPECT_EQ(run.reward(), -3);
}

TEST(PeriodStepTest, WithoutLeadTimeGoodsServeThePeriodTheyAreOrderedIn) {
  OneRun run(OneSite({.holding_cost = 1, .stockout_cost = 10}), {{4}, {0}});
  run.Step({6});
  EXPECT_EQ(run.sold(0), 4);
  EXPECT_EQ(run.on_hand(0), 2);
  EXPECT_EQ(run.reward(), -2);
}

TEST(PeriodStepTest, AnOrderIsUsableAfterItsLeadTime) {
  OneRun run(OneSite({.stockout_cost = 1, .lead_time = 3}), {{1}, {1}, {1}, {1}, {1}});
  run.Step({1});  // ordered in period 0, usable in period 3
  EXPECT_EQ(run.in_transit(0, 2), 1);
  EXPECT_EQ(run.in_transit(0, 1), 0);
  run.Step({0});
  EXPECT_EQ(run.in_transit(0, 1), 1);
  run.Step({0});
  EXPECT_EQ(run.sold(0), 0);
  EXPECT_EQ(run.on_hand(0), 1);
  run.Step({0});
  EXPECT_EQ(run.sold(0), 1);
}

// The worked check of one warehouse with many retailers (Kaynov et al. 2024): warehouse lead time 2 with 3 and 1 on the
// way, stores with lead time 1; the period's own arrivals are received at its start here, so they are part of the
// stock.
TEST(PeriodStepTest, RationsAShortWarehouseInProportionAndWholeUnits) {
  const auto network =
      CentralAndStores({.holding_cost = 0.5f, .initial_on_hand = 5, .lead_time = 2},
                       {{.holding_cost = 1, .stockout_cost = 9, .initial_on_hand = 2, .lead_time = 1},
                        {.holding_cost = 1, .stockout_cost = 9, .initial_on_hand = 2, .lead_time = 1}});
  OneRun run(network, {{2, 1}, {0, 0}, {0, 0}});

  // asked 4 + 3 of 5: 5 * 4/7 = 2.86 and 5 * 3/7 = 2.14, so 2 and 2; one stays: 0.5*1; stores keep 0 and 1: 1*1
  run.Step({4, 4, 3});
  EXPECT_EQ(run.shipped(0), 4);
  EXPECT_EQ(run.shipped(1), 2);
  EXPECT_EQ(run.shipped(2), 2);
  EXPECT_EQ(run.on_hand(0), 1);
  EXPECT_EQ(run.on_hand(1), 2);
  EXPECT_EQ(run.on_hand(2), 3);
  EXPECT_EQ(run.in_transit(0, 1), 4);
  EXPECT_EQ(run.reward(), -1.5f);
}

TEST(PeriodStepTest, GivesAWholeShareWhereTheDivisionIsExact) {
  for (int asked = 1; asked <= 400; ++asked) {
    const auto network = CentralAndStores({.initial_on_hand = 1}, {{.lead_time = 1}});
    OneRun run(network, {{0}, {0}});
    run.Step({0, static_cast<float>(asked)});  // 1 of 49 asked: 49 * (1 / 49) is below 1 in floating point
    ASSERT_EQ(run.shipped(1), 1) << asked;
  }
}

// capacity 10, volumes 2 and 1: stocks of 4 and 6 take 14, so 4 too much at 0.5 each; the first site has 8/14 of it
TEST(PeriodStepTest, ChargesWhatDoesNotFitByVolume) {
  NetworkBuilderForTests builder;
  const int store = builder.AddLocation("store", 10, 0.5f);
  builder.AddSite(store, "milk", kOutside, 0, {.volume = 2});
  builder.AddSite(store, "bread", kOutside, 1, {.volume = 1});
  OneRun run(builder.Build(), {{1, 1}, {0, 0}});
  run.Step({5, 7});
  EXPECT_FLOAT_EQ(run.cost(kOverflow), 2);
  EXPECT_FLOAT_EQ(run.site_cost(0), 2 * 8.f / 14);
  EXPECT_FLOAT_EQ(run.site_cost(1), 2 * 6.f / 14);
  EXPECT_FLOAT_EQ(run.reward(), -2);
}

TEST(PeriodStepTest, MakesOrdersFeasible) {
  const auto network = OneSite({.lane_capacity = 7, .calendar = {7, {true, true, false, true, true, true, true}}});
  OneRun run(network, {{0}, {0}, {0}, {0}, {0}});
  run.Step({3.5f});  // Monday, halves go up
  EXPECT_EQ(run.shipped(0), 4);
  run.Step({-2});
  EXPECT_EQ(run.shipped(0), 0);
  run.Step({5});  // closed on Wednesdays
  EXPECT_EQ(run.shipped(0), 0);
  run.Step({100});
  EXPECT_EQ(run.shipped(0), 7);
  run.Step({std::nanf("")});
  EXPECT_EQ(run.shipped(0), 0);
}

TEST(PeriodStepTest, CreditsWhatIsLeftAtTheEnd) {
  OneRun run(OneSite({.unit_value = 2, .initial_on_hand = 5, .lead_time = 2}), {{1}, {1}});
  run.Step({3});
  EXPECT_EQ(run.reward(), 0);
  run.Step({4});  // 3 on hand, 3 + 4 on the way: 2 * 10
  EXPECT_EQ(run.cost(kLeftoverCredit), -20);
  EXPECT_EQ(run.reward(), 20);
}

}  // namespace
}  // namespace restock
