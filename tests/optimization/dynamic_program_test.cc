#include "optimization/dynamic_program.h"

#include <gtest/gtest.h>

namespace restock {
namespace {

/// A problem written down state by state: for each choice its cost and where it leads.
class WrittenProblem : public SmallProblem {
 public:
  struct Written {
    double cost;
    std::vector<double> next;  // probability  (num_states)
  };
  explicit WrittenProblem(std::vector<std::vector<Written>> states) {
    for (const auto& written_choices : states) {
      choices_.emplace_back();
      for (const Written& written : written_choices) {
        choices_.back().push_back({written.cost, static_cast<int>(chances_.size()), 0});
        Chance chance;
        for (size_t state = 0; state < written.next.size(); ++state) {
          chance.offset.push_back(static_cast<int>(state));
          chance.probability.push_back(written.next[state]);
        }
        chances_.push_back(chance);
      }
    }
  }

  int num_states() const override { return static_cast<int>(choices_.size()); }
  const std::vector<Chance>& chances() const override { return chances_; }
  void Choices(int state, std::vector<Choice>& choices) const override {
    choices = choices_[static_cast<size_t>(state)];
  }

 private:
  std::vector<Chance> chances_;
  std::vector<std::vector<Choice>> choices_;
};

// Puterman, "Markov Decision Processes", figure 3.1.1, rewards as negative costs. In the first state: 5 and then either
// state, or 10 and then the second state; in the second state -1 forever.
WrittenProblem PutermansExample() { return WrittenProblem({{{-5, {0.5, 0.5}}, {-10, {0, 1}}}, {{1, {0, 1}}}}); }

// The second state is worth -1 / (1 - 0.95) = -20. The first choice is worth v = 5 + 0.95 (v - 20) / 2 = -8.5714, the
// second 10 - 0.95 * 20 = -9.
TEST(DynamicProgramTest, FindsTheBestDiscountedPolicyOfATextbook) {
  const OptimalPolicy optimum = MinimizeDiscountedCost(PutermansExample(), 0.95);
  EXPECT_NEAR(optimum.value[0], 4.5 / 0.525, 1e-5);
  EXPECT_NEAR(optimum.value[1], 20, 1e-5);
  EXPECT_EQ(optimum.policy, StatePolicy({0, 0}));
  EXPECT_LE(optimum.lower_bound, 4.5 / 0.525);
  EXPECT_GE(optimum.upper_bound, 4.5 / 0.525);
}

// One period: 10. Two: max(5 + (10 - 1) / 2, 10 - 1) = 9.5. Three: max(5 + (9.5 - 2) / 2, 10 - 2) = 8.75.
TEST(DynamicProgramTest, LooksAsManyPeriodsAheadAsThereAre) {
  const WrittenProblem problem = PutermansExample();
  const OptimalPolicy one = MinimizeFiniteHorizonCost(problem, 1, 1, {0, 0});
  const OptimalPolicy two = MinimizeFiniteHorizonCost(problem, 2, 1, {0, 0});
  const OptimalPolicy three = MinimizeFiniteHorizonCost(problem, 3, 1, {0, 0});
  EXPECT_EQ(one.value, std::vector<double>({-10, 1}));
  EXPECT_EQ(two.value, std::vector<double>({-9.5, 2}));
  EXPECT_EQ(three.value, std::vector<double>({-8.75, 3}));
  EXPECT_EQ(one.policy[0], 1);
  EXPECT_EQ(two.policy[0], 0);
}

TEST(DynamicProgramTest, TheSecondStateIsForeverSoItIsTheAverage) {
  EXPECT_NEAR(MinimizeAverageCost(PutermansExample()).cost(), 1, 1e-6);
}

// A chain that alternates between a cost of 1 and one of 3 never settles, but its average is 2. Staying costs 2.5.
TEST(DynamicProgramTest, AveragesAChainThatIsPeriodic) {
  const WrittenProblem problem({{{1, {0, 1}}, {2.5, {1, 0}}}, {{3, {1, 0}}}});
  const OptimalPolicy optimum = MinimizeAverageCost(problem);
  EXPECT_NEAR(optimum.cost(), 2, 1e-6);
  EXPECT_EQ(optimum.policy[0], 0);
  const std::vector<double> share = StationaryDistribution(problem, optimum.policy, 0);
  EXPECT_NEAR(share[0], 0.5, 1e-9);
  EXPECT_NEAR(share[1], 0.5, 1e-9);
}

// 0.9 of the time in the first state goes on, 0.1 to the second, which always returns: shares 10 / 11 and 1 / 11.
TEST(DynamicProgramTest, AGivenPolicyCostsWhatItsStationaryDistributionSays) {
  const WrittenProblem problem({{{2, {0.9, 0.1}}, {0, {0, 1}}}, {{13, {1, 0}}}});
  const StatePolicy first = {0, 0};
  EXPECT_NEAR(AverageCost(problem, first).cost(), (10 * 2 + 13) / 11.0, 1e-5);
  EXPECT_NEAR(StationaryDistribution(problem, first, 1)[1], 1 / 11.0, 1e-8);
  // after a warm-up as long as this, the start is forgotten: 3 more periods cost three times the average
  const auto three = FiniteHorizonCost(problem, first, 3, 1, {0, 0});
  EXPECT_NEAR(ExpectedAfter(problem, first, 200, three)[1], 9, 1e-9);
}

}  // namespace
}  // namespace restock
