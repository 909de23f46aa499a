#include "optimization/replenishment_lp.h"

#include <cmath>
#include <functional>

#include <gtest/gtest.h>

#include "env/vector_env.h"
#include "optimization/perfect_information.h"
#include "tests/env/test_networks.h"
#include "tests/optimization/scenarios_for_tests.h"

namespace restock {
namespace {

using OrderRule = std::function<float(int period, int lane, int env)>;

/// Cost of one episode per scenario, leftovers credited.
std::vector<double> SimulatedCosts(const std::shared_ptr<const Network>& network,
                                   const std::shared_ptr<const ScenarioSet>& scenarios, const OrderRule& rule) {
  VectorEnv env(network, MakeScenarioSource(scenarios),
                {.num_envs = scenarios->num_scenarios, .shuffle_scenarios = false});
  StepBatch batch = env.MakeBatch();
  env.Reset(1, batch);
  std::vector<double> cost(static_cast<size_t>(scenarios->num_scenarios));
  AlignedVector orders(static_cast<size_t>(env.spec().num_blocks * network->num_lanes() * kBlockSize));
  for (int period = 0; period < scenarios->num_periods; ++period) {
    for (int lane = 0; lane < network->num_lanes(); ++lane) {
      for (int e = 0; e < scenarios->num_scenarios; ++e) {
        orders[static_cast<size_t>(lane * kBlockSize + e)] = rule(period, lane, e);
      }
    }
    env.Step(orders, batch);
    for (size_t e = 0; e < cost.size(); ++e) cost[e] -= batch.reward[e];
  }
  return cost;
}

LpSolution SolvePlan(const Network& network, const ScenarioSet& scenarios, const ReplenishmentLp& lp) {
  Eigen::MatrixXd demand = Eigen::MatrixXd::Zero(scenarios.num_periods, network.num_sites());
  for (int site = 0; site < network.num_sites(); ++site) {
    const int series = network.site_series[static_cast<size_t>(site)];
    for (int period = 0; period < scenarios.num_periods && series != kNoSeries; ++period) {
      demand(period, site) = scenarios.Demand(period, series)[0];
    }
  }
  SimplexSolver solver(lp.model());
  lp.Apply(ReplenishmentStart::Initial(network, PhaseOf(scenarios.calendar, 0)), demand, {}, solver);
  return solver.Solve();
}

std::vector<int> AllSites(const Network& network) {
  std::vector<int> sites;
  for (int site = 0; site < network.num_sites(); ++site) sites.push_back(site);
  return sites;
}

// Demand 3, 5, 4; lead time 1, 2 units on hand, h = 1, p = 10, c = 2. The 2 units serve the first period (1 unit lost);
// 5 and 4 are ordered a period ahead: 10 + 2 (5 + 4) = 28. Nothing pays for stock left over.
TEST(ReplenishmentLpTest, PlansThreePeriodsAsByHand) {
  const auto network =
      OneSite({.holding_cost = 1, .stockout_cost = 10, .initial_on_hand = 2, .lead_time = 1, .unit_cost = 2});
  const auto scenarios = PoissonScenarios(*network, 1, 1, 3, 1);
  scenarios->demand = {3, 5, 4};
  EXPECT_DOUBLE_EQ(PerfectInformationBound(*network, *scenarios, 0, 3, /*credit_leftovers=*/true), 28);
}

// The same with backorders: the unit short in the first period waits one period (10) and is bought (2): 10 + 2 (6 + 4)
// = 30.
TEST(ReplenishmentLpTest, LetsShortagesWaitWhereTheyAreBackordered) {
  const auto network = OneSite({.holding_cost = 1,
                                .stockout_cost = 10,
                                .backorder_share = 1,
                                .initial_on_hand = 2,
                                .lead_time = 1,
                                .unit_cost = 2});
  const auto scenarios = PoissonScenarios(*network, 1, 1, 3, 1);
  scenarios->demand = {3, 5, 4};
  EXPECT_DOUBLE_EQ(PerfectInformationBound(*network, *scenarios, 0, 3, /*credit_leftovers=*/true), 30);
}

// The same at half the weight a period later: 10 + 2 (5 + 4 / 2). With a first period that does not count all is
// ordered in it, and 4 are held for a period.
TEST(ReplenishmentLpTest, CountsCostsByTheirPeriod) {
  const auto network =
      OneSite({.holding_cost = 1, .stockout_cost = 10, .initial_on_hand = 2, .lead_time = 1, .unit_cost = 2});
  const Eigen::MatrixXd demand = Eigen::Vector3d(3, 5, 4);
  EXPECT_DOUBLE_EQ(PerfectInformationBound(*network, 0, demand, {.discount = 0.5}), 10 + 2 * (5 + 4 / 2.0));
  EXPECT_DOUBLE_EQ(PerfectInformationBound(*network, 0, demand, {.warm_up = 1}), 4);
}

// Period 0 asks for 1 or 2, and period 1 then for 4 or 6, or for 10 or 12; h = 1, p = 3, no lead time. All order 2 at
// first, of which a half is held where 1 is asked for: 0.5. With all known after period 0 nothing more is paid. Who
// knows only what period 0 asked for fills up to the larger demand and holds 2 in half of the cases: 1. Who fixes the
// second order in advance orders 10: holds 7 or 5, or nothing, or is short of 2: (7 + 5 + 3 * 2) / 4 = 4.5.
TEST(ReplenishmentLpTest, OrdersAnswerOnlyToWhatIsKnown) {
  const auto network = OneSite({.holding_cost = 1, .stockout_cost = 3});
  Eigen::MatrixXd demand(2, 4);
  demand << 1, 1, 2, 2, 4, 6, 10, 12;
  const auto cost = [&](std::vector<DemandBranching> branchings, bool moves_forward) {
    const ReplenishmentLp lp(
        *network, {0},
        {.num_periods = 2, .num_scenarios = 4, .branchings = std::move(branchings), .moves_forward = moves_forward});
    SimplexSolver solver(lp.model());
    lp.Apply(ReplenishmentStart::Initial(*network, 0), demand, {}, solver);
    return solver.Solve().objective;
  };
  for (const bool moves_forward : {false, true}) {
    EXPECT_NEAR(cost({{1, 4}}, moves_forward), 0.5, 1e-9);
    EXPECT_NEAR(cost({{1, 2}, {1, 2}}, moves_forward), 0.5, 1e-9);
    EXPECT_NEAR(cost({{1, 2}}, moves_forward), 1.5, 1e-9);
    EXPECT_NEAR(cost({{1, 2}, {2, 2}}, moves_forward), 1.5, 1e-9);
    EXPECT_NEAR(cost({}, moves_forward), 5, 1e-9);
  }
}

// A path that stands for two costs as much as the two.
TEST(ReplenishmentLpTest, WeightsStandForPathsThatAreRepeated) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    const auto network = RandomNetwork(seed);
    const std::vector<int> sites = AllSites(*network);
    const auto num_sites = static_cast<int>(sites.size());
    const auto scenarios = PoissonScenarios(*network, seed, 3, 6, 3);
    const auto cost = [&](const std::vector<int>& paths, const std::vector<double>& weights) {
      const auto num_paths = static_cast<int>(paths.size());
      Eigen::MatrixXd demand(6, num_paths * num_sites);
      for (int path = 0; path < num_paths; ++path)
        demand.middleCols(path * num_sites, num_sites) =
            DemandOfSites(*network, *scenarios, paths[static_cast<size_t>(path)], 6);
      const ReplenishmentLp lp(*network, sites,
                               {.num_periods = 6, .num_scenarios = num_paths, .branchings = {{1, num_paths}}});
      SimplexSolver solver(lp.model());
      lp.Apply(ReplenishmentStart::Initial(*network, 0), demand, {}, solver);
      solver.Solve();  // equal weights first: the next solve begins at their basis
      lp.ApplyWeights(weights, solver);
      const LpSolution plan = solver.Solve();
      EXPECT_EQ(plan.status, LpStatus::kOptimal);
      return plan.objective;
    };
    const double repeated = cost({0, 0, 1, 2}, {0.25, 0.25, 0.25, 0.25});
    EXPECT_NEAR(cost({0, 1, 2}, {0.5, 0.25, 0.25}), repeated, 1e-7 * (1 + std::abs(repeated))) << "seed " << seed;
  }
}

TEST(ReplenishmentLpTest, MoreStagesCostMoreAndEqualPathsCostAsOne) {
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    const auto network = RandomNetwork(seed);
    const std::vector<int> sites = AllSites(*network);
    const auto num_sites = static_cast<int>(sites.size());
    const auto scenarios = PoissonScenarios(*network, seed, 8, 8, 3);
    const auto cost = [&](const Eigen::MatrixXd& demand, int num_paths, std::vector<DemandBranching> branchings) {
      const ReplenishmentLp lp(*network, sites,
                               {.num_periods = 8, .num_scenarios = num_paths, .branchings = std::move(branchings)});
      SimplexSolver solver(lp.model());
      lp.Apply(ReplenishmentStart::Initial(*network, 0), demand, {}, solver);
      const LpSolution plan = solver.Solve();
      EXPECT_EQ(plan.status, LpStatus::kOptimal);
      return plan.objective;
    };

    // a tree: two branches after the first period, four after the third, eight after the fifth
    Eigen::MatrixXd demand(8, 8 * num_sites);
    for (int path = 0; path < 8; ++path) {
      for (int period = 0; period < 8; ++period) {
        const int different = period < 2 ? 2 : period < 4 ? 4 : 8;
        const int like = path / (8 / different) * (8 / different);
        demand.block(period, path * num_sites, 1, num_sites) = DemandOfSites(*network, *scenarios, like, 8).row(period);
      }
    }
    const double two = cost(demand, 8, {{1, 8}}), three = cost(demand, 8, {{1, 2}, {3, 4}});
    const double four = cost(demand, 8, {{1, 2}, {3, 2}, {5, 2}}), fixed = cost(demand, 8, {});
    const double tolerance = 1e-7 * (1 + std::abs(fixed));
    EXPECT_LE(two, three + tolerance) << "seed " << seed;
    EXPECT_LE(three, four + tolerance) << "seed " << seed;
    EXPECT_LE(four, fixed + tolerance) << "seed " << seed;

    // eight times the same path
    const Eigen::MatrixXd one = DemandOfSites(*network, *scenarios, 0, 8);
    const double known = cost(one, 1, {});
    EXPECT_NEAR(cost(one.replicate(1, 8), 8, {{1, 2}, {3, 2}, {5, 2}}), known, tolerance) << "seed " << seed;
  }
}

// What an order that is still under way at the end is worth counts, too: with a credit of 3 for what costs 2, the
// lane's capacity of 7 is used up in each of two periods, for 2 * 7 * (2 - 3) = -14.
TEST(ReplenishmentLpTest, CreditsWhatIsUnderWayAtTheEnd) {
  const auto network = OneSite({.unit_value = 3, .lead_time = 4, .unit_cost = 2, .lane_capacity = 7});
  const auto scenarios = PoissonScenarios(*network, 1, 1, 2, 0);
  EXPECT_DOUBLE_EQ(PerfectInformationBound(*network, *scenarios, 0, 2, /*credit_leftovers=*/true), -14);
  EXPECT_DOUBLE_EQ(PerfectInformationBound(*network, *scenarios, 0, 2, /*credit_leftovers=*/false), 0);
}

// Without storage limits and order costs the program is a network flow with whole solutions, so its plan can be carried
// out as it stands: the simulator must charge exactly what the program says.
TEST(ReplenishmentLpTest, PlanCostsInTheSimulatorWhatTheProgramSays) {
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    RandomStream random(seed, 1);
    const auto draw = [&](bool is_store) {
      return SiteSettings{.holding_cost = 0.25f * static_cast<float>(1 + random.UniformInt(4)),
                          .stockout_cost = is_store ? static_cast<float>(10 + random.UniformInt(10)) : 0,
                          .backorder_share = static_cast<float>(random.UniformInt(2)),
                          .unit_value = 1,
                          .initial_on_hand = static_cast<float>(random.UniformInt(20)),
                          .lead_time = random.UniformInt(4),
                          .unit_cost = static_cast<float>(1 + random.UniformInt(3)),
                          .lane_capacity = random.UniformInt(2) == 0 ? 12 : kUnlimited};
    };
    const SiteSettings central = draw(false);
    const auto network = CentralAndStores(central, {draw(true), draw(true), draw(true)});
    const auto scenarios = PoissonScenarios(*network, seed, 1, 12, 4);
    const ReplenishmentLp lp(*network, AllSites(*network), {.num_periods = 12});
    const LpSolution plan = SolvePlan(*network, *scenarios, lp);
    ASSERT_EQ(plan.status, LpStatus::kOptimal) << "seed " << seed;

    const auto simulated = SimulatedCosts(network, scenarios, [&](int period, int lane, int) {
      return static_cast<float>(plan.values[static_cast<size_t>(lp.ShipmentColumn(lane, period))]);
    });
    EXPECT_NEAR(simulated[0], plan.objective, 1e-4 * std::abs(plan.objective)) << "seed " << seed;
    EXPECT_DOUBLE_EQ(plan.objective, PerfectInformationBound(*network, *scenarios, 0, 12, true)) << "seed " << seed;
  }
}

TEST(ReplenishmentLpTest, BoundIsBelowTheCostOfAnyPolicy) {
  constexpr int kNumScenarios = 3;
  constexpr int kNumPeriods = 15;
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    const auto network = RandomNetwork(seed);
    const auto scenarios = PoissonScenarios(*network, seed, kNumScenarios, kNumPeriods, 3);
    std::vector<double> bound;
    for (int scenario = 0; scenario < kNumScenarios; ++scenario) {
      bound.push_back(PerfectInformationBound(*network, *scenarios, scenario, kNumPeriods, true));
      EXPECT_GT(bound.back(), -kInfinity) << "seed " << seed;
    }
    RandomStream random(seed, 2);
    const OrderRule rules[] = {
        [](int, int, int) { return 0.f; },
        [](int, int, int) { return 3.f; },
        [&](int, int, int) { return static_cast<float>(random.UniformInt(10)); },
        [](int, int, int) { return 1e9f; },
    };
    for (const OrderRule& rule : rules) {
      const auto simulated = SimulatedCosts(network, scenarios, rule);
      for (size_t s = 0; s < bound.size(); ++s) {
        EXPECT_GE(simulated[s], bound[s] - 1e-5 * std::abs(bound[s]) - 1e-3) << "seed " << seed;
      }
    }
  }
}

TEST(ReplenishmentLpTest, SolvesIndependentSitesApart) {
  NetworkBuilderForTests builder;
  const int roomy = builder.AddLocation("roomy");
  const int tight = builder.AddLocation("tight", 10, 1);
  const SiteSettings settings{.holding_cost = 1, .stockout_cost = 9, .lead_time = 1, .unit_cost = 1};
  builder.AddSite(roomy, "milk", kOutside, 0, settings);
  builder.AddSite(tight, "milk", kOutside, 1, settings);
  builder.AddSite(roomy, "beer", kOutside, 2, settings);
  builder.AddSite(tight, "beer", kOutside, 3, settings);
  const auto network = builder.Build();
  const std::vector<std::vector<int>> expected = {{0}, {1, 3}, {2}};
  EXPECT_EQ(IndependentComponents(*network), expected);

  // apart or together, the cost is the same
  const auto scenarios = PoissonScenarios(*network, 1, 1, 10, 6);
  const ReplenishmentLp together(*network, AllSites(*network), {.num_periods = 10});
  EXPECT_NEAR(SolvePlan(*network, *scenarios, together).objective,
              PerfectInformationBound(*network, *scenarios, 0, 10, true), 1e-9);
}

}  // namespace
}  // namespace restock
