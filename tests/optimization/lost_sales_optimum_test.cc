#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/config_node.h"
#include "env/problem_file.h"
#include "optimization/one_site_problem.h"

namespace restock {
namespace {

constexpr const char* kPoisson = "poisson";
constexpr const char* kGeometric = "geometric";

// Lost sales with lead time L, demand of mean 5, h = 1 (Zipkin 2008, "Old and new methods for lost-sales inventory
// systems"): the least average costs, and the best base-stock levels.
struct LostSalesCase {
  const char* demand;
  int shortage_cost;
  int lead_time;
  int max_order;  // Zipkin's bounds
  int max_position;
  double optimum;
  int base_stock_level;
  double base_stock_cost;  // simulated
};

Problem ReadCase(const LostSalesCase& one) {
  return ReadProblem(LoadConfig("configs/problems/lost_sales.yaml", {fmt::format("lead_time={}", one.lead_time),
                                                                     fmt::format("shortage_cost={}", one.shortage_cost),
                                                                     fmt::format("demand.kind={}", one.demand)}));
}

class LostSalesOptimumTest : public testing::TestWithParam<LostSalesCase> {};

TEST_P(LostSalesOptimumTest, IsThePublishedOne) {
  const LostSalesCase& expected = GetParam();
  const Problem problem = ReadCase(expected);
  const OneSiteSolution solution = SolveOneSite(*problem.network, problem.demand[0]);
  EXPECT_EQ(solution.bounds.max_order[0], expected.max_order);
  EXPECT_EQ(solution.bounds.max_position, expected.max_position);
  EXPECT_LT(solution.optimum.upper_bound - solution.optimum.lower_bound, 1e-4);
  EXPECT_NEAR(solution.optimum.cost(), expected.optimum, 1e-4);
}

// Orders up to the level are not capped: a cap would make it a better policy.
TEST_P(LostSalesOptimumTest, BestBaseStockLevelCostsWhatWasSimulated) {
  const LostSalesCase& expected = GetParam();
  const int level = expected.base_stock_level;
  const Problem file = ReadCase(expected);
  const OneSiteProblem problem(*file.network, file.demand[0], {.max_position = level, .max_order = {level}});
  StatePolicy base_stock;
  for (int state = 0; state < problem.num_states(); ++state) base_stock.push_back(level - problem.PositionOf(state));
  const double cost = AverageCost(problem, base_stock).cost();
  EXPECT_NEAR(cost, expected.base_stock_cost, 2.5e-3 * expected.base_stock_cost);  // of the table's simulation
  EXPECT_GT(cost, expected.optimum);
}

const std::vector<LostSalesCase> kTable = {
    {kPoisson, 4, 1, 7, 13, 4.0407, 12, 4.1632},       {kPoisson, 4, 2, 7, 18, 4.3953, 16, 4.6376},
    {kPoisson, 4, 3, 7, 24, 4.5987, 20, 4.9753},       {kPoisson, 4, 4, 7, 29, 4.7285, 25, 5.1973},
    {kPoisson, 9, 1, 8, 14, 5.4382, 13, 5.5490},       {kPoisson, 9, 2, 8, 20, 6.0936, 19, 6.3143},
    {kPoisson, 9, 3, 8, 26, 6.5314, 23, 6.8651},       {kPoisson, 9, 4, 8, 32, 6.8360, 28, 7.2705},
    {kPoisson, 19, 1, 9, 15, 6.6757, 15, 6.7292},      {kPoisson, 19, 2, 9, 22, 7.6644, 21, 7.8384},
    {kPoisson, 19, 3, 9, 28, 8.3625, 26, 8.6034},      {kPoisson, 19, 4, 9, 33, 8.8872, 31, 9.2311},
    {kPoisson, 39, 1, 10, 17, 7.8360, 16, 7.8668},     {kPoisson, 39, 2, 10, 23, 9.1064, 22, 9.1869},
    {kPoisson, 39, 3, 10, 29, 10.0385, 28, 10.2143},   {kPoisson, 39, 4, 10, 35, 10.7944, 33, 11.0643},
    {kGeometric, 4, 1, 8, 15, 9.8175, 12, 10.0501},    {kGeometric, 4, 2, 8, 22, 10.2402, 15, 10.7115},
    {kGeometric, 4, 3, 8, 28, 10.4667, 18, 11.1425},   {kGeometric, 4, 4, 8, 34, 10.6065, 21, 11.4440},
    {kGeometric, 9, 1, 12, 20, 14.5082, 17, 14.7387},  {kGeometric, 9, 2, 12, 28, 15.5029, 22, 15.9963},
    {kGeometric, 9, 3, 12, 35, 16.1368, 26, 16.8858},  {kGeometric, 9, 4, 12, 41, 16.5774, 30, 17.5505},
    {kGeometric, 19, 1, 16, 25, 19.2179, 22, 19.4209}, {kGeometric, 19, 2, 16, 33, 20.8906, 28, 21.3209},
    {kGeometric, 19, 3, 16, 41, 22.0645, 33, 22.7465}, {kGeometric, 19, 4, 16, 48, 22.9530, 38, 23.8702},
    {kGeometric, 39, 1, 20, 30, 23.8657, 27, 24.0271}, {kGeometric, 39, 2, 20, 38, 26.2138, 34, 26.5587},
    {kGeometric, 39, 3, 20, 46, 27.9635, 40, 28.5252}, {kGeometric, 39, 4, 20, 54, 29.3559, 45, 30.1271},
};

std::string NameOf(const testing::TestParamInfo<LostSalesCase>& info) {
  return fmt::format("{}ShortageCost{}LeadTime{}", info.param.demand == kPoisson ? "Poisson" : "Geometric",
                     info.param.shortage_cost, info.param.lead_time);
}

INSTANTIATE_TEST_SUITE_P(Zipkin, LostSalesOptimumTest, testing::ValuesIn(kTable), NameOf);

}  // namespace
}  // namespace restock
