#include <array>
#include <filesystem>
#include <numeric>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/error.h"
#include "common/random.h"
#include "tests/env/one_run.h"
#include "tests/env/problem_run.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

// A period of every problem that is shipped, without orders.
TEST(ProblemLibraryTest, EveryFileCanBeSimulated) {
  int num_files = 0;
  for (const auto& entry : std::filesystem::directory_iterator("configs/problems")) {
    SCOPED_TRACE(entry.path());
    const Problem problem = ReadProblem(LoadConfig(entry.path()));
    const BlockRule nothing = [](const VectorEnv& env, int, EigenRows orders) {
      for (int lane = 0; lane < env.spec().num_lanes; ++lane) orders(lane).setZero();
    };
    const MeanWithError cost =
        CostOf(problem, nothing, {.num_envs = kBlockSize, .num_periods = 30, .warm_up = 0, .seed = 1});
    EXPECT_TRUE(std::isfinite(cost.mean));
    ++num_files;
  }
  EXPECT_GE(num_files, 31);
}

TEST(ProblemLibraryTest, RefusesALeadTimeBeyondTheHorizon) {
  EXPECT_THROW(ShippedProblem("one_warehouse", {"warehouse_lead_time=100"}), ConfigError);
  EXPECT_NO_THROW(ShippedProblem("one_warehouse", {"warehouse_lead_time=99"}));
  EXPECT_THROW(ShippedProblem("lost_sales", {"lead_time=300", "protocol.periods=200"}), ConfigError);
  EXPECT_NO_THROW(ShippedProblem("lost_sales", {"lead_time=299", "protocol.periods=200"}));  // after 100 of warm-up
  EXPECT_THROW(ShippedProblem("one_warehouse", {"warehouse_lead_time=50", "network.lanes.0.order_delay=50"}),
               ConfigError);
}

// State (8, 3, 1): 2 ordered of the regular supplier at 100, 1 of the other at 105, demand 4; 5 are left at 5 each.
TEST(ProblemLibraryTest, DualSourcingMovesAsInThePaper) {
  const Problem problem = ShippedProblem("dual_sourcing", {"regular_lead_time=3", "expedited_cost=105"});
  OneRun run(problem.network, {{0}, {0}, {4}, {0}});
  run.Step({3, 8});
  run.Step({1, 0});
  EXPECT_EQ(run.on_hand(0), 8);
  EXPECT_EQ(run.in_transit(0, 1), 3);
  EXPECT_EQ(run.in_transit(0, 2), 1);
  run.Step({2, 1});
  EXPECT_EQ(run.reward(), -330);
  EXPECT_EQ(run.on_hand(0), 8);
  EXPECT_EQ(run.in_transit(0, 1), 1);
  EXPECT_EQ(run.in_transit(0, 2), 2);
}

// The paper's warehouse has 2 and gets 3, its retailers have 1 and 2 and get 1 and 0 before demand; for 4 and 3 that
// are wanted there are 5: 2 each. The third retailer has 2 and rests.
TEST(ProblemLibraryTest, OneWarehouseMovesAsInThePaper) {
  const Problem problem =
      ShippedProblem("one_warehouse", {"warehouse_lead_time=2", "rationing=proportional", "warehouse_stock=5",
                                       "north_stock=2", "middle_stock=2", "south_stock=2"});
  OneRun run(problem.network, {{0, 0, 0}, {2, 1, 0}, {0, 0, 0}});
  run.Step({1, 0, 0, 0});
  EXPECT_EQ(run.in_transit(0, 1), 1);
  run.Step({4, 4, 3, 0});
  EXPECT_EQ(run.shipped(1), 2);
  EXPECT_EQ(run.shipped(2), 2);
  EXPECT_EQ(run.reward(), -(0.5f * 1 + 0 + 1 + 2));
  EXPECT_EQ(run.on_hand(0), 1 + 1);
  EXPECT_EQ(run.in_transit(0, 1), 4);
  EXPECT_EQ(run.on_hand(1), 0 + 2);
  EXPECT_EQ(run.on_hand(2), 1 + 2);
}

// The simple problem of Van Roy et al. (1997) in words: the store gets what it asks for as far as the warehouse has it,
// the warehouse gets at most ten at once, whom the store cannot serve the warehouse serves for 10, else 50 are paid.
TEST(ProblemLibraryTest, SimpleSpecialDeliveryCostsWhatItsStorySays) {
  const Problem problem = ShippedProblem("special_delivery_simple");
  RandomStream random = Random(3).Stream("days").At(0);
  std::vector<std::vector<float>> demand;
  for (int day = 0; day < 60; ++day) demand.push_back({static_cast<float>(random.UniformInt(18))});
  OneRun run(problem.network, demand);
  float warehouse = 0, store = 0, num_special = 0, num_lost = 0;
  for (const std::vector<float>& day : demand) {
    const float asked = static_cast<float>(random.UniformInt(20)), produced = static_cast<float>(random.UniformInt(14));
    run.Step({produced, asked, 0});
    const float sent = std::min(asked, warehouse), sold = std::min(store, day[0]);
    warehouse += std::min(produced, 10.f) - sent;
    const float special = std::min(warehouse, day[0] - sold), lost = day[0] - sold - special;
    warehouse -= special;
    store -= sold;
    EXPECT_EQ(run.reward(), -(1 * warehouse + 2 * store + 10 * special + 50 * lost));
    store += sent;
    num_special += special;
    num_lost += lost;
  }
  EXPECT_GT(num_special, 0);
  EXPECT_GT(num_lost, 0);
}

/// A network as Perez et al. (2021) and OR-Gym tell it, in their words: orders are cut to what the supplier has at the
/// start of the period and can still make; what was ordered a lead time ago arrives; then customers come.
struct Recursion {
  struct Edge {
    int supplier;  // -1: raw material
    int buyer;
    size_t lead_time;
    double unit_cost;       // beyond what is paid to another stage
    double pipeline_cost;   // g
    double unfilled_cost;   // k
    double order_capacity;  // of raw material
  };
  std::vector<Edge> edges;
  std::vector<double> stock, holding_cost, capacity;
  int retailer = 0;
  double price = 0, shortage_cost = 0;
  bool customers_wait = false, orders_wait = false;
  double waiting = 0, unmet = 0;
  std::vector<double> owed = {};
  std::vector<std::vector<double>> shipped = {};  // by period

  double Profit(const std::vector<float>& orders, double demand) {
    owed.resize(edges.size());
    std::vector<double> free = stock, makes = capacity, now(edges.size()), under_way(edges.size());
    double profit = 0;
    for (size_t e = 0; e < edges.size(); ++e) {
      const Edge& edge = edges[e];
      const double wanted = std::min<double>(orders[e], edge.order_capacity) + (orders_wait ? owed[e] : 0);
      now[e] = wanted;
      if (edge.supplier >= 0) {
        const auto supplier = Index(edge.supplier);
        now[e] = std::min({wanted, free[supplier], makes[supplier]});
        free[supplier] -= now[e];
        makes[supplier] -= now[e];
      }
      owed[e] = wanted - now[e];
      profit -= edge.unfilled_cost * owed[e] + edge.unit_cost * now[e];
    }
    shipped.push_back(now);
    for (size_t e = 0; e < edges.size(); ++e) {
      const Edge& edge = edges[e];
      if (edge.supplier >= 0) stock[Index(edge.supplier)] -= now[e];
      if (shipped.size() > edge.lead_time) stock[Index(edge.buyer)] += shipped[shipped.size() - 1 - edge.lead_time][e];
      const size_t first = shipped.size() > edge.lead_time ? shipped.size() - edge.lead_time : 0;
      for (size_t t = first; t < shipped.size(); ++t) profit -= edge.pipeline_cost * shipped[t][e];
    }
    const double asked = demand + waiting;
    const double sold = std::min(stock[Index(retailer)], asked);
    stock[Index(retailer)] -= sold;
    unmet = asked - sold;
    waiting = customers_wait ? unmet : 0;
    profit += price * sold - shortage_cost * unmet;
    return profit - std::inner_product(stock.begin(), stock.end(), holding_cost.begin(), 0.0);
  }
};

void ExpectProfitsOf(Recursion recursion, const Problem& problem, int most_ordered, uint64_t seed) {
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  RandomStream random = Random(seed).Stream("orders and demand").At(0);
  const int num_periods = 30;
  std::vector<std::vector<float>> demand;
  for (int period = 0; period < num_periods; ++period) demand.push_back({static_cast<float>(random.UniformInt(60))});
  OneRun run(problem.network, demand);
  ASSERT_EQ(recursion.edges.size(), Index(problem.network->num_lanes()));
  for (int period = 0; period < num_periods; ++period) {
    std::vector<float> orders;
    for (size_t lane = 0; lane < recursion.edges.size(); ++lane)
      orders.push_back(static_cast<float>(random.UniformInt(most_ordered + 1)));
    run.Step(orders);
    ASSERT_NEAR(run.reward(), recursion.Profit(orders, demand[Index(period)][0]), 2e-4) << "period " << period;
  }
}

Recursion InventoryManagement(bool waits) {
  return {.edges = {{-1, 0, 10, 0.5, 0, 0.025, 80}, {0, 1, 5, 0, 0, 0.05, 90}, {1, 2, 3, 0, 0, 0.075, 100}},
          .stock = {200, 100, 100},
          .holding_cost = {0.05, 0.1, 0.15},
          .capacity = {90, 100, 0},
          .retailer = 2,
          .price = 2,
          .shortage_cost = 0.1,
          .customers_wait = waits,
          .orders_wait = waits};
}

// First period of OR-Gym's InvManagement: 30, 90 and 50 are ordered and shipped, 20 sold at 2; the
// raw material costs 0.5 a unit; 80, 70 and 110 are held.
TEST(ProblemLibraryTest, InventoryManagementEarnsWhatOrGymSays) {
  const Problem lost = ShippedProblem("inventory_management");
  OneRun run(lost.network, {{20}, {0}});
  run.Step({50, 95, 30});
  EXPECT_FLOAT_EQ(run.reward(), 40 - 0.5f * 50 - 0.15f * 80 - 0.1f * 70 - 0.05f * 110);
  const Problem waiting = ShippedProblem("inventory_management", {"shortage=backorders", "unfilled=wait"});
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    ExpectProfitsOf(InventoryManagement(false), lost, 100, seed);
    ExpectProfitsOf(InventoryManagement(true), waiting, 100, seed);
  }
}

constexpr double kAny = 1e9;

// Nodes: factories 6, 5, 4, distributors 3, 2, retailer.
Recursion NetworkManagement(bool waits) {
  return {.edges = {{4, 5, 5, 0, 0.010, 0, kAny},
                    {3, 5, 3, 0, 0.015, 0, kAny},
                    {2, 4, 8, 0.010, 0.008, 0, kAny},
                    {2, 3, 10, 0.010, 0.006, 0, kAny},
                    {1, 4, 9, 0.015, 0.005, 0, kAny},
                    {0, 4, 11, 0.012, 0.007, 0, kAny},
                    {0, 3, 12, 0.012, 0.004, 0, kAny},
                    {-1, 2, 0, 0.15, 0, 0, kAny},
                    {-1, 1, 1, 0.05, 0.005, 0, kAny},
                    {-1, 1, 2, 0.07, 0.002, 0, kAny},
                    {-1, 0, 0, 0.2, 0, 0, kAny}},
          .stock = {380, 350, 400, 80, 110, 100},
          .holding_cost = {0.011, 0.013, 0.012, 0.015, 0.02, 0.03},
          .capacity = {80, 90, 90, kAny, kAny, 0},
          .retailer = 5,
          .price = 2,
          .shortage_cost = 0.1,
          .customers_wait = waits};
}

Recursion SerialManagement(bool waits) {
  return {.edges = {{-1, 0, 0, 0.5, 0, 0, kAny}, {0, 1, 4, 0.01, 0.005, 0, kAny}, {1, 2, 4, 0, 0.01, 0, kAny}},
          .stock = {200, 100, 100},
          .holding_cost = {0.01, 0.02, 0.03},
          .capacity = {100, kAny, 0},
          .retailer = 2,
          .price = 2,
          .shortage_cost = 0.1,
          .customers_wait = waits};
}

TEST(ProblemLibraryTest, NetworkManagementEarnsWhatThePaperSays) {
  for (const bool waits : {false, true}) {
    const std::vector<std::string> shortage = {waits ? "shortage=backorders" : "shortage=lost_sales"};
    for (uint64_t seed = 1; seed <= 20; ++seed) {
      ExpectProfitsOf(NetworkManagement(waits), ShippedProblem("network_management", shortage), 60, seed);
      ExpectProfitsOf(SerialManagement(waits), ShippedProblem("network_management_serial", shortage), 60, seed);
    }
  }
}

// Scenarios: the mean in period t is 20 (1 + 0.05 t) (1 + 0.5 sin(2 pi t / 30)), twice that from period 15 on; with
// goodwill, twice as many could come as come at first.
TEST(ProblemLibraryTest, NetworkManagementHasItsScenarios) {
  const Problem problem = ShippedProblem("network_management", {"trend=0.05", "season=0.5", "shock=2"});
  const DemandProcess& demand = problem.processes[Index(SiteAt(*problem.network, "retailer"))];
  EXPECT_NEAR(demand.At(0, 0).mean, 20, 1e-9);
  EXPECT_NEAR(demand.At(10, 0).mean, 20 * 1.5 * (1 + 0.5 * std::sin(2 * M_PI / 3)), 1e-9);
  EXPECT_NEAR(demand.At(20, 0).mean, 2 * 20 * 2 * (1 + 0.5 * std::sin(4 * M_PI / 3)), 1e-9);

  // few are turned away where nothing is ever short: 1.01^t times 20
  const Problem goodwill = ShippedProblem("network_management_goodwill");
  VectorEnv env(goodwill.network, MakeProblemDemand(goodwill, 30, Random(1)),
                {.num_envs = 4096, .shuffle_scenarios = false});
  const int retailer = SiteAt(*goodwill.network, "retailer");
  StepBatch batch = env.MakeBatch();
  env.Reset(1, batch);
  const AlignedVector orders(Index(env.spec().num_lanes * kBlockSize * env.spec().num_blocks), 20);
  for (int period = 0; period < 4; ++period) {
    env.Step(orders, batch);
    double mean = 0;
    for (const PeriodOutcome& outcome : batch.outcome)
      mean += ConstEigenRows{outcome.demand.data()}(retailer).mean() / static_cast<double>(batch.outcome.size());
    EXPECT_NEAR(mean, 20 * std::pow(1.01, period), 4 * std::sqrt(20.0 / 4096));
  }
}

// With goodwill the profit of what is then asked for is that of the paper, and customers come as the share says: it
// falls by a tenth after a stock-out, else it grows by a hundredth, between 0.2 and 2.
TEST(ProblemLibraryTest, GoodwillFollowsStockOuts) {
  struct Variant {
    const char* name;
    Recursion (*recursion)(bool);
  };
  for (const Variant& variant : {Variant{"network_management_goodwill", NetworkManagement},
                                 Variant{"network_management_serial_goodwill", SerialManagement}}) {
    for (const bool waits : {false, true}) {
      SCOPED_TRACE(fmt::format("{}, {}", variant.name, waits ? "backorders" : "lost sales"));
      const Problem problem = ShippedProblem(variant.name, {waits ? "shortage=backorders" : "shortage=lost_sales"});
      const int retailer = SiteAt(*problem.network, "retailer");
      double surprise = 0, variance = 0;
      for (uint64_t seed = 1; seed <= 40; ++seed) {
        RandomStream random = Random(seed).Stream("orders").At(0);
        Recursion recursion = variant.recursion(waits);
        const float potential = 60;
        OneRun run(problem.network, std::vector<std::vector<float>>(31, {potential}), {}, seed);
        double share = 1;
        for (int period = 0; period < 30; ++period) {
          std::vector<float> orders;
          for (size_t lane = 0; lane < recursion.edges.size(); ++lane)
            orders.push_back(static_cast<float>(random.UniformInt(40)));
          run.Step(orders);
          const double asked = run.demand(retailer);
          ASSERT_NEAR(run.reward(), recursion.Profit(orders, asked), 2e-4) << "seed " << seed << ", period " << period;

          // of 60 who could come each comes with the same chance
          const double chance = share / 2;
          surprise += asked - potential * chance;
          variance += potential * chance * (1 - chance);
          share *= recursion.unmet > 0 ? 0.9 : 1.01;
          share = std::clamp(share, 0.2, 2.0);
          EXPECT_NEAR(run.goodwill(0), share, 1e-5);
        }
      }
      EXPECT_LT(std::abs(surprise), 4 * std::sqrt(variance));
    }
  }
}

// Sterman (1989): 4 is ordered in the first four weeks, then up to 32, 32, 32 and 24; of week t's end is the order of
// our period t + 1, and our first order is in the mail already.
TEST(ProblemLibraryTest, BeerGameCostsWhatStermanSays) {
  const Problem problem = ShippedProblem("beer_game");
  const Network& network = *problem.network;
  VectorEnv env(problem.network, MakeProblemDemand(problem, 36, Random(1)), {.num_envs = 1});
  StepBatch batch = env.MakeBatch();
  env.Reset(1, batch);
  double total = 0;
  std::array<double, 4> cost = {};  // factory, distributor, wholesaler, retailer: who keeps others waiting pays
  for (int week = 0; week < 36; ++week) {
    AlignedVector orders;
    for (int lane = 0; lane < 4; ++lane) {
      const NetworkState& state = env.state(0);
      float position = InventoryPosition(network, state, lane)[0];
      if (lane > 0) position += state.delayed_order(lane - 1, 0)[0] + state.owed(lane - 1)[0];
      if (lane < 3) position -= state.owed(lane)[0];
      orders.insert(orders.end(), kBlockSize, week < 5 ? 4 : std::max(0.f, (lane == 0 ? 24 : 32) - position));
    }
    env.Step(orders, batch);
    total -= batch.reward[0];
    for (int site = 0; site < 4; ++site) {
      cost[Index(site)] += batch.site_cost[Index(site * kBlockSize)];
      if (site > 0) cost[Index(site)] -= env.state(0).owed(site - 1)[0];
      if (site < 3) cost[Index(site)] += env.state(0).owed(site)[0];
    }
  }
  EXPECT_EQ(total, 204);
  EXPECT_EQ(cost, (std::array<double, 4>{54, 54, 50, 46}));
}

// Two trucks of 6 for 5 + 2 units, and both items ordered: 2 x 75 + 40 + 10.
TEST(ProblemLibraryTest, JointReplenishmentPaysForTrucks) {
  const Problem problem = ShippedProblem("joint_replenishment");
  OneRun run(problem.network, {{3, 4}, {0, 0}});
  run.Step({5, 2});
  EXPECT_EQ(run.reward(), -(2 * 75 + 40 + 10 + 1 * 2 + 19 * 2));
}

}  // namespace
}  // namespace restock
