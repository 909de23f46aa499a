#include "experiments/outcome_observer.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "env/demand_source.h"
#include "tests/env/test_networks.h"

namespace restock {
namespace {

/// Sends as much to every site in every period.
class EveryPeriod : public Policy {
 public:
  explicit EveryPeriod(float quantity) : quantity_(quantity) {}
  const std::string& name() const override { return name_; }
  void Act(const DecisionContext&, PolicyMemory*, std::span<float> orders) const override {
    std::ranges::fill(orders, quantity_);
  }

 private:
  std::string name_ = "every_period";
  float quantity_;
};

// A centre with 20 units that cost and are worth 1 each, and a shop that it serves at once; a unit short costs 5.
//   supplier --(1 day)--> centre --(at once)--> shop: 10 units a day for two days; the second day's demand is an
//   estimate
class OutcomeObserverTest : public testing::Test {
 protected:
  struct Outcomes {
    ScenarioOutcome all, uncensored;
  };
  Outcomes Simulate(float quantity) {
    NetworkBuilderForTests builder;
    const int centre = builder.AddSite(builder.AddLocation("centre"), "milk", kOutside, kNoSeries,
                                       {.unit_value = 1, .initial_on_hand = 20, .lead_time = 1, .unit_cost = 1});
    builder.AddSite(builder.AddLocation("shop"), "milk", centre, 0, {.stockout_cost = 5, .unit_value = 1});
    const auto network = builder.Build();

    auto scenarios = std::make_shared<ScenarioSet>();
    scenarios->Resize(1, 2, 1, std::vector<ForecastTarget>(2));
    scenarios->calendar.first_date = *Date::Parse("2024-05-07");
    std::ranges::fill(scenarios->demand, 10.f);
    const Eigen::ArrayXXf uncensored = (Eigen::ArrayXXf(2, 1) << 1, 0).finished();

    OutcomeObserver observer(*network, 1, &uncensored);
    restock::Simulate(EveryPeriod(quantity), network, MakeScenarioSource(scenarios), 1, 1, observer);
    std::vector<ScenarioOutcome> all, counted;
    observer.AppendTo(all, counted);
    return {all.at(0), counted.at(0)};
  }
};

// Serving all: 20 bought, 20 left at the end: -0 a day. Serving half: 10 bought, 20 left, 10 short: (10 - 20 + 50) / 2.
TEST_F(OutcomeObserverTest, CountsEveryDay) {
  EXPECT_DOUBLE_EQ(Simulate(10).all.cost, 0);
  EXPECT_DOUBLE_EQ(Simulate(5).all.cost, 20);
  EXPECT_DOUBLE_EQ(Simulate(5).all.num_short, 2);
}

// On the first day who serves half spares 5 units of goods and pays 25 for those short: 20 more. On the second, whose
// demand is not known, serving neither costs nor pays.
TEST_F(OutcomeObserverTest, ADayThatDoesNotCountNeitherCostsNorPays) {
  const Outcomes full = Simulate(10), half = Simulate(5);
  EXPECT_DOUBLE_EQ(half.uncensored.cost - full.uncensored.cost, 20 / 2.0);
  EXPECT_DOUBLE_EQ(half.uncensored.num_short, 1);
  EXPECT_DOUBLE_EQ(half.uncensored.demand, 10);
}

TEST_F(OutcomeObserverTest, PartsOfTheCostAddUp) {
  for (const Outcomes& outcomes : {Simulate(10), Simulate(5)}) {
    for (const ScenarioOutcome& outcome : {outcomes.all, outcomes.uncensored}) {
      ASSERT_EQ(outcome.warehouse_cost.size(), 1u);
      ASSERT_EQ(outcome.product_cost.size(), 1u);
      EXPECT_DOUBLE_EQ(outcome.warehouse_cost[0], outcome.cost);
      EXPECT_DOUBLE_EQ(outcome.product_cost[0], outcome.cost);
    }
  }
}

}  // namespace
}  // namespace restock
