#include "optimization/exact_optimum.h"

#include <map>

#include <gtest/gtest.h>

#include "common/error.h"

namespace restock {
namespace {

// As the files stand: lost sales, Poisson, p = 4, L = 4 (Zipkin 2008); dual sourcing, l_r = 2, c_e = 105 (Gijsbrechts
// et al. 2022); fixed order cost, mean 10 (Zheng & Federgruen 1991); serial, see serial_optimum_test.cc.
TEST(ExactOptimumTest, EveryShippedProblemHasItsPublishedOptimum) {
  const std::map<std::string, double> published = {
      {"lost_sales", 4.7285}, {"dual_sourcing", 216.7698}, {"fixed_order_cost", 35.022}, {"serial", 42.0467}};
  for (const auto& [name, optimum] : published) {
    const Problem problem = ReadProblem(LoadConfig("configs/problems/" + name + ".yaml"));
    const ExactOptimum found = SolveExactly(problem);
    EXPECT_NEAR(found.cost, optimum, 1e-3) << name;
    EXPECT_LE(found.lower_bound, found.cost);
    EXPECT_GE(found.upper_bound, found.cost);
    EXPECT_LE(found.upper_bound - found.lower_bound, 1e-5 * found.cost);
  }
}

TEST(ExactOptimumTest, SaysWhereThereIsNone) {
  const Problem problem = ReadProblem(ParseConfig(R"(
demand: [{location: north, mean: 5}, {location: south, mean: 5}]
network:
  locations: [{name: central}, {name: "*", stockout_cost: 4, holding_cost: 1, shortage: backorders}]
  lanes: [{from: supplier, to: central}, {from: central, to: "*"}]
)",
                                                  "problem.yaml"));
  EXPECT_THROW(SolveExactly(problem), ConfigError);
  for (const char* demand : {"demand.trend=0.1", "demand={kind: list, values: [1, 2]}", "demand_correlation=0.5",
                             "demand={kind: clipped_normal, mean: 5, standard_deviation: 1}"})
    EXPECT_THROW(SolveExactly(ReadProblem(LoadConfig("configs/problems/lost_sales.yaml", {demand}))), ConfigError);
}

}  // namespace
}  // namespace restock
