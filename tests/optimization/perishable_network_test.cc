#include "optimization/perishable_network.h"

#include <map>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/error.h"
#include "env/period_step.h"
#include "env/row_network.h"
#include "env/row_state.h"
#include "optimization/exact_optimum.h"
#include "tests/env/problem_run.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

constexpr int kDemands = 8;  // of each kind of customers 0 ... 7, so that a block holds every pair

std::shared_ptr<const Network> Item(int shelf_life, int lead_time) {
  return ShippedProblem("perishable_choosy",
                        {fmt::format("shelf_life={}", shelf_life), fmt::format("lead_time={}", lead_time),
                         "network.locations.0.holding_cost=0.5", "network.lanes.0.unit_cost=3"})
      .network;
}

// Every state, order and pair of demands: next states, their probabilities and costs are the simulator's.
TEST(PerishableNetworkTest, MovesAsInTheSimulator) {
  const CountProbabilities fifo = {0.1, 0.2, 0.1, 0.1, 0.05, 0.15, 0.2, 0.1};
  const CountProbabilities lifo = {0.3, 0.1, 0.05, 0.05, 0.2, 0.1, 0.1, 0.1};
  for (const auto& [shelf_life, lead_time] :
       {std::pair{1, 0}, {1, 1}, {2, 0}, {2, 1}, {2, 2}, {3, 0}, {3, 1}, {2, 3}}) {
    SCOPED_TRACE(fmt::format("shelf life {}, lead time {}", shelf_life, lead_time));
    const auto network = Item(shelf_life, lead_time);
    PerishableSettings settings = PerishableSettingsOf(*network, std::vector<CountProbabilities>{fifo, lifo});
    settings.max_order = 4;
    const PerishableProblem problem(settings);

    const RowNetwork rows(*network);
    NetworkState state(*network);
    AlignedVector orders(kBlockSize), share(2 * kBlockSize), site_cost(2 * kBlockSize);
    PeriodOutcome outcome;
    outcome.cost.resize(kNumCostKinds * kBlockSize);
    for (AlignedVector* values : {&outcome.demand, &outcome.sold}) values->resize(2 * kBlockSize);
    outcome.shipped.resize(kBlockSize);
    std::vector<SmallProblem::Choice> choices;
    for (int now = 0; now < problem.num_states(); ++now) {
      problem.Choices(now, choices);
      for (int order = 0; order < static_cast<int>(choices.size()); ++order) {
        // digits of the state: what lies there by age, the oldest first, then what is on its way
        const int num_ages = lead_time == 0 ? shelf_life - 1 : shelf_life;
        state.Clear();
        int rest = now;
        for (int age = 1; age <= num_ages; ++age, rest /= 5) {
          state.age(0, age) = static_cast<float>(rest % 5);
          state.on_hand(0) += static_cast<float>(rest % 5);
        }
        for (int ahead = 1; ahead < lead_time; ++ahead, rest /= 5)
          state.in_transit(0, ahead) = static_cast<float>(rest % 5);
        std::fill(orders.begin(), orders.end(), static_cast<float>(order));
        for (int env = 0; env < kBlockSize; ++env) {
          outcome.demand[Index(env)] = static_cast<float>(env / kDemands);
          outcome.demand[Index(kBlockSize + env)] = static_cast<float>(env % kDemands);
        }
        StepPeriod(rows, Rows{orders.data()}, Exogenous<Rows>{{outcome.demand.data()}}, RowState(*network, state),
                   RowOutcome{{outcome.shipped.data()},
                              {outcome.sold.data()},
                              {site_cost.data()},
                              {outcome.cost.data()},
                              {share.data()},
                              {}});

        const SmallProblem::Choice& choice = choices[Index(order)];
        const SmallProblem::Chance& chance = problem.chances()[Index(choice.chance)];
        std::map<int, double> next;
        double cost = 0;
        for (int env = 0; env < kBlockSize; ++env) {
          const double probability = fifo[Index(env / kDemands)] * lifo[Index(env % kDemands)];
          cost += probability * static_cast<double>(site_cost[Index(env)] + site_cost[Index(kBlockSize + env)]);
          int code = 0;
          for (int ahead = lead_time - 1; ahead >= 1; --ahead)
            code = code * 5 + static_cast<int>(state.in_transit(0, ahead)[env]);
          for (int age = num_ages; age >= 1; --age) code = code * 5 + static_cast<int>(state.age(0, age)[env]);
          next[code] += probability;
        }
        ASSERT_NEAR(choice.cost + chance.cost, cost, 1e-3) << "state " << now << ", order " << order;
        for (size_t i = 0; i < chance.offset.size(); ++i) next[choice.base + chance.offset[i]] -= chance.probability[i];
        for (const auto& [code, difference] : next)
          ASSERT_NEAR(difference, 0, 1e-12) << "state " << now << ", order " << order << ", to " << code;
      }
    }
  }
}

// Temizoz et al. (2025): m = 3, L = 0 and 1, v = 1.5, f = 0.5; their policies are within 0.000 and 0.009 % of the
// optimum.
TEST(PerishableNetworkTest, FilesHaveThePublishedOptimum) {
  const auto optimum = [](const std::vector<std::string>& settings) {
    return SolveExactly(ShippedProblem("perishable_choosy", settings)).cost;
  };
  EXPECT_NEAR(optimum({"lead_time=0"}), 75.3442, 4e-5 * 75);
  EXPECT_NEAR(optimum({}), 98.2393 / 1.00009, 4e-5 * 98);
  EXPECT_NEAR(optimum({"lead_time=0", "mean=4", "deviation=2", "choosy_mean=0", "choosy_deviation=0"}), 13.2096, 1e-3);
}

// Farrington et al. (2025), table 3: the policies that are optimal for a discount of 0.99, over 365 periods after 100;
// rounded means of simulated paths. On average over all time these policies cost 15.929 and 14.954 a period: the least
// is hardly less.
TEST(PerishableNetworkTest, DiscountedOptimumIsThePublishedOne) {
  const auto optimum = [](const std::vector<std::string>& settings) {
    return SolveExactly(ShippedProblem("perishable", settings)).cost;
  };
  EXPECT_NEAR(optimum({}), 1553, 1);
  EXPECT_NEAR(optimum({"issue=oldest_first"}), 1457, 1);
  EXPECT_NEAR(optimum({"lead_time=2", "waste_cost=10"}), 1569, 1);
  EXPECT_NEAR(optimum({"shelf_life=3", "issue=oldest_first"}), 1424, 1);
  for (const auto& [issue, cost] : {std::pair{"newest_first", 15.929}, {"oldest_first", 14.954}}) {
    const double least = optimum({fmt::format("issue={}", issue), "protocol={kind: average}"});
    EXPECT_LE(least, cost + 5e-4);
    EXPECT_GE(least, cost - 0.02);
  }
}

TEST(PerishableNetworkTest, SaysWhatItCannotSolve) {
  for (const char* setting : {"network.locations.0.shortage=backorders", "network.lanes.0.order_cost=5",
                              "network.lanes.0.review_period=2", "network.locations.1.stockout_cost=50",
                              "network.lanes.0.pack_size=2", "protocol={kind: finite_horizon, periods: 50}"})
    EXPECT_THROW(SolveExactly(ShippedProblem("perishable_choosy", {setting})), ConfigError) << setting;
}

}  // namespace
}  // namespace restock
