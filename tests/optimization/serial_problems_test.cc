#include <fmt/format.h>
#include <gtest/gtest.h>

#include "optimization/divisible_serial.h"
#include "optimization/serial_system.h"
#include "tests/env/problem_run.h"

namespace restock {
namespace {

/// The optimum by the recursion, in our order of events.
struct Optimum {
  double cost;
  std::vector<double> level;  // by site
};

Optimum Solve(const Problem& problem) {
  if (problem.network->is_divisible) {
    const DivisibleSerialSolution solution = SolveDivisibleSerial(problem);
    return {solution.cost, solution.base_stock_level};
  }
  const auto customer = static_cast<size_t>(problem.network->sites_downstream_first.front());
  const SerialSolution solution = SolveSerial(*problem.network, problem.demand[customer]);
  return {solution.cost, {solution.base_stock_level.begin(), solution.base_stock_level.end()}};
}

/// What the book counts besides: goods under way between stages, at the cost of holding them at the stage before, and
/// demand of a period, which passes through each stage before it is shipped.
double CountedByTheBook(const Problem& problem) {
  const Network& network = *problem.network;
  double cost = 0;
  for (int lane = 0; lane < network.num_lanes(); ++lane) {
    const auto i = static_cast<size_t>(lane);
    const auto site = static_cast<size_t>(network.lane_destination[i]);
    const int origin = network.lane_origin[i];
    const double above = origin == kOutside ? 0 : network.holding_cost[static_cast<size_t>(origin)];
    cost += above * network.lead_time[i];
    if (network.IsSupplier(network.lane_destination[i])) cost += network.holding_cost[site] - above;
  }
  const auto customer = static_cast<size_t>(network.sites_downstream_first.front());
  return cost * problem.processes[customer].states[0].mean;
}

void ExpectSimulatedCost(const Problem& problem, const Optimum& optimum) {
  const MeanWithError simulated =
      CostOf(problem, EchelonBaseStock(optimum.level), {.num_envs = 1024, .num_periods = 1100, .warm_up = 100});
  EXPECT_LT(simulated.standard_error, 0.005 * simulated.mean);
  EXPECT_NEAR(simulated.mean, optimum.cost, 2 * simulated.standard_error);
}

// Snyder & Shen's six systems: optima of stockpyl in the book's order of events, which counts besides what is under way
// between stages, and what passes through a stage in a period; see SolveSerial.
TEST(SerialProblemsTest, OptimalLevelsCostInTheSimulatorWhatTheRecursionSays) {
  struct Case {
    const char* file;
    std::vector<std::string> settings;
    double published;
  };
  for (const Case& one : {
           Case{"serial_normal", {}, 47.6654},
           Case{"serial_normal",
                {"demand={location: store, kind: normal, mean: 10, standard_deviation: 2}", "central_holding_cost=1",
                 "regional_holding_cost=4", "store_holding_cost=8", "shortage_cost=40"},
                86.0253},
           Case{"serial_two_stages", {}, 166.2705},
           Case{"serial_five_stages",
                {"demand={location: store, kind: rounded_normal, mean: 32, standard_deviation: 5.657}"},
                225.8672},
           Case{"serial_five_stages", {}, 226.8458},
           Case{"serial", {}, 72.0435},
       }) {
    SCOPED_TRACE(fmt::format("{} {}", one.file, fmt::join(one.settings, " ")));
    const Problem problem = ShippedProblem(one.file, one.settings);
    const Optimum optimum = Solve(problem);
    const double textbook = optimum.cost + CountedByTheBook(problem);
    EXPECT_NEAR(textbook, one.published, 3e-4 * one.published);
    ExpectSimulatedCost(problem, optimum);
  }
}

// Alvo et al. (2023), four echelons: costs of their networks, and how many percent these are above the optimum.
TEST(SerialProblemsTest, FourEchelonsHaveThePublishedOptimum) {
  struct Case {
    int lead_time;
    int shortage_cost;
    double cost;
    double gap;  // [%]
  };
  for (const Case& one :
       {Case{1, 4, 6.94, .60}, Case{1, 9, 8.42, .62}, Case{1, 19, 9.65, .42}, Case{1, 39, 10.76, .56},
        Case{2, 4, 7.65, .66}, Case{2, 9, 9.32, .58}, Case{2, 19, 10.73, .56}, Case{2, 39, 11.97, .45},
        Case{3, 4, 8.26, .54}, Case{3, 9, 10.12, .76}, Case{3, 19, 11.65, .44}, Case{3, 39, 13.04, .52},
        Case{4, 4, 8.82, .62}, Case{4, 9, 10.82, .70}, Case{4, 19, 12.51, .63}, Case{4, 39, 14.01, .61}}) {
    SCOPED_TRACE(fmt::format("L = {}, p = {}", one.lead_time, one.shortage_cost));
    const Problem problem = ShippedProblem(
        "serial_four_echelons",
        {fmt::format("store_lead_time={}", one.lead_time), fmt::format("shortage_cost={}", one.shortage_cost)});
    const Optimum optimum = Solve(problem);
    EXPECT_NEAR(optimum.cost, one.cost / (1 + one.gap / 100), 0.005 + 0.002 * optimum.cost);
    if (one.shortage_cost == 9) ExpectSimulatedCost(problem, optimum);
  }
}

// The same for three to seven echelons, L = 4, p = 9.
TEST(SerialProblemsTest, LongerChainsHaveThePublishedOptimum) {
  for (const auto& [name, published] :
       {std::pair{"three", 9.87}, {"four", 10.73}, {"five", 10.98}, {"six", 11.71}, {"seven", 12.31}}) {
    SCOPED_TRACE(name);
    const Problem problem = ShippedProblem(fmt::format("serial_{}_echelons", name));
    const Optimum optimum = Solve(problem);
    EXPECT_NEAR(optimum.cost, published, 0.005 + 0.002 * published);  // fitted levels, simulated
    ExpectSimulatedCost(problem, optimum);
  }
}

}  // namespace
}  // namespace restock
