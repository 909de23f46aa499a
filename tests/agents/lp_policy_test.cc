#include "agents/lp_policy.h"

#include <cmath>

#include <gtest/gtest.h>

#include "agents/forecast_quantile_policy.h"
#include "agents/plan_prices.h"
#include "agents/simulate.h"
#include "common/distributions.h"
#include "optimization/perfect_information.h"
#include "tests/env/test_networks.h"
#include "tests/optimization/scenarios_for_tests.h"

namespace restock {
namespace {

constexpr int kNumPeriods = 20;

double TotalCost(const Policy& policy, const std::shared_ptr<const Network>& network,
                 const std::shared_ptr<const ScenarioSet>& scenarios, int num_threads = 1) {
  return SiteCosts(policy, network, MakeScenarioSource(scenarios), num_threads).sum() * scenarios->num_periods;
}

/// A central site and two stores, a capacity on one lane and orders on two days of three.
std::shared_ptr<const Network> SmallNetwork() {
  const SiteSettings central{.holding_cost = 0.1f,
                             .unit_value = 2,
                             .initial_on_hand = 25,
                             .lead_time = 2,
                             .unit_cost = 2,
                             .calendar = {3, {true, true, false}}};
  SiteSettings store{.holding_cost = 0.3f, .stockout_cost = 6, .unit_value = 2, .initial_on_hand = 10, .lead_time = 1};
  SiteSettings far = store;
  far.lead_time = 2;
  far.lane_capacity = 8;
  return CentralAndStores(central, {store, far});
}

/// Looks at every order that a policy wants.
class WholeUnits : public SimulationObserver {
 public:
  void OnDecision(const VectorEnv&, const StepBatch&, std::span<const float> orders) override {
    for (const float units : orders) {
      EXPECT_GE(units, 0);
      EXPECT_EQ(units, std::floor(units));
      total += units;
    }
  }
  void OnOutcome(int, const VectorEnv&, const StepBatch&) override {}
  double total = 0;
};

/// The same policy, made to start from nothing at every decision.
class Forgetful : public Policy {
 public:
  explicit Forgetful(const Policy& policy) : policy_(policy) {}
  const std::string& name() const override { return policy_.name(); }
  void Act(const DecisionContext& context, PolicyMemory*, std::span<float> orders) const override {
    policy_.Act(context, nullptr, orders);
  }

 private:
  const Policy& policy_;
};

TEST(LpPolicyTest, OrdersWholeUnits) {
  const auto network = SmallNetwork();
  const auto scenarios = PoissonScenarios(*network, 1, 5, kNumPeriods, 2.7);
  WholeUnits observer;
  Simulate(*MakeLpPolicy(network, {}), network, MakeScenarioSource(scenarios), 5, 1, observer);
  EXPECT_GT(observer.total, 0);
}

TEST(LpPolicyTest, KnowingDemandAheadItComesCloseToTheBound) {
  const auto network = SmallNetwork();
  const auto scenarios = PoissonScenarios(*network, 2, 1, kNumPeriods, 3, /*clairvoyant=*/true);
  const double bound = PerfectInformationBound(*network, *scenarios, 0, kNumPeriods, true);
  const double cost = TotalCost(*MakeLpPolicy(network, {.horizon = kNumPeriods}), network, scenarios);
  EXPECT_GE(cost, bound - 1e-3);
  EXPECT_LE(cost, bound + 0.03 * std::abs(bound));
}

// With nothing in the way the plan is the classical rule: up to the quantile of demand over the protection periods.
// (With lost sales the program is wiser: it knows that what is going to be short need not be ordered.)
TEST(LpPolicyTest, WithoutLimitsIsOrderUpToTheQuantile) {
  const auto network = OneSite({.holding_cost = 0.1f,
                                .stockout_cost = 20,
                                .backorder_share = 1,
                                .unit_value = 2,
                                .initial_on_hand = 12,
                                .lead_time = 2,
                                .unit_cost = 2});
  const auto scenarios = PoissonScenarios(*network, 3, 8, kNumPeriods, 4);
  const double level = 0.92;
  const double score = NormalQuantile(level);
  EXPECT_NEAR(TotalCost(*MakeLpPolicy(network, {.service_level = level}), network, scenarios),
              TotalCost(ForecastQuantilePolicy(score, score), network, scenarios), 1e-4);
}

TEST(LpPolicyTest, SafetyStockPaysUnderUncertainty) {
  const auto network = SmallNetwork();
  const auto scenarios = PoissonScenarios(*network, 4, 16, kNumPeriods, 2.5);
  const double on_average =
      TotalCost(*MakeLpPolicy(network, {.service_level = 0.5, .central_service_level = 0.5}), network, scenarios);
  const double safe =
      TotalCost(*MakeLpPolicy(network, {.service_level = 0.9, .central_service_level = 0.9}), network, scenarios);
  EXPECT_LT(safe, on_average);
}

TEST(LpPolicyTest, DecidesTheSameFromAnyBasisAndOnAnyThread) {
  const auto network = SmallNetwork();
  const auto scenarios = PoissonScenarios(*network, 5, 70, 8, 3);
  const auto policy = MakeLpPolicy(network, {});
  const double cost = TotalCost(*policy, network, scenarios);
  EXPECT_EQ(cost, TotalCost(*policy, network, scenarios, /*num_threads=*/2));
  EXPECT_EQ(cost, TotalCost(Forgetful(*policy), network, scenarios));
}

TEST(LpPolicyTest, PlansAnEpisodeToItsEndFromOneBasis) {
  // what is left is worth nothing: knowing demand ahead, the plan made in the first period is never changed
  const auto network = SmallNetwork();
  const auto scenarios = PoissonScenarios(*network, 6, 1, kNumPeriods, 3, /*clairvoyant=*/true);
  const double bound = PerfectInformationBound(*network, *scenarios, 0, kNumPeriods, true);
  const LpPolicyConfig to_the_end{
      .horizon = kNumPeriods, .service_level = 0.5, .central_service_level = 0.5, .ends_with_episode = true};
  EXPECT_NEAR(TotalCost(*MakeLpPolicy(network, to_the_end), network, scenarios), bound, 1e-3 * std::abs(bound));
}

TEST(StochasticLpPolicyTest, KnowingDemandAheadItIsTheOptimum) {
  const auto network = SmallNetwork();
  const auto scenarios = PoissonScenarios(*network, 7, 2, kNumPeriods, 3, /*clairvoyant=*/true);
  double bound = 0;
  for (int path = 0; path < 2; ++path)
    bound += PerfectInformationBound(*network, *scenarios, path, kNumPeriods, true) / 2;
  const StochasticLpConfig config{.horizon = kNumPeriods, .num_scenarios = 3, .ends_with_episode = true};
  EXPECT_NEAR(TotalCost(*MakeStochasticLpPolicy(network, config), network, scenarios), bound, 0.02 * std::abs(bound));
}

TEST(StochasticLpPolicyTest, EarnsMoreThanAPlanOnExpectedDemand) {
  const auto network = SmallNetwork();
  const auto scenarios = PoissonScenarios(*network, 8, 8, kNumPeriods, 2.5);
  const double on_average =
      TotalCost(*MakeLpPolicy(network, {.service_level = 0.5, .central_service_level = 0.5}), network, scenarios);
  EXPECT_LT(TotalCost(*MakeStochasticLpPolicy(network, {.num_scenarios = 10}), network, scenarios), on_average);
}

// The newsvendor: with many paths the order-up-to level is the quantile p / (p + h) of demand.
TEST(StochasticLpPolicyTest, OrdersTheNewsvendorsQuantile) {
  const auto network = OneSite({.holding_cost = 1, .stockout_cost = 4, .unit_value = 0, .lead_time = 0});
  const auto scenarios = PoissonScenarios(*network, 9, 1, 1, 100);
  // a normal forecast of mean 100 and standard deviation 10
  for (int i = 0; i < kNumForecastQuantiles; ++i)
    scenarios->Forecast(0, 0, kForecastFirstQuantile + i) =
        static_cast<float>(100 + 10 * NormalQuantile(static_cast<double>(kForecastQuantiles[i])));
  WholeUnits orders;
  Simulate(*MakeStochasticLpPolicy(network, {.horizon = 1, .num_scenarios = 400}), network,
           MakeScenarioSource(scenarios), 1, 1, orders);
  EXPECT_NEAR(orders.total, 100 + 10 * NormalQuantile(0.8), 2);
}

TEST(MultistageLpPolicyTest, IsTheStochasticProgramWhereAllPartsAtOnce) {
  const auto network = SmallNetwork();
  const auto scenarios = PoissonScenarios(*network, 13, 4, 12, 3);
  const auto two = MakeStochasticLpPolicy(network, {.num_scenarios = 6});
  const auto same = MakeStochasticLpPolicy(network, {.num_scenarios = 6, .branchings = {{1, 6}}});
  const auto more = MakeStochasticLpPolicy(network, {.num_scenarios = 6, .branchings = {{1, 2}, {3, 3}}});
  EXPECT_EQ(more->name(), "multistage_lp");
  EXPECT_EQ(TotalCost(*two, network, scenarios), TotalCost(*same, network, scenarios));
  EXPECT_NE(TotalCost(*two, network, scenarios), TotalCost(*more, network, scenarios));
}

TEST(MultistageLpPolicyTest, KnowingDemandAheadItIsTheOptimum) {
  const auto network = SmallNetwork();
  const auto scenarios = PoissonScenarios(*network, 7, 1, kNumPeriods, 3, /*clairvoyant=*/true);
  const double bound = PerfectInformationBound(*network, *scenarios, 0, kNumPeriods, true);
  const StochasticLpConfig config{
      .horizon = kNumPeriods, .num_scenarios = 4, .ends_with_episode = true, .branchings = {{1, 2}, {4, 2}}};
  EXPECT_NEAR(TotalCost(*MakeStochasticLpPolicy(network, config), network, scenarios), bound, 0.02 * std::abs(bound));
}

TEST(MultistageLpPolicyTest, DecidesTheSameFromAnyBasisAndOnAnyThread) {
  const auto network = SmallNetwork();
  const auto scenarios = PoissonScenarios(*network, 10, 66, 6, 3);
  for (const bool to_the_end : {false, true}) {
    const auto policy = MakeStochasticLpPolicy(
        network, {.horizon = 6, .num_scenarios = 4, .ends_with_episode = to_the_end, .branchings = {{1, 2}, {2, 2}}});
    const double cost = TotalCost(*policy, network, scenarios);
    EXPECT_EQ(cost, TotalCost(*policy, network, scenarios, /*num_threads=*/2));
    EXPECT_EQ(cost, TotalCost(Forgetful(*policy), network, scenarios));
  }
}

TEST(PricedPolicyTest, KeepsWhatPlansSayAndDecidesTheSame) {
  // room for 12 at the store, and a demand of 5 that asks for more within the protection periods
  NetworkBuilderForTests builder;
  builder.AddSite(
      builder.AddLocation("store", 12, 1), "milk", kOutside, 0,
      {.holding_cost = 0.1f, .stockout_cost = 9, .initial_on_hand = 12, .lead_time = 1, .lane_capacity = 6});
  const auto network = builder.Build();
  const auto scenarios = PoissonScenarios(*network, 12, 3, 10, 5);
  for (const auto& policy : {MakeLpPolicy(network, {.service_level = 0.98}),
                             MakeStochasticLpPolicy(network, {.horizon = 6, .num_scenarios = 5})}) {
    const auto priced = PricedPolicy::Of(*policy);
    EXPECT_EQ(TotalCost(*priced, network, scenarios), TotalCost(*policy, network, scenarios));
    const std::vector<ShadowPrice> prices = priced->prices();
    ASSERT_EQ(prices.size(), 2u);
    for (const ShadowPrice& price : prices) EXPECT_GT(price.value, 0) << policy->name();
  }
}

TEST(StochasticLpPolicyTest, DecidesTheSameFromAnyBasisAndOnAnyThread) {
  const auto network = SmallNetwork();
  const auto scenarios = PoissonScenarios(*network, 10, 66, 6, 3);
  const auto policy = MakeStochasticLpPolicy(network, {.horizon = 6, .num_scenarios = 4});
  const double cost = TotalCost(*policy, network, scenarios);
  EXPECT_EQ(cost, TotalCost(*policy, network, scenarios, /*num_threads=*/2));
  EXPECT_EQ(cost, TotalCost(Forgetful(*policy), network, scenarios));
}

}  // namespace
}  // namespace restock
