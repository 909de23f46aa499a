#include <cmath>
#include <functional>

#include <gtest/gtest.h>

#include "env/vector_env.h"
#include "optimization/perfect_information.h"
#include "optimization/replenishment_lp.h"
#include "tests/env/random_features.h"
#include "tests/optimization/scenarios_for_tests.h"

// What the program knows of networks with features: its plan, carried out in the simulator, costs what it says, and
// nothing costs less than its bound.

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

using OrderRule = std::function<double(int period, int lane)>;

/// Cost of an episode on the first path, leftovers credited.
double SimulatedCost(const std::shared_ptr<const Network>& network, const std::shared_ptr<ScenarioSet>& scenarios,
                     const OrderRule& rule) {
  VectorEnv env(network, MakeScenarioSource(scenarios), {.num_envs = 1, .shuffle_scenarios = false});
  StepBatch batch = env.MakeBatch();
  env.Reset(1, batch);
  double cost = 0;
  AlignedVector orders(Index(network->num_lanes() * kBlockSize));
  for (int period = 0; period < scenarios->num_periods; ++period) {
    for (int lane = 0; lane < network->num_lanes(); ++lane)
      orders[Index(lane * kBlockSize)] = static_cast<float>(rule(period, lane));
    env.Step(orders, batch);
    cost -= batch.reward[0];
  }
  return cost;
}

/// The random network of a seed without what the program does not know.
std::shared_ptr<const Network> KnownFeatures(uint64_t seed, bool is_divisible) {
  Network network = *RandomNetworkWithFeatures(seed, is_divisible);
  for (const EmergencyLane& entry : network.emergency_lanes) network.lead_time[Index(entry.lane)] = 1;
  network.emergency_lanes.clear();
  network.return_lanes.clear();
  network.goodwill.clear();
  network.variable_lead_times.clear();
  network.refusing_locations.clear();
  std::erase_if(network.yields, [&](const LaneYield& yield) {
    return std::ranges::any_of(network.unfilled_orders,
                               [&](const UnfilledOrders& unfilled) { return unfilled.lane == yield.lane; });
  });
  network.Validate();
  return std::make_shared<Network>(std::move(network));
}

TEST(ReplenishmentFeaturesTest, NoPolicyCostsLessThanTheBound) {
  constexpr int kNumPeriods = 12;
  for (uint64_t seed = 1; seed <= 120; ++seed) {
    const auto network = KnownFeatures(seed, /*is_divisible=*/seed % 2 == 0);
    ASSERT_EQ(ReplenishmentLp::FirstUnknown(*network), "") << "seed " << seed;
    const auto scenarios = PoissonScenarios(*network, seed, 1, kNumPeriods, 3);
    const double bound = PerfectInformationBound(*network, *scenarios, 0, kNumPeriods, true);
    ASSERT_GT(bound, -kInfinity) << "seed " << seed;
    RandomStream random(seed, 2);
    const OrderRule rules[] = {
        [](int, int) { return 0; },
        [](int, int) { return 3; },
        [&](int, int) { return random.UniformInt(10); },
        [&](int, int) { return random.UniformInt(5) == 0 ? random.UniformInt(20) : 0; },
        [](int, int) { return 1e9; },
    };
    for (const OrderRule& rule : rules)
      EXPECT_GE(SimulatedCost(network, scenarios, rule), bound - 1e-5 * std::abs(bound) - 1e-2) << "seed " << seed;
  }
}

/// Networks whose plan can be carried out as it is: goods can be divided, nothing jumps, and nobody gains by keeping
/// for later what could be sold now, so that the simulator, which sells all it can, does what the plan wants.
class ExactNetwork {
 public:
  explicit ExactNetwork(uint64_t seed) : random_(Random(seed).Stream("exact").At(0)) {}

  std::shared_ptr<const Network> Build() {
    Network& network = builder_.network();
    network.is_divisible = true;
    network.receives_after_shipping = Chance(3);
    const int centre = builder_.AddLocation("centre", 40, 0.5f);
    const int num_stores = 2 + random_.UniformInt(2);
    for (int sku = 0; sku < 1 + random_.UniformInt(2); ++sku) AddProduct(sku, centre, num_stores);
    for (int lane = 0; lane < network.num_lanes(); ++lane) DrawLane(lane);
    AddLimits();
    return builder_.Build();
  }

 private:
  bool Chance(int one_in) { return random_.UniformInt(one_in) == 0; }
  float Quarters() { return static_cast<float>(1 + random_.UniformInt(8)) * 0.25f; }

  SiteSettings Settings(bool sells) {
    return {.holding_cost = Quarters() / 4,
            .stockout_cost = sells ? stockout_cost_ : 0,
            .backorder_share = backorder_share_,
            .volume = Quarters(),
            .unit_value = 0.5f,
            .initial_on_hand = static_cast<float>(random_.UniformInt(12)),
            .lead_time = random_.UniformInt(4),
            .unit_cost = 0.5f + Quarters(),
            .lane_capacity = Chance(3) ? 4 + 4 * Quarters() : kUnlimited,
            .calendar = Chance(4) ? OrderCalendar{3, {true, false, true}} : OrderCalendar{}};
  }

  void AddProduct(int sku, int centre, int num_stores) {
    Network& network = builder_.network();
    const std::string name = "sku " + std::to_string(sku);
    const int origin = builder_.AddSite(centre, name, kOutside, kNoSeries, Settings(false));
    network.price.push_back(0);
    if (Chance(2)) network.shipping_capacities.push_back({origin, 4 + 4 * Quarters()});
    std::vector<int> stores;
    for (int store = 0; store < num_stores; ++store) {
      const int location = builder_.AddLocation(name + " store " + std::to_string(store), 30, Quarters());
      stores.push_back(builder_.AddSite(location, name, origin, series_++, Settings(true)));
      network.price.push_back(price_);
    }
    SiteSettings transfer = Settings(false);
    transfer.lead_time = 1;
    if (has_transfers_) {
      builder_.AddLane(stores[0], stores[1], transfer);
      builder_.AddLane(stores[1], stores[0], transfer);
    }
    if (Chance(2)) builder_.AddLane(kOutside, stores[0], Settings(false));
  }

  void DrawLane(int lane) {
    Network& network = builder_.network();
    network.initial_in_transit.push_back(static_cast<float>(random_.UniformInt(3)));
    network.lane_priority.push_back(random_.UniformInt(3));
    if (Chance(3)) network.pipeline_costs.push_back({lane, Quarters() / 4});
    if (Chance(4)) network.order_delays.push_back({lane, 1 + random_.UniformInt(2)});
  }

  void AddLimits() {
    Network& network = builder_.network();
    for (int limit = random_.UniformInt(3); limit > 0; --limit) {
      JointLimit joint{"budget", {}, {}, 6 + 8 * Quarters()};
      for (int lane = 0; lane < network.num_lanes(); ++lane) {
        if (!Chance(2)) continue;
        joint.lanes.push_back(lane);
        joint.weight.push_back(Quarters());
      }
      if (!joint.lanes.empty()) network.joint_limits.push_back(joint);
    }
  }

  RandomStream random_;
  NetworkBuilderForTests builder_;
  int series_ = 0;
  // The same everywhere: goods are not kept for better customers. Were a part to wait, it could pay to let some
  // customers go rather than others wait; and with transfers it could be the same who waits.
  float stockout_cost_ = 10 + Quarters();
  float price_ = Chance(2) ? Quarters() : 0;
  bool has_transfers_ = Chance(3);
  float backorder_share_ = !has_transfers_ && Chance(2) ? 1 : 0;
};

// Nothing can come in the first period: two customers are short (2 * 5), one of them waits, buys in the next period
// what was bought for 1, and pays 5.
TEST(ReplenishmentFeaturesTest, LetsAPartOfTheCustomersWait) {
  NetworkBuilderForTests builder;
  builder.AddSite(builder.AddLocation("store"), "milk", kOutside, 0,
                  {.stockout_cost = 5, .backorder_share = 0.5f, .lead_time = 1, .unit_cost = 1});
  builder.network().is_divisible = true;
  builder.network().price = {5};
  const auto network = builder.Build();
  const auto scenarios = PoissonScenarios(*network, 1, 1, 2, 1);
  scenarios->demand = {2, 0};
  EXPECT_DOUBLE_EQ(PerfectInformationBound(*network, *scenarios, 0, 2, true), 2 * 5 + 1 - 5);
}

TEST(ReplenishmentFeaturesTest, PlanCostsInTheSimulatorWhatTheProgramSays) {
  constexpr int kNumPeriods = 10;
  for (uint64_t seed = 1; seed <= 150; ++seed) {
    const auto network = ExactNetwork(seed).Build();
    const auto scenarios = PoissonScenarios(*network, seed, 1, kNumPeriods, 3);
    const Eigen::MatrixXd demand = DemandOfSites(*network, *scenarios, 0, kNumPeriods);
    std::vector<int> sites(Index(network->num_sites()));
    for (int site = 0; site < network->num_sites(); ++site) sites[Index(site)] = site;
    const ReplenishmentLp lp(*network, sites, {.num_periods = kNumPeriods, .is_bound = true});
    const auto start = ReplenishmentStart::Initial(*network, PhaseOf(scenarios->calendar, 0));
    SimplexSolver solver(lp.model());
    lp.Apply(start, demand, {}, solver);
    const LpSolution plan = solver.Solve();
    ASSERT_EQ(plan.status, LpStatus::kOptimal) << "seed " << seed;

    const double planned = plan.objective + lp.FixedCost(start, demand);
    const double simulated =
        SimulatedCost(network, scenarios, [&](int period, int lane) { return lp.Order(lane, period, start, plan); });
    EXPECT_NEAR(simulated, planned, 1e-3 + 1e-4 * std::abs(planned)) << "seed " << seed;
    EXPECT_NEAR(planned, PerfectInformationBound(*network, *scenarios, 0, kNumPeriods, true), 1e-6) << "seed " << seed;
  }
}

}  // namespace
}  // namespace restock
