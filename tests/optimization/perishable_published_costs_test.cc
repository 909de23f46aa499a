// The 32 perishable items of De Moor et al. (2022), scenario A, beside the costs that Farrington et al. (2025) print in
// their table 3: discounted sums of 365 periods after 100 from an empty start, means of simulated paths in whole
// numbers.

#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "optimization/exact_optimum.h"
#include "tests/env/problem_run.h"

namespace restock {
namespace {

struct Published {
  int shelf_life;
  int lead_time;
  int waste_cost;
  struct Costs {
    double optimum;
    double base_stock;
  } newest_first, oldest_first;
};
constexpr Published kPublished[] = {
    {2, 1, 7, {1553, 1565}, {1457, 1474}}, {2, 1, 10, {1571, 1581}, {1463, 1485}},
    {2, 2, 7, {1551, 1590}, {1461, 1495}}, {2, 2, 10, {1569, 1606}, {1469, 1504}},
    {3, 1, 7, {1490, 1500}, {1424, 1435}}, {3, 1, 10, {1498, 1512}, {1425, 1436}},
    {3, 2, 7, {1513, 1533}, {1435, 1456}}, {3, 2, 10, {1526, 1544}, {1437, 1457}},
    {4, 1, 7, {1459, 1476}, {1422, 1430}}, {4, 1, 10, {1465, 1481}, {1422, 1430}},
    {4, 2, 7, {1480, 1496}, {1432, 1453}}, {4, 2, 10, {1489, 1505}, {1432, 1453}},
    {5, 1, 7, {1443, 1454}, {1422, 1430}}, {5, 1, 10, {1446, 1460}, {1422, 1430}},
    {5, 2, 7, {1463, 1480}, {1432, 1453}}, {5, 2, 10, {1467, 1484}, {1432, 1453}},
};

/// Calls `test(problem, published costs)` for all 32.
template <class Test>
void ForEachItem(Test test) {
  for (const Published& one : kPublished) {
    for (const char* issue : {"newest_first", "oldest_first"}) {
      const std::vector<std::string> settings = {
          fmt::format("shelf_life={}", one.shelf_life), fmt::format("lead_time={}", one.lead_time),
          fmt::format("waste_cost={}", one.waste_cost), fmt::format("issue={}", issue)};
      SCOPED_TRACE(fmt::format("{}", fmt::join(settings, ", ")));
      test(ShippedProblem("perishable", settings), one, issue[0] == 'n' ? one.newest_first : one.oldest_first);
    }
  }
}

// Rounded, and of paths whose costs have a standard deviation of 60. Five ages and two periods of lead time make 1.8
// million states, half a minute each: `restock solve` has those four.
TEST(PerishablePublishedCostsTest, OptimaAreThePublishedOnes) {
  ForEachItem([](const Problem& problem, const Published& item, const Published::Costs& costs) {
    if (item.shelf_life + item.lead_time == 7) return;
    EXPECT_NEAR(SolveExactly(problem).cost, costs.optimum, 1);
  });
}

MeanWithError DiscountedCost(const Problem& problem, double level) {
  constexpr int kRuns = 4096;
  const EvaluationProtocol& protocol = problem.protocol;
  const int num_periods = protocol.warm_up + protocol.num_periods;
  VectorEnv env(problem.network, MakeProblemDemand(problem, num_periods, Random(1)),
                {.num_envs = kRuns, .shuffle_scenarios = false, .keep_outcomes = false, .keep_observations = false});
  StepBatch batch = env.MakeBatch();
  env.Reset(1, batch);
  AlignedVector orders;
  std::vector<double> cost(kRuns);
  for (int period = 0; period < num_periods; ++period) {
    Act(env, EchelonBaseStock({level}), orders);
    env.Step(orders, batch);
    for (size_t run = 0; run < kRuns; ++run) cost[run] -= batch.reward[run] * protocol.Weight(period);
  }
  double mean = 0, squares = 0;
  for (const double value : cost) mean += value / kRuns;
  for (const double value : cost) squares += (value - mean) * (value - mean) / kRuns;
  return {mean, std::sqrt(squares / kRuns)};
}

// Of the best of all levels, on the same demand for each.
TEST(PerishablePublishedCostsTest, BestBaseStockCostsWhatWasPublished) {
  ForEachItem([&](const Problem& problem, const Published& item, const Published::Costs& costs) {
    MeanWithError best{std::numeric_limits<double>::infinity(), 0};
    for (int level = 3 * item.lead_time;; ++level) {
      const MeanWithError cost = DiscountedCost(problem, level);
      if (cost.mean > best.mean) break;
      best = cost;
    }
    EXPECT_NEAR(best.mean, costs.base_stock, 2 * best.standard_error + 0.5 + 1);  // of ten thousand paths
  });
}

}  // namespace
}  // namespace restock
