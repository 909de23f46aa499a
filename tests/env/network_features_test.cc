#include "env/network_features.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/error.h"
#include "tests/env/one_run.h"

namespace restock {
namespace {

// A warehouse with 10 units feeds three stores at once; lanes 0 (supplier), 1, 2, 3 (stores a, b, c).
std::shared_ptr<const Network> WarehouseAndThreeStores(const std::string& warehouse, const std::string& lanes) {
  return NetworkOf("locations: [{name: w, initial_on_hand: 10, " + warehouse +
                       "}, {name: \"*\", stockout_cost: 1}]\nlanes: [{from: supplier, to: w}, " + lanes + "]",
                   {"a", "b", "c"});
}

TEST(RationingTest, InTurnServesLaneAfterLane) {
  OneRun run(WarehouseAndThreeStores("rationing: in_turn", "{from: w, to: \"*\", lead_time: 1}"),
             {{0, 0, 0}, {0, 0, 0}});
  run.Step({0, 7, 5, 4});
  EXPECT_EQ(run.shipped(1), 7);
  EXPECT_EQ(run.shipped(2), 3);
  EXPECT_EQ(run.shipped(3), 0);
}

TEST(RationingTest, InTurnServesByPriority) {
  OneRun run(WarehouseAndThreeStores("rationing: in_turn",
                                     "{from: w, to: a, lead_time: 1, priority: 2}, {from: w, to: b, lead_time: 1, "
                                     "priority: 1}, {from: w, to: c, lead_time: 1}"),
             {{0, 0, 0}, {0, 0, 0}});
  run.Step({0, 7, 5, 4});
  EXPECT_EQ(run.shipped(3), 4);
  EXPECT_EQ(run.shipped(2), 5);
  EXPECT_EQ(run.shipped(1), 1);
}

// Unit by unit to the lane that lacks most: of 7, 5 and 4 with 10 units all lack 2. With 9 units they lack 7/3 on
// average: the two that could lack 3 but get a unit in turn are a and b.
TEST(RationingTest, LeastShortageGivesToTheOneThatLacksMost) {
  for (const auto& [orders, shipped] :
       std::vector<std::pair<std::vector<float>, std::vector<float>>>{{{0, 7, 5, 4}, {5, 3, 2}},
                                                                      {{0, 7, 5, 5}, {5, 3, 2}},
                                                                      {{0, 2, 9, 9}, {0, 5, 5}},
                                                                      {{0, 3, 2, 1}, {3, 2, 1}},
                                                                      {{0, 100, 0, 0}, {10, 0, 0}},
                                                                      {{0, 1, 1, 30}, {0, 0, 10}}}) {
    OneRun run(WarehouseAndThreeStores("rationing: least_shortage", "{from: w, to: \"*\", lead_time: 1}"),
               {{0, 0, 0}, {0, 0, 0}});
    run.Step(orders);
    for (int lane = 1; lane <= 3; ++lane) EXPECT_EQ(run.shipped(lane), shipped[static_cast<size_t>(lane - 1)]);
  }
}

TEST(RationingTest, AFactoryShipsWithinItsCapacity) {
  OneRun run(WarehouseAndThreeStores("shipping_capacity: 6", "{from: w, to: \"*\", lead_time: 1}"),
             {{0, 0, 0}, {0, 0, 0}});
  run.Step({0, 4, 4, 4});
  for (int lane = 1; lane <= 3; ++lane) EXPECT_EQ(run.shipped(lane), 2);
}

// What is due is received after shipping: 5 units that arrive today serve customers at b, but cannot leave w.
TEST(EventOrderTest, ReceiptAfterShippingComesTooLateForToday) {
  const auto network = NetworkOf(
      "receive: after_shipping\nlocations: [{name: w, holding_cost: 1, initial_on_hand: 2}, {name: b, stockout_cost: "
      "10}]\nlanes: [{from: supplier, to: w, lead_time: 2, initial_in_transit: 5}, {from: w, to: b, lead_time: 1, "
      "initial_in_transit: 3}]",
      {"b"});
  OneRun run(network, {{2}, {0}, {0}, {0}});
  EXPECT_EQ(run.in_transit(0, 1), 5);
  EXPECT_EQ(run.in_transit(0, 2), 5);

  // w has 2 to ship and receives 5: it keeps 5; b receives 3, sells 2, keeps 1
  run.Step({4, 9});
  EXPECT_EQ(run.shipped(1), 2);
  EXPECT_EQ(run.on_hand(0), 5);
  EXPECT_EQ(run.sold(1), 2);
  EXPECT_EQ(run.on_hand(1), 1);
  EXPECT_EQ(run.reward(), -5);
  // w ships 5 and receives the last 5; b receives 2
  run.Step({0, 9});
  EXPECT_EQ(run.shipped(1), 5);
  EXPECT_EQ(run.on_hand(0), 5);
  EXPECT_EQ(run.on_hand(1), 3);
  // w receives the 4 of two periods ago
  run.Step({0, 0});
  EXPECT_EQ(run.on_hand(0), 9);
}

TEST(ChannelTest, SellsWhatItsHostHasLeft) {
  const auto network = NetworkOf(
      "locations: [{name: shop, holding_cost: 1, stockout_cost: 10, initial_on_hand: 5}, {name: web, sells_from: shop, "
      "stockout_cost: 4, shortage: backorders}]\nlanes: [{from: supplier, to: shop, lead_time: 1}]",
      {"shop", "web"});
  OneRun run(network, {{3, 4}, {0, 0}, {0, 0}});
  run.Step({6});
  EXPECT_EQ(run.sold(0), 3);
  EXPECT_EQ(run.sold(1), 2);
  EXPECT_EQ(run.backorders(1), 2);
  EXPECT_EQ(run.reward(), -8);  // two wait at 4 each, nothing is held
  // 6 units: none at the shop, the two that wait, 4 are held
  run.Step({0});
  EXPECT_EQ(run.backorders(1), 0);
  EXPECT_EQ(run.on_hand(0), 4);
  EXPECT_EQ(run.reward(), -4);
}

// Of 4 unmet customers all accept; the warehouse has 3.
TEST(EmergencyTest, ServesUnmetCustomersFromWhatIsLeftUpstream) {
  const auto network = NetworkOf(
      "locations: [{name: w, holding_cost: 0.5, initial_on_hand: 3}, {name: store, stockout_cost: 9, initial_on_hand: "
      "2}]\nlanes: [{from: supplier, to: w, lead_time: 1}, {from: w, to: store, lead_time: 1}, {from: w, to: store, "
      "kind: emergencies, acceptance: 1, unit_cost: 2}]",
      {"store"});
  OneRun run(network, {{6}, {0}});
  run.Step({0, 0, 99});
  EXPECT_EQ(run.shipped(2), 3);
  EXPECT_EQ(run.sold(1), 5);
  EXPECT_EQ(run.on_hand(0), 0);
  EXPECT_FLOAT_EQ(run.cost(kStockout), 9);
  EXPECT_FLOAT_EQ(run.cost(kPurchase), 6);
  EXPECT_FLOAT_EQ(run.cost(kHolding), 0);
  EXPECT_FLOAT_EQ(run.reward(), -15);
}

TEST(ReturnsTest, WhatWasSoldComesBackLater) {
  const auto network = NetworkOf(
      "locations: [{name: store, stockout_cost: 9, initial_on_hand: 5}]\nlanes: [{from: supplier, to: store, "
      "lead_time: "
      "1}, {from: customers, to: store, lead_time: 2, share: 1, unit_cost: 0.5}]",
      {"store"});
  OneRun run(network, {{3}, {0}, {0}});
  run.Step({0, 99});
  EXPECT_EQ(run.shipped(1), 3);
  EXPECT_EQ(run.on_hand(0), 2);
  EXPECT_FLOAT_EQ(run.reward(), -1.5f);
  run.Step({0, 0});
  EXPECT_EQ(run.on_hand(0), 5);
}

// Three periods to live. 4 units start fresh, 3 come a period later.
TEST(PerishableTest, OldestFirstWastesLess) {
  const std::string lanes = "}]\nlanes: [{from: supplier, to: store, lead_time: 1}]";
  const std::string store =
      "locations: [{name: store, holding_cost: 1, stockout_cost: 9, initial_on_hand: 4, shelf_life: 2, waste_cost: 7";
  OneRun fifo(NetworkOf(store + lanes, {"store"}), {{1}, {2}, {0}});
  OneRun lifo(NetworkOf(store + ", issue: newest_first" + lanes, {"store"}), {{1}, {2}, {0}});
  for (OneRun* run : {&fifo, &lifo}) {
    EXPECT_EQ(run->age(0, 2), 4);
    run->Step({3});  // one is sold, 3 are held and have one period left; 3 fresh ones come
    EXPECT_EQ(run->reward(), -3);
    EXPECT_EQ(run->age(0, 1), 3);
    EXPECT_EQ(run->age(0, 2), 3);
    run->Step({0});
  }
  // two of the old ones are sold, the third is wasted, 3 are held
  EXPECT_EQ(fifo.cost(kWaste), 7);
  EXPECT_EQ(fifo.cost(kHolding), 3);
  EXPECT_EQ(fifo.age(0, 1), 3);
  // two of the new ones are sold, 3 old ones are wasted, one is held
  EXPECT_EQ(lifo.cost(kWaste), 21);
  EXPECT_EQ(lifo.cost(kHolding), 1);
  EXPECT_EQ(lifo.age(0, 1), 1);
}

TEST(PerishableTest, AChannelMayTakeTheNewest) {
  const auto network = NetworkOf(
      "locations: [{name: shop, stockout_cost: 9, initial_on_hand: 4, shelf_life: 2, waste_cost: 1}, {name: choosy, "
      "sells_from: shop, stockout_cost: 9, issue: newest_first}]\nlanes: [{from: supplier, to: shop, lead_time: 1}]",
      {"shop", "choosy"});
  OneRun run(network, {{0, 0}, {1, 2}, {0, 0}});
  run.Step({3});
  run.Step({0});  // 4 old, 3 new: one old and two new ones are sold, 3 old ones are wasted
  EXPECT_EQ(run.cost(kWaste), 3);
  EXPECT_EQ(run.age(0, 1), 1);
  EXPECT_EQ(run.on_hand(0), 1);
}

TEST(GoodwillTest, StockoutsDriveCustomersAway) {
  const auto network = NetworkOf(
      "locations: [{name: store, stockout_cost: 1, initial_on_hand: 1, goodwill: {after_stockout: 0.5, otherwise: 1.1, "
      "least: 0.4, most: 1}}]\nlanes: [{from: supplier, to: store, lead_time: 1}]",
      {"store"});
  OneRun run(network, {{8}, {8}, {0}, {0}});
  run.Step({0});
  EXPECT_EQ(run.demand(0), 8);  // all of those who could come
  EXPECT_EQ(run.goodwill(0), 0.5f);
  run.Step({0});
  EXPECT_LT(run.demand(0), 8);
  EXPECT_EQ(run.goodwill(0), 0.4f);
  run.Step({0});
  EXPECT_FLOAT_EQ(run.goodwill(0), 0.44f);
}

// A budget of 20 for two products at 2 and 3 each: ordered for 2*5 + 3*10 = 40, so half of it.
TEST(JointLimitTest, EveryLaneGetsTheSameShareOfTheBudget) {
  const std::vector<Series> series = {{"store", "a", ""}, {"store", "b", ""}};
  const NetworkConfig config = ReadNetworkConfig(ParseConfig(
      "locations: [{name: store, stockout_cost: 1}]\nlanes: [{from: supplier, to: store, sku: a, unit_cost: 2}, {from: "
      "supplier, to: store, sku: b, unit_cost: 3}]\nlimits: [{name: budget, from: supplier, counts: money, capacity: "
      "20}]",
      "network"));
  OneRun run(std::make_shared<Network>(BuildNetwork(config, series, std::vector<double>{1, 1}, PeriodLength::kDay)),
             {{0, 0}, {0, 0}});
  run.Step({5, 10});
  EXPECT_EQ(run.shipped(0), 2);  // 2.5 rounded down
  EXPECT_EQ(run.shipped(1), 5);
  run.Step({2, 5});
  EXPECT_EQ(run.shipped(1), 5);
}

// Two vehicles of volume 6 for 4 + 3 units.
TEST(VehiclesTest, EachThatIsBegunCostsTheSame) {
  const auto network = NetworkOf(
      "locations: [{name: \"*\", stockout_cost: 1}]\nlanes: [{from: supplier, to: \"*\", lead_time: 1}]\nvehicles: "
      "[{from: supplier, to: \"*\", size: 6, cost: 75}]",
      {"a", "b"});
  OneRun run(network, {{0, 0}, {0, 0}, {0, 0}});
  run.Step({4, 3});
  EXPECT_EQ(run.cost(kOrder), 150);
  EXPECT_FLOAT_EQ(run.site_cost(0), 150 * 4.f / 7);
  run.Step({4, 2});
  EXPECT_EQ(run.cost(kOrder), 75);
}

TEST(PipelineCostTest, GoodsUnderWayCostMoneyEveryPeriod) {
  const auto network = NetworkOf(
      "locations: [{name: store, stockout_cost: 1}]\nlanes: [{from: supplier, to: store, lead_time: 2, pipeline_cost: "
      "0.5}]",
      {"store"});
  OneRun run(network, {{0}, {0}, {0}, {0}});
  run.Step({4});
  EXPECT_EQ(run.cost(kPipeline), 2);
  run.Step({2});
  EXPECT_EQ(run.cost(kPipeline), 3);
  run.Step({0});
  EXPECT_EQ(run.cost(kPipeline), 1);
}

// What the warehouse cannot ship waits there and costs 1 a unit.
TEST(UnfilledOrdersTest, WaitWhereTheyAreTold) {
  const auto network = NetworkOf(
      "locations: [{name: w, initial_on_hand: 3}, {name: store, stockout_cost: 1}]\nlanes: [{from: supplier, to: w, "
      "lead_time: 1}, {from: w, to: store, lead_time: 1, unfilled: wait, unfilled_cost: 1}]",
      {"store"});
  OneRun run(network, {{0}, {0}, {0}, {0}});
  run.Step({4, 5});
  EXPECT_EQ(run.shipped(1), 3);
  EXPECT_EQ(run.owed(0), 2);
  EXPECT_EQ(run.cost(kUnfilled), 2);
  run.Step({0, 1});
  EXPECT_EQ(run.shipped(1), 3);
  EXPECT_EQ(run.owed(0), 0);
}

TEST(OrderDelayTest, AnOrderTakesEffectLater) {
  const auto network = NetworkOf(
      "locations: [{name: store, stockout_cost: 1}]\nlanes: [{from: supplier, to: store, order_delay: 2}]", {"store"});
  OneRun run(network, {{0}, {0}, {0}, {0}, {0}});
  run.Step({4});
  run.Step({6});
  EXPECT_EQ(run.shipped(0), 0);
  run.Step({0});
  EXPECT_EQ(run.shipped(0), 4);
  run.Step({0});
  EXPECT_EQ(run.shipped(0), 6);
  EXPECT_EQ(run.on_hand(0), 10);
}

TEST(OrderSizesTest, ComeInPacksAboveTheMinimum) {
  const auto network = NetworkOf(
      "locations: [{name: store, stockout_cost: 1}]\nlanes: [{from: supplier, to: store, pack_size: 6, minimum_order: "
      "20, lane_capacity: 50}]",
      {"store"});
  OneRun run(network, {{0}, {0}, {0}, {0}, {0}, {0}});
  for (const auto& [wanted, shipped] :
       std::vector<std::pair<float, float>>{{2, 0}, {11, 0}, {12, 24}, {26, 24}, {28, 30}, {1000, 48}}) {
    run.Step({wanted});
    EXPECT_EQ(run.shipped(0), shipped) << wanted;
  }
}

TEST(OrderSizesTest, NoPackIsLargerThanALaneCarries) {
  const std::string lane =
      "locations: [{name: store, stockout_cost: 1}]\nlanes: [{from: supplier, to: store, pack_size: 7, "
      "minimum_order: 10, lane_capacity: ";
  EXPECT_THROW(NetworkOf(lane + "13}]", {"store"}), ConfigError);  // two packs are 14
  EXPECT_NO_THROW(NetworkOf(lane + "14}]", {"store"}));
}

// Goods are received on Mondays only: an order of Monday with lead time 2 comes a week later.
TEST(LeadTimeTest, WaitsForAReceivingDay) {
  const auto network = NetworkOf(
      "locations: [{name: store, stockout_cost: 1}]\nlanes: [{from: supplier, to: store, lead_time: 2, receiving_days: "
      "[mon]}]",
      {"store"});
  OneRun run(network, std::vector<std::vector<float>>(9, {0}));
  run.Step({5});
  run.Step({2});
  for (int day = 2; day < 6; ++day) {
    EXPECT_EQ(run.on_hand(0), 0) << day;
    run.Step({0});
  }
  run.Step({0});
  EXPECT_EQ(run.on_hand(0), 7);
}

// lead times of 1 or 3 periods: every unit arrives once, none before a period or after three
TEST(LeadTimeTest, ChanceDecidesWhenGoodsArrive) {
  const auto network = NetworkOf(
      "locations: [{name: store, stockout_cost: 1}]\nlanes: [{from: supplier, to: store, lead_time: {kind: given, "
      "probabilities: [0, 0.5, 0, 0.5], crossing: true}}]",
      {"store"});
  VectorEnv env(network, GivenDemand(*network, std::vector<std::vector<float>>(300, {0})), {.num_envs = 1});
  StepBatch batch = env.MakeBatch();
  env.Reset(1, batch);
  const AlignedVector one(kBlockSize, 1), none(kBlockSize, 0);
  int after_one = 0;
  for (int order = 0; order < 99; ++order) {
    const float before = env.state(0).on_hand(0)[0];
    env.Step(one, batch);
    const float first = env.state(0).on_hand(0)[0] - before;
    env.Step(none, batch);
    env.Step(none, batch);
    EXPECT_EQ(env.state(0).on_hand(0)[0] - before, 1);
    EXPECT_TRUE(first == 0 || first == 1);
    after_one += static_cast<int>(first);
  }
  EXPECT_NEAR(after_one, 49.5, 15);  // three standard deviations
}

TEST(StorageTest, RefusesWhatDoesNotFit) {
  const auto network = NetworkOf(
      "locations: [{name: store, stockout_cost: 1, storage_capacity: 10, overflow: refuse, overflow_cost: 2, volume: "
      "2}]\nlanes: [{from: supplier, to: store, lead_time: 1}]",
      {"store"});
  OneRun run(network, {{0}, {2}, {0}});
  run.Step({3});
  EXPECT_EQ(run.on_hand(0), 3);
  run.Step({7});  // 1 is left, a volume of 8 is free: 4 of 7 units come in, 3 are refused
  EXPECT_EQ(run.on_hand(0), 5);
  EXPECT_EQ(run.cost(kOverflow), 12);
}

TEST(PriceTest, SalesEarnMoney) {
  const auto network = NetworkOf(
      "locations: [{name: store, price: 3, initial_on_hand: 2}]\nlanes: [{from: supplier, to: store, lead_time: 1}]",
      {"store"});
  OneRun run(network, {{5}, {0}});
  run.Step({0});
  EXPECT_EQ(run.cost(kRevenue), -6);
  EXPECT_EQ(run.reward(), 6);
}

TEST(TransferTest, WarehousesMaySupplyEachOther) {
  const auto network = NetworkOf(
      "locations: [{name: \"*\", stockout_cost: 1, initial_on_hand: 4}]\nlanes: [{from: supplier, to: \"*\", "
      "lead_time: "
      "3}, {from: \"*\", to: \"*\", lead_time: 1}]",
      {"a", "b"});
  EXPECT_EQ(network->num_lanes(), 4);
  EXPECT_THAT(network->is_transfer, testing::ElementsAre(false, false, true, true));
  EXPECT_THAT(network->echelon[0], testing::ElementsAre(0));
  OneRun run(network, {{0, 0}, {0, 0}});
  run.Step({0, 0, 3, 1});
  EXPECT_EQ(run.on_hand(0), 2);
  EXPECT_EQ(run.on_hand(1), 6);
}

TEST(DivisibleGoodsTest, FlowInAnyQuantity) {
  const auto network = NetworkOf(
      "goods: divisible\nlocations: [{name: w, initial_on_hand: 1}, {name: \"*\", stockout_cost: 1}]\nlanes: [{from: "
      "supplier, to: w}, {from: w, to: \"*\", lead_time: 1}]",
      {"a", "b"});
  OneRun run(network, {{0, 0}, {0, 0}});
  run.Step({0.25f, 1.5f, 0.5f});
  EXPECT_FLOAT_EQ(run.shipped(0), 0.25f);
  EXPECT_FLOAT_EQ(run.shipped(1), 0.75f);
  EXPECT_FLOAT_EQ(run.shipped(2), 0.25f);
}

// shares of one half, by many scenarios: within four standard deviations
TEST(ThinningTest, ChanceTakesCountsOutOfCounts) {
  const auto network = NetworkOf(
      "locations: [{name: a, stockout_cost: 1, backorder_share: 0.5}, {name: b, stockout_cost: 1}]\nlanes: [{from: "
      "supplier, to: a, lead_time: 1, yield: 0.5}, {from: supplier, to: b, lead_time: 1, disruption: "
      "{failure_probability: 0.5, recovery_probability: 0.5}}]",
      {"a", "b"});
  auto scenarios = std::make_shared<ScenarioSet>();
  scenarios->Resize(kBlockSize, 51, 2, std::vector<ForecastTarget>(2));
  scenarios->calendar.first_date = *Date::Parse("2024-01-01");
  for (int period = 0; period < 51; ++period)
    for (int series = 0; series < 2; ++series) scenarios->Demand(period, series).setConstant(20);
  VectorEnv env(network, MakeScenarioSource(scenarios), {.num_envs = kBlockSize, .shuffle_scenarios = false});
  StepBatch batch = env.MakeBatch();
  env.Reset(1, batch);
  const AlignedVector orders(2 * kBlockSize, 10);
  double waiting = 0, good = 0, delivered = 0;
  for (int period = 0; period < 50; ++period) {
    const float before = env.state(0).backorders(0).sum();
    const float late = env.state(0).on_hand(0).min(env.state(0).backorders(0)).sum();
    const ConstEigenRows sold{batch.outcome[0].sold.data()};
    env.Step(orders, batch);
    const double unmet = 20.0 * kBlockSize - sold(0).sum();
    waiting += (env.state(0).backorders(0).sum() - (before - late)) / unmet / 50;
    good += ConstEigenRows{batch.outcome[0].shipped.data()}(0).mean() / 50;
    const ConstRow sent = ConstEigenRows{batch.outcome[0].shipped.data()}(1);
    EXPECT_TRUE((sent == 0.f || sent == 10.f).all());
    delivered += sent.mean() / 50;
  }
  EXPECT_NEAR(waiting, 0.5, 4 * 0.5 / std::sqrt(20.0 * kBlockSize * 50));
  EXPECT_NEAR(good, 5, 4 * std::sqrt(2.5 / (kBlockSize * 50)));
  EXPECT_NEAR(delivered, 5, 4 * 5 / std::sqrt(kBlockSize * 50.0));
}

}  // namespace
}  // namespace restock
