#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/config_node.h"
#include "common/count_probabilities.h"
#include "common/error.h"
#include "env/problem_file.h"
#include "optimization/serial_system.h"
#include "tests/env/simulation.h"

namespace restock {
namespace {

/// Normal demand in whole numbers of a small unit.
struct NormalDemand {
  double mean;
  double standard_deviation;
  double unit;
};

SerialSolution Solve(std::vector<SerialStage> stages, double stockout_cost, const NormalDemand& demand) {
  for (SerialStage& stage : stages) stage.echelon_holding_cost *= demand.unit;
  return ClarkScarf(stages, stockout_cost * demand.unit,
                    RoundedNormalProbabilities(demand.mean / demand.unit, demand.standard_deviation / demand.unit));
}

// Snyder & Shen, "Fundamentals of Supply Chain Theory", 2nd ed., example 6.1: cost 47.65, and by the authors' program
// (stockpyl) 47.6654 with S* = 6.484, 12.028, 22.72.
TEST(SerialOptimumTest, IsThatOfTheTextbook) {
  const SerialSolution optimum = Solve({{3, 1}, {2, 1}, {2, 2}}, 37.12, {5, 1, 0.02});
  EXPECT_NEAR(optimum.cost, 47.6654, 2e-4 * 47.6654);
  EXPECT_NEAR(0.02 * optimum.base_stock_level[0], 6.484, 0.03);
  EXPECT_NEAR(0.02 * optimum.base_stock_level[1], 12.028, 0.03);
  EXPECT_NEAR(0.02 * optimum.base_stock_level[2], 22.72, 0.03);
}

// Further optima of stockpyl, of its page and its tests.
TEST(SerialOptimumTest, IsThatOfThePublishedProgram) {
  const SerialSolution page = Solve({{4, 1}, {3, 1}, {1, 2}}, 40, {10, 2, 0.05});
  EXPECT_NEAR(page.cost, 86.0253, 2e-4 * 86.0253);
  EXPECT_NEAR(0.05 * page.base_stock_level[0], 12.765, 0.06);
  EXPECT_NEAR(0.05 * page.base_stock_level[1], 23.497, 0.06);
  EXPECT_NEAR(0.05 * page.base_stock_level[2], 46.280, 0.12);
  EXPECT_NEAR(Solve({{1, 1}, {1, 1}}, 15, {100, 15, 0.5}).cost, 166.2705, 2e-4 * 166.2705);
  const std::vector<SerialStage> five = {{1, 1}, {1, 1}, {0.5, 1}, {0.5, 1}, {0.5, 1}};
  EXPECT_NEAR(Solve(five, 12, {32, 5.657, 0.25}).cost, 225.8672, 3e-4 * 225.8672);
  EXPECT_NEAR(ClarkScarf(five, 12, ProbabilitiesOf({.mean = 32})).cost, 226.8458, 1e-4);
  const SerialSolution poisson = ClarkScarf({{3, 1}, {2, 1}, {2, 2}}, 37.12, ProbabilitiesOf({.mean = 5}));
  EXPECT_NEAR(poisson.cost, 72.0435, 1e-4 * 72.0435);
  EXPECT_EQ(poisson.base_stock_level, std::vector<int>({9, 15, 26}));
}

// With one stage it is a newsvendor of the protection periods, here four of Poisson 2.
TEST(SerialOptimumTest, OneStageIsANewsvendor) {
  const CountProbabilities demand = ProbabilitiesOf({.mean = 8});
  const int level = QuantileOf(demand, 0.9);
  double newsvendor = 0;
  for (int units = 0; units < static_cast<int>(demand.size()); ++units)
    newsvendor += demand[static_cast<size_t>(units)] * (units < level ? level - units : 9 * (units - level));
  const SerialSolution optimum = ClarkScarf({{1, 4}}, 9, ProbabilitiesOf({.mean = 2}));
  EXPECT_NEAR(optimum.cost, newsvendor, 1e-9);
  EXPECT_EQ(optimum.base_stock_level[0], level);
}

/// Each site orders up to its level of the echelon position.
BlockRule EchelonBaseStock(const std::vector<int>& levels) {
  return [levels](const VectorEnv& env, int block, EigenRows orders) {
    const Network& network = env.network();
    for (int lane = 0; lane < network.num_lanes(); ++lane) {
      const auto site = static_cast<size_t>(network.lane_destination[static_cast<size_t>(lane)]);
      orders(lane) = static_cast<float>(levels[site]);
      for (const int member : network.echelon[site])
        orders(lane) -= InventoryPosition(network, env.state(block), member);
    }
  };
}

// The textbook's cost of the same system is 72.0467: it also counts 10 for goods under way to the regional warehouse,
// and 4 x 5 for goods that pass through the warehouses.
TEST(SerialOptimumTest, LevelsCostInTheSimulatorWhatTheRecursionSays) {
  for (const std::vector<std::string>& overrides : {std::vector<std::string>{},
                                                    {"store_lead_time=2", "demand.kind=geometric", "demand.mean=2.5"},
                                                    {"regional_lead_time=0"},
                                                    {"central_lead_time=0", "regional_lead_time=0"}}) {
    const Problem problem = ReadProblem(LoadConfig("configs/problems/serial.yaml", overrides));
    const SerialSolution optimum = SolveSerial(*problem.network, problem.demand[2]);
    if (overrides.empty()) {
      EXPECT_NEAR(optimum.cost, 42.0467, 1e-4);
      EXPECT_EQ(optimum.base_stock_level, std::vector<int>({26, 15, 9}));
    }
    VectorEnv env(problem.network, MakeProblemDemand(problem, 2100, Random(11)),
                  {.num_envs = 512, .shuffle_scenarios = false, .credit_leftovers = false, .features = {"on_hand"}});
    const MeanWithError simulated = MeanCost(env, EchelonBaseStock(optimum.base_stock_level), /*warm_up=*/100, 1);
    EXPECT_LT(simulated.standard_error, 2.5e-3 * optimum.cost);
    EXPECT_NEAR(simulated.mean, optimum.cost, 3 * simulated.standard_error);
    // any other level costs more
    for (size_t site = 0; site < 3; ++site) {
      for (const int change : {-2, 2}) {
        std::vector<int> levels = optimum.base_stock_level;
        levels[site] += change;
        EXPECT_GT(MeanCost(env, EchelonBaseStock(levels), 100, 1).mean, simulated.mean);
      }
    }
  }
}

TEST(SerialOptimumTest, SaysWhatItCannotSolve) {
  const auto solve = [](const std::vector<std::string>& overrides) {
    const Problem problem = ReadProblem(LoadConfig("configs/problems/serial.yaml", overrides));
    SolveSerial(*problem.network, problem.demand[2]);
  };
  EXPECT_NO_THROW(solve({}));
  EXPECT_THROW(solve({"network.locations.1.holding_cost=1"}), ConfigError);
  EXPECT_THROW(solve({"network.lanes.0.order_cost=1"}), ConfigError);
  EXPECT_THROW(solve({"network.lanes.1.review_period=2"}), ConfigError);
  EXPECT_THROW(solve({"network.locations.2.shortage=lost_sales"}), ConfigError);
  EXPECT_THROW(solve({"network.lanes.2.from=central"}), ConfigError);
}

}  // namespace
}  // namespace restock
