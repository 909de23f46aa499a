#include <gtest/gtest.h>

#include "optimization/perishable_problem.h"

namespace restock {
namespace {

// Perishables of Temizoz et al. (2025), "Deep controlled learning for inventory control", after Haijema & Minner
// (2019): demand of mean 4, a share of it for the oldest units and the rest for the newest; a unit short or wasted
// costs 100, nothing else costs anything. The average costs of their policies, and how many percent these are above the
// optimum, give the optima to four or five digits.
struct HaijemaCase {
  int shelf_life;
  int lead_time;
  double variation;   // standard deviation of demand over the root of its mean
  double fifo_share;  // of mean and variance
  double cost;
  double gap;  // [%]
};

CountProbabilities DemandOf(const HaijemaCase& one, double share) {
  const double mean = 4;
  return share > 0 ? TwoMomentProbabilities(share * mean, share * one.variation * one.variation * mean)
                   : CountProbabilities{1};
}

class HaijemaTest : public testing::TestWithParam<HaijemaCase> {};

TEST_P(HaijemaTest, OptimumIsThePublishedOne) {
  const HaijemaCase& one = GetParam();
  const CountProbabilities fifo = DemandOf(one, one.fifo_share), lifo = DemandOf(one, 1 - one.fifo_share);
  // their bound on the position after ordering, here on the order alone
  const int max_order = QuantileOf(SumOf(one.lead_time + one.shelf_life + 1, SumOf(fifo, lifo)), 0.5);
  const PerishableProblem problem({.shelf_life = one.shelf_life,
                                   .lead_time = one.lead_time,
                                   .stockout_cost = 100,
                                   .waste_cost = 100,
                                   .max_order = max_order,
                                   .fifo_demand = fifo,
                                   .lifo_demand = lifo});
  const double optimum = one.cost / (1 + one.gap / 100);
  EXPECT_NEAR(MinimizeAverageCost(problem).cost(), optimum, 4e-5 * optimum);
}

INSTANTIATE_TEST_SUITE_P(
    Temizoz, HaijemaTest,
    testing::ValuesIn(std::vector<HaijemaCase>{
        {3, 0, 1.0, 1, 13.2096, 0.000}, {3, 0, 1.0, 0.5, 32.5869, 0.000}, {3, 0, 1.0, 0, 50.3025, 0.108},
        {3, 0, 1.5, 1, 50.9064, 0.001}, {3, 0, 1.5, 0.5, 75.3442, 0.000}, {3, 0, 1.5, 0, 87.7993, 0.000},
        {3, 0, 2.0, 1, 99.4022, 0.000}, {3, 0, 2.0, 0.5, 119.202, 0.023}, {3, 0, 2.0, 0, 130.541, 0.008},
        {3, 1, 1.0, 1, 23.2586, 0.002}, {3, 1, 1.0, 0.5, 50.0686, 0.016}, {3, 1, 1.0, 0, 75.8593, 0.016},
        {3, 1, 1.5, 1, 65.5582, 0.013}, {3, 1, 1.5, 0.5, 98.2393, 0.009}, {3, 1, 1.5, 0, 120.451, 0.047},
        {3, 1, 2.0, 1, 114.341, 0.010}, {3, 1, 2.0, 0.5, 141.511, 0.049}, {3, 1, 2.0, 0, 164.253, 0.035},
        {4, 0, 1.0, 1, 3.68947, 0.009}, {4, 0, 1.0, 0, 35.7872, 0.001},   {4, 0, 1.5, 1, 25.8978, 0.002},
        {4, 0, 1.5, 0, 64.4438, 0.045}, {4, 0, 2.0, 1, 62.7592, 0.019},   {4, 0, 2.0, 0, 98.8709, 0.028},
    }));

}  // namespace
}  // namespace restock
