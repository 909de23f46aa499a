#include "env/observation.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "env/sampled_demand.h"
#include "env/vector_env.h"
#include "tests/env/one_run.h"
#include "tests/env/simulation.h"
#include "tests/env/test_networks.h"

namespace restock {
namespace {

// A central site with lead time 3 that feeds two stores with lead time 1; orders once, then looks at environment 0.
class ObservationTest : public testing::Test {
 protected:
  float Feature(int site, const std::string& name) const {
    const auto found = std::find(env_.spec().features.begin(), env_.spec().features.end(), name);
    return batch_.Observation(env_.spec(), 0)(site * kBlockSize, found - env_.spec().features.begin());
  }

  void Step(std::vector<float> by_lane) {
    AlignedVector orders;
    for (const float order : by_lane) orders.insert(orders.end(), kBlockSize, order);
    env_.Step(orders, batch_);
  }

  static std::shared_ptr<const Network> MakeNetwork() {
    NetworkBuilderForTests builder;
    const int central = builder.AddSite(builder.AddLocation("central"), "milk", kOutside, kNoSeries,
                                        {.holding_cost = 0.5f,
                                         .initial_on_hand = 30,
                                         .lead_time = 3,
                                         .unit_cost = 2,
                                         .order_cost = 7,
                                         .calendar = {2, {true, false}}});
    const int store = builder.AddLocation("store", /*storage_capacity=*/40, 0);
    builder.AddSite(store, "milk", central, 0, {.stockout_cost = 9, .volume = 2, .initial_on_hand = 6, .lead_time = 1});
    builder.AddSite(builder.AddLocation("other"), "milk", central, 1,
                    {.stockout_cost = 9, .backorder_share = 1, .initial_on_hand = 1, .lead_time = 1});
    return builder.Build();
  }

  std::shared_ptr<const Network> network_ = MakeNetwork();
  std::shared_ptr<const DemandSource> demand_ =
      MakeSampledSource(*network_, {.demand = {{}, {2}, {3}}, .num_periods = 20}, Random(1));
  VectorEnv env_{network_, demand_, {.num_envs = 1}};
  StepBatch batch_ = env_.MakeBatch();
};

TEST_F(ObservationTest, ShowsStockPipelineAndPositions) {
  env_.Reset(1, batch_);
  Step({10, 4, 2});
  Step({20, 0, 0});  // closed for the central site
  const auto demand = [&](int site) { return batch_.outcome[0].demand[static_cast<size_t>(site * kBlockSize)]; };
  Step({5, 3, 1});
  EXPECT_EQ(Feature(0, "on_hand"), 30 - 4 - 2 - 3 - 1 + 10);
  EXPECT_EQ(Feature(0, "in_transit"), 5);
  EXPECT_EQ(Feature(0, "pipeline_1"), 0);
  EXPECT_EQ(Feature(0, "pipeline_2"), 5);
  EXPECT_EQ(Feature(1, "on_hand"), env_.state(0).on_hand(1)[0]);
  const float position = Feature(2, "on_hand") - Feature(2, "backorders") + Feature(2, "in_transit");
  EXPECT_EQ(Feature(2, "inventory_position"), position);
  EXPECT_EQ(Feature(0, "echelon_position"),
            Feature(0, "inventory_position") + Feature(1, "inventory_position") + position);
  EXPECT_EQ(Feature(1, "echelon_position"), Feature(1, "inventory_position"));
  EXPECT_GE(demand(2), 0);
}

TEST_F(ObservationTest, ShowsTheCalendarAndTheSupplier) {
  env_.Reset(1, batch_);
  EXPECT_EQ(Feature(0, "periods_to_next_order"), 0);
  EXPECT_EQ(Feature(0, "protection_periods"), 2 + 3 + 1);
  EXPECT_EQ(Feature(1, "protection_periods"), 2);
  EXPECT_EQ(Feature(1, "forecast_mean"), 4);
  EXPECT_EQ(Feature(0, "forecast_mean"), 6 * 5);
  EXPECT_EQ(Feature(0, "forecast_next"), 5);
  EXPECT_EQ(Feature(1, "supplier_on_hand"), 30);
  EXPECT_EQ(Feature(1, "supplier_cover"), 30.f / (4 + 6));
  EXPECT_EQ(Feature(0, "supplier_on_hand"), Feature(0, "forecast_mean"));
  EXPECT_EQ(Feature(0, "supplier_cover"), 10);
  Step({0, 0, 0});
  EXPECT_EQ(Feature(0, "periods_to_next_order"), 1);
}

TEST_F(ObservationTest, ShowsCapacityCostsAndKind) {
  env_.Reset(1, batch_);
  EXPECT_EQ(Feature(1, "free_capacity"), (40 - 2 * 6) / 2.f);
  EXPECT_EQ(Feature(2, "free_capacity"), 1e6f);
  EXPECT_EQ(Feature(0, "has_own_demand"), 0);
  EXPECT_EQ(Feature(1, "has_own_demand"), 1);
  EXPECT_EQ(Feature(0, "unit_cost"), 2);
  EXPECT_EQ(Feature(0, "order_cost"), 7);
  EXPECT_EQ(Feature(0, "holding_cost"), 0.5f);
  EXPECT_EQ(Feature(1, "stockout_cost"), 9);
  EXPECT_EQ(Feature(0, "lead_time"), 3);
  EXPECT_EQ(FeatureNames(*network_).back(), "pipeline_2");
}

TEST(ObservationSeasonTest, GoesRoundOnceAWeek) {
  const auto network = OneSite({.lead_time = 1});
  VectorEnv env(network, GivenDemand(*network, std::vector<std::vector<float>>(8, {1})), {.num_envs = 1});
  StepBatch batch = env.MakeBatch();
  env.Reset(1, batch);
  EXPECT_NEAR(batch.Observation(env.spec(), 0)(0, kSeasonCos), 1, 1e-5);  // a Monday
  const std::vector<float> no_orders(kBlockSize, 0.f);
  for (int day = 1; day < 7; ++day) {
    env.Step(no_orders, batch);
    EXPECT_NEAR(batch.Observation(env.spec(), 0)(0, kSeasonSin), std::sin(2 * M_PI * day / 7), 1e-5);
  }
}

// Forecasts of a scenario set go to the environments that have the scenario; what comes later on the path changes none
// of them.
TEST(ObservationForecastTest, BelongsToTheScenario) {
  const auto network = OneSite({.lead_time = 1});
  auto scenarios = std::make_shared<ScenarioSet>();
  scenarios->Resize(3, 2, 1, std::vector<ForecastTarget>(1));
  scenarios->calendar.first_date = *Date::Parse("2024-01-01");
  for (int scenario = 0; scenario < 3; ++scenario)
    for (int feature = 0; feature < kNumForecastFeatures; ++feature)
      scenarios->Forecast(0, 0, feature)[scenario] = static_cast<float>(10 * scenario + feature);
  VectorEnv env(network, MakeScenarioSource(scenarios), {.num_envs = 3, .shuffle_scenarios = false});
  StepBatch batch = env.MakeBatch();
  env.Reset(1, batch);
  for (int scenario = 0; scenario < 3; ++scenario) {
    for (int feature = 0; feature < kNumForecastFeatures; ++feature)
      EXPECT_EQ(batch.Observation(env.spec(), 0)(scenario, kForecastMeanFeature + feature), 10 * scenario + feature);
  }
}

// Of 5 units ordered the warehouse ships 3; the other 2 are on order, and so is what takes effect later.
TEST(ObservedFeaturesTest, CountsWhatIsOrderedAndNotYetShipped) {
  const auto network = NetworkOf(
      "locations: [{name: w, initial_on_hand: 3}, {name: store, stockout_cost: 1}]\nlanes: [{from: supplier, to: w, "
      "lead_time: 1, order_delay: 2}, {from: w, to: store, lead_time: 2, unfilled: wait}]",
      {"store"});
  VectorEnv env(network, GivenDemand(*network, {{0}, {0}, {0}}),
                {.num_envs = 1, .features = {"in_transit", "inventory_position", "echelon_position"}});
  StepBatch batch = env.MakeBatch();
  env.Reset(1, batch);
  AlignedVector orders(2 * kBlockSize, 5);
  env.Step(orders, batch);
  const auto at = [&](int feature, int site) {
    return batch.observation[static_cast<size_t>((feature * 2 + site) * kBlockSize)];
  };
  EXPECT_EQ(at(0, 1), 3);
  EXPECT_EQ(at(1, 1), 5);
  EXPECT_EQ(at(1, 0), 5);      // nothing on hand, 5 that take effect in two periods
  EXPECT_EQ(at(2, 0), 3 + 5);  // what the store waits for is nowhere yet
}

TEST(ObservedFeaturesTest, TellsStockByAge) {
  const auto network = NetworkOf(
      "locations: [{name: store, stockout_cost: 1, initial_on_hand: 4, shelf_life: 2}]\nlanes: [{from: supplier, to: "
      "store, lead_time: 1}]",
      {"store"});
  VectorEnv env(network, GivenDemand(*network, {{1}, {0}}), {.num_envs = 1, .features = {"age_1", "age_2"}});
  StepBatch batch = env.MakeBatch();
  env.Reset(1, batch);
  EXPECT_EQ(batch.observation[kBlockSize], 4);
  env.Step(AlignedVector(kBlockSize, 6), batch);
  EXPECT_EQ(batch.observation[0], 3);
  EXPECT_EQ(batch.observation[kBlockSize], 6);
}

}  // namespace
}  // namespace restock
