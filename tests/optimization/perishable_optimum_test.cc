#include <algorithm>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "optimization/perishable_problem.h"

namespace restock {
namespace {

constexpr bool kFifo = true, kLifo = false;

// Perishables of De Moor, Gijsbrechts & Boute (2022), "Reward shaping to improve the performance of deep reinforcement
// learning in perishable inventory management", scenario A, and of Farrington et al. (2025), "Going faster to see
// further", table 3: demand of gamma distribution with mean 4 and coefficient of variation 0.5, rounded; h = 1, p = 5,
// c = 3, orders up to 10, discount 0.99. The costs are means over simulated paths, rounded; their standard deviation is
// 60 per path, so with ten thousand paths the last digit is uncertain.
struct DeMoorCase {
  int shelf_life;
  int lead_time;
  double waste_cost;
  bool is_fifo;
  double optimum;
  double best_base_stock;
};
constexpr double kErrorOfTable = 1;

PerishableProblem ProblemOf(const DeMoorCase& one) {
  const CountProbabilities demand = RoundedGammaProbabilities(4, 0.5), none = {1};
  return PerishableProblem({.shelf_life = one.shelf_life,
                            .lead_time = one.lead_time,
                            .holding_cost = 1,
                            .stockout_cost = 5,
                            .unit_cost = 3,
                            .waste_cost = one.waste_cost,
                            .max_order = 10,
                            .fifo_demand = one.is_fifo ? demand : none,
                            .lifo_demand = one.is_fifo ? none : demand});
}

// The protocol of the table: from an empty start 100 periods that do not count, then the discounted cost of 365.
double CostByProtocol(const PerishableProblem& problem, const StatePolicy& policy) {
  const std::vector<double> nothing(static_cast<size_t>(problem.num_states()));
  return ExpectedAfter(problem, policy, 100, FiniteHorizonCost(problem, policy, 365, 0.99, nothing))[0];
}

StatePolicy BaseStock(const PerishableProblem& problem, int level, int max_order) {
  StatePolicy policy;
  for (int state = 0; state < problem.num_states(); ++state)
    policy.push_back(std::clamp(level - problem.PositionOf(state), 0, max_order));
  return policy;
}

class DeMoorTest : public testing::TestWithParam<DeMoorCase> {};

TEST_P(DeMoorTest, OptimalPolicyCostsWhatWasPublished) {
  const PerishableProblem problem = ProblemOf(GetParam());
  const OptimalPolicy optimum = MinimizeDiscountedCost(problem, 0.99);
  EXPECT_NEAR(CostByProtocol(problem, optimum.policy), GetParam().optimum, kErrorOfTable);
}

TEST_P(DeMoorTest, BestBaseStockLevelCostsWhatWasPublished) {
  const PerishableProblem problem = ProblemOf(GetParam());
  double best = CostByProtocol(problem, BaseStock(problem, 4, 10));
  for (int level = 5; level <= 20; ++level)
    best = std::min(best, CostByProtocol(problem, BaseStock(problem, level, 10)));
  EXPECT_NEAR(best, GetParam().best_base_stock, kErrorOfTable);
}

std::string NameOf(const testing::TestParamInfo<DeMoorCase>& info) {
  return fmt::format("ShelfLife{}LeadTime{}WasteCost{}{}", info.param.shelf_life, info.param.lead_time,
                     info.param.waste_cost, info.param.is_fifo ? "Fifo" : "Lifo");
}

const std::vector<DeMoorCase> kTable = {
    {2, 1, 7, kLifo, 1553, 1565},  {2, 1, 7, kFifo, 1457, 1474},  {2, 1, 10, kLifo, 1571, 1581},
    {2, 1, 10, kFifo, 1463, 1485}, {2, 2, 7, kLifo, 1551, 1590},  {2, 2, 7, kFifo, 1461, 1495},
    {2, 2, 10, kLifo, 1569, 1606}, {2, 2, 10, kFifo, 1469, 1504}, {3, 1, 7, kLifo, 1490, 1500},
    {3, 1, 7, kFifo, 1424, 1435},  {3, 1, 10, kLifo, 1498, 1512}, {3, 1, 10, kFifo, 1425, 1436},
};
INSTANTIATE_TEST_SUITE_P(Farrington, DeMoorTest, testing::ValuesIn(kTable), NameOf);

}  // namespace
}  // namespace restock
