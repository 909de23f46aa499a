#include <cmath>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "optimization/dynamic_program.h"
#include "tests/env/problem_run.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

/// Two items with backorders whose orders are there at once, as configs/problems/joint_replenishment.yaml has them: a
/// state is a pair of inventory levels.
class TwoItems : public SmallProblem {
 public:
  explicit TwoItems(const Problem& problem) : network_(*problem.network) {
    for (int first = kLow; first <= kHigh; ++first)
      for (int second = kLow; second <= kHigh; ++second) chances_.push_back(AfterDemand(problem, first, second));
  }

  static int StateOf(int first, int second) { return (first - kLow) * kSize + second - kLow; }
  int num_states() const override { return kSize * kSize; }
  const std::vector<Chance>& chances() const override { return chances_; }
  void Choices(int state, std::vector<Choice>& choices) const override {
    choices.clear();
    const int first = state / kSize + kLow, second = state % kSize + kLow;
    for (int one = 0; one <= kMostOrdered; ++one)
      for (int other = 0; other <= kMostOrdered; ++other)
        choices.push_back(
            {OrderCost(one, other), StateOf(std::min(first + one, kHigh), std::min(second + other, kHigh)), 0});
  }
  static std::pair<int, int> OrdersOf(int choice) { return {choice / (kMostOrdered + 1), choice % (kMostOrdered + 1)}; }

 private:
  static constexpr int kLow = -16, kHigh = 24, kSize = kHigh - kLow + 1, kMostOrdered = 18;

  double OrderCost(int one, int other) const {
    const Vehicles& trucks = network_.vehicles[0];
    const auto size = static_cast<double>(trucks.size);
    return (one > 0 ? network_.order_cost[0] : 0) + (other > 0 ? network_.order_cost[1] : 0) +
           trucks.cost * std::ceil((one + other) / size);
  }
  Chance AfterDemand(const Problem& problem, int first, int second) const {
    const auto cost = [&](int site, int level) {
      const auto units = static_cast<float>(std::abs(level));
      return units * (level > 0 ? network_.holding_cost[Index(site)] : network_.stockout_cost[Index(site)]);
    };
    Chance chance;
    for (size_t one = 0; one < problem.demand[0].size(); ++one) {
      for (size_t other = 0; other < problem.demand[1].size(); ++other) {
        const double probability = problem.demand[0][one] * problem.demand[1][other];
        const int left = first - static_cast<int>(one), right = second - static_cast<int>(other);
        chance.cost += probability * (cost(0, left) + cost(1, right));
        chance.offset.push_back(StateOf(std::max(left, kLow), std::max(right, kLow)));
        chance.probability.push_back(probability);
      }
    }
    return chance;
  }

  const Network& network_;
  std::vector<Chance> chances_;
};

// Vanvuchelen et al. (2020), setting 5: with 5 of the first item and none of the second a truck full of the second is
// ordered, not 2 and 4 as the rules of thumb have it.
TEST(JointReplenishmentTest, OptimalPolicyFillsTheTruckAsInThePaper) {
  const Problem problem = ShippedProblem("joint_replenishment");
  const TwoItems items(problem);
  const OptimalPolicy optimum = MinimizeDiscountedCost(items, 0.99);
  EXPECT_EQ(TwoItems::OrdersOf(optimum.policy[Index(TwoItems::StateOf(5, 0))]), std::pair(0, 6));

  // in the simulator the policy costs from an empty start what its value says
  constexpr int kPeriods = 1000;
  VectorEnv env(problem.network, MakeProblemDemand(problem, kPeriods, Random(1)),
                {.num_envs = 1024, .shuffle_scenarios = false});
  StepBatch batch = env.MakeBatch();
  env.Reset(1, batch);
  AlignedVector orders;
  std::vector<double> cost(1024);
  const BlockRule rule = [&](const VectorEnv& now, int block, EigenRows wanted) {
    const NetworkState& state = now.state(block);
    for (int copy = 0; copy < kBlockSize; ++copy) {
      const auto level = [&](int site) {
        return static_cast<int>(state.on_hand(site)[copy] - state.backorders(site)[copy]);
      };
      const auto [one, other] = TwoItems::OrdersOf(optimum.policy[Index(TwoItems::StateOf(level(0), level(1)))]);
      wanted(0)[copy] = static_cast<float>(one);
      wanted(1)[copy] = static_cast<float>(other);
    }
  };
  for (int period = 0; period < kPeriods; ++period) {
    Act(env, rule, orders);
    env.Step(orders, batch);
    for (size_t run = 0; run < cost.size(); ++run) cost[run] -= batch.reward[run] * std::pow(0.99, period);
  }
  double mean = 0, squares = 0;
  for (const double value : cost) mean += value / 1024;
  for (const double value : cost) squares += (value - mean) * (value - mean) / 1024;
  const double expected = optimum.value[Index(TwoItems::StateOf(0, 0))];

  EXPECT_NEAR(mean, expected, 3 * std::sqrt(squares / 1024) + 1e-3 * expected);
}

}  // namespace
}  // namespace restock
