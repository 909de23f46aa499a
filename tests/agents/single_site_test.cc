#include "agents/single_site.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include "agents/first_scenarios.h"
#include "agents/network_gradient.h"
#include "agents/order_comparison.h"
#include "agents/path_block.h"
#include "agents/pathwise.h"
#include "agents/policy_iteration.h"
#include "agents/single_site_learner.h"
#include "common/error.h"
#include "env/sampled_demand.h"
#include "env/vector_env.h"
#include "tests/agents/learner_checks.h"

namespace restock {
namespace {

constexpr int kNumPeriods = 60;

std::shared_ptr<const DemandSource> Poisson(const Network& network, double mean, uint64_t seed) {
  return FirstScenarios(MakeSampledSource(network, {.demand = {{mean, 0}}, .num_periods = kNumPeriods}, Random(seed)),
                        100'000);
}

std::shared_ptr<const Network> Site(int lead_time, bool waits, float unit_cost = 0) {
  return OneSite({.holding_cost = 1,
                  .stockout_cost = 4,
                  .backorder_share = waits ? 1.f : 0.f,
                  .initial_on_hand = 9,
                  .lead_time = lead_time,
                  .unit_cost = unit_cost});
}

TrainingWorld LostSales(int lead_time) {
  TrainingWorld world;
  world.network = Site(lead_time, /*waits=*/false);
  world.train = Poisson(*world.network, 5, 1);
  world.select = FirstScenarios(Poisson(*world.network, 5, 2), 512);
  return world;
}

float Draw(RandomStream& random, int size) { return static_cast<float>(random.UniformInt(size)); }

TEST(SingleSiteTest, StepsAsTheSimulatorDoes) {
  for (const bool waits : {false, true}) {
    for (const int lead_time : {0, 1, 2, 5}) {
      const auto network = Site(lead_time, waits, /*unit_cost=*/0.5f);
      const auto demand = Poisson(*network, 5, 3);
      const SingleSite site(*network, demand);
      VectorEnv env(network, demand, {.shuffle_scenarios = false, .credit_leftovers = false});
      StepBatch batch = env.MakeBatch();
      env.Reset(0, batch);
      SingleSite::States states = SingleSite::States::Zero(kBlockSize, site.num_columns());
      states.col(0) = site.initial_level;

      RandomStream random(4, 0);
      Eigen::ArrayXf left;
      for (int period = 0; period + 1 < kNumPeriods; ++period) {
        AlignedVector orders(kBlockSize);
        for (float& order : orders) order = Draw(random, 11);
        env.Step(orders, batch);
        const Eigen::ArrayXf cost =
            site.Step(Eigen::Map<const Eigen::ArrayXf>(orders.data(), kBlockSize),
                      Eigen::Map<const Eigen::ArrayXf>(batch.outcome[0].demand.data(), kBlockSize), states, left);
        for (int path = 0; path < kBlockSize; ++path) {
          ASSERT_FLOAT_EQ(cost[path], -batch.reward[static_cast<size_t>(path)]) << lead_time << " " << waits;
          ASSERT_EQ(states(path, 0), env.state(0).on_hand(0)[path] - env.state(0).backorders(0)[path]);
          for (int ahead = 1; ahead < lead_time; ++ahead)
            ASSERT_EQ(states(path, ahead), env.state(0).in_transit(0, ahead)[path]);
        }
      }
    }
  }
}

TEST(SingleSiteTest, ReadsStatesAsThePolicyReadsObservations) {
  for (const bool waits : {false, true}) {
    const auto network = Site(3, waits);
    const auto demand = Poisson(*network, 5, 3);
    const SingleSite site(*network, demand);
    NetworkModel model = site.MakeModel("pathwise", {8}, Activation::kElu);
    RandomStream random(1, 0);
    Initialize(1, 0.3f, random, model.network);
    const NetworkPolicy policy(model);

    VectorEnv env(network, demand, {.shuffle_scenarios = false});
    StepBatch batch = env.MakeBatch();
    env.Reset(0, batch);
    Eigen::MatrixXf from_states, from_observations;
    for (int period = 0; period < 20; ++period) {
      SingleSite::States states(kBlockSize, 3);
      states.col(0) = env.state(0).on_hand(0) - env.state(0).backorders(0);
      for (int ahead = 1; ahead < 3; ++ahead) states.col(ahead) = env.state(0).in_transit(0, ahead);
      site.Encode(model, states, from_states);
      policy.Encode(batch.Observation(env.spec(), 0), from_observations);
      ASSERT_LT((from_states - from_observations).cwiseAbs().maxCoeff(), 1e-5);
      AlignedVector orders(kBlockSize);
      for (float& order : orders) order = Draw(random, 11);
      env.Step(orders, batch);
    }
  }
}

// The gradients, by hand, of a network's output and of the cost of a path, against finite differences.
TEST(NetworkGradientTest, IsTheSlopeOfTheOutputs) {
  for (const Activation activation : {Activation::kTanh, Activation::kElu}) {
    FastNetwork network({3, 6, 5, 1}, activation);
    RandomStream random(7, 0);
    Initialize(1, 0.1f, random, network);
    const Eigen::MatrixXf inputs =
        Eigen::MatrixXf::NullaryExpr(4, 3, [&] { return static_cast<float>(random.Normal()); });
    NetworkTrace trace = {inputs};
    TraceForward(network, trace);
    Eigen::MatrixXf slope = Eigen::MatrixXf::Ones(4, 1);
    std::vector<float> gradient(network.parameters().size());
    TraceBackward(network, trace, slope, gradient);

    const auto output = [&](const std::vector<float>& parameters, const Eigen::MatrixXf& from) {
      FastNetwork moved = network;
      moved.SetParameters(parameters);
      Eigen::MatrixXf outputs(4, 1);
      moved.Evaluate(from, outputs);
      return outputs.cast<double>().sum();
    };
    const std::vector<float> here(network.parameters().begin(), network.parameters().end());
    constexpr float kMove = 1e-2f;
    for (size_t i = 0; i < here.size(); ++i) {
      std::vector<float> above = here, below = here;
      above[i] += kMove;
      below[i] -= kMove;
      EXPECT_NEAR(gradient[i], (output(above, inputs) - output(below, inputs)) / (2 * kMove), 5e-3) << i;
    }
    for (Eigen::Index i = 0; i < inputs.size(); ++i) {
      Eigen::MatrixXf above = inputs, below = inputs;
      above.data()[i] += kMove;
      below.data()[i] -= kMove;
      EXPECT_NEAR(slope.data()[i], (output(here, above) - output(here, below)) / (2 * kMove), 5e-3) << i;
    }
  }
}

TEST(SingleSiteTest, GoesBackAlongAPath) {
  for (const bool waits : {false, true}) {
    for (const int lead_time : {0, 1, 2, 4}) {
      const auto network = Site(lead_time, waits, /*unit_cost=*/0.5f);
      const SingleSite site(*network, Poisson(*network, 5, 3));
      constexpr int kLength = 8;
      RandomStream random(9, 0);
      // no level comes to stand at zero, where the slope jumps
      std::vector<float> orders(kLength), demand(kLength);
      for (float& order : orders) order = Draw(random, 10) + 0.317f;
      for (float& units : demand) units = Draw(random, 11);
      std::vector<Eigen::ArrayXf> left(kLength);
      const auto cost_of = [&](const std::vector<float>& placed) {
        SingleSite::States states = SingleSite::States::Constant(1, site.num_columns(), 2.113f);
        double cost = 0;
        for (size_t t = 0; t < kLength; ++t)
          cost += static_cast<double>(site.Step(Eigen::ArrayXf::Constant(1, placed[t]),
                                                Eigen::ArrayXf::Constant(1, demand[t]), states, left[t])[0]);
        return cost;
      };
      cost_of(orders);
      const std::vector<Eigen::ArrayXf> on_the_way = left;
      SingleSite::States slope = SingleSite::States::Zero(1, site.num_columns());
      for (size_t t = kLength; t-- > 0;) {
        const float order_slope = site.StepBack(on_the_way[t], 1, slope)[0];
        std::vector<float> above = orders, below = orders;
        above[t] += 1e-2f;
        below[t] -= 1e-2f;
        EXPECT_NEAR(order_slope, (cost_of(above) - cost_of(below)) / 2e-2, 1e-2) << lead_time << " " << t;
      }
    }
  }
}

TEST(SingleSiteTest, RefusesWhatItDoesNotKnow) {
  const TrainingWorld world = SmallWorld();
  EXPECT_THROW(MakePolicyIteration({}, world, Random(1), 1), ConfigError);
  TrainingWorld ending = LostSales(2);
  ending.horizon = 20;
  EXPECT_THROW(MakePolicyIteration({}, ending, Random(1), 1), ConfigError);
}

// Demand of some kinds is kept by period: paths may be longer than there are periods.
TEST(SingleSiteTest, LearnsFromShortDemand) {
  TrainingWorld world = LostSales(2);
  const auto ten_periods = MakeSampledSource(*world.network, {.demand = {{5, 0}}, .num_periods = 10}, Random(1));
  const PathBlock block(*ten_periods, /*number=*/3, /*num_periods=*/60);
  for (int period = 0; period < 60; ++period) EXPECT_LT(block.PeriodAt(period), 10);
  const auto three_paths = FirstScenarios(Poisson(*world.network, 5, 1), 3);
  for (const int scenario : PathBlock(*three_paths, 0, 60).scenarios) EXPECT_LT(scenario, 3);
}

// Merging paths that meet changes nothing: the costs are those of simulating every order to the end.
TEST(OrderComparisonTest, ComparesAsIfEveryOrderWereSimulatedToTheEnd) {
  const auto network = Site(3, /*waits=*/false);
  const auto demand = Poisson(*network, 5, 3);
  const SingleSite site(*network, demand);
  const StatePolicyFunction policy = [](const SingleSite::States& states) -> Eigen::ArrayXf {
    return (20.f - states.rowwise().sum()).max(0.f).min(6.f);
  };
  const PathDemand paths = [&](int period, int first_path, std::span<float> units) {
    std::array<int, kBlockSize> scenarios;
    for (size_t first = 0; first < units.size(); first += kBlockSize) {
      for (size_t i = 0; i < kBlockSize; ++i) scenarios[i] = first_path + static_cast<int>(first + i);
      demand->Demand(period, scenarios, *network, units.data() + first);
    }
  };
  const std::vector<float> state = {6, 5, 4};
  const std::vector<int> orders = {2, 3, 4, 5, 6, 7, 8};
  constexpr int kHorizon = 40;
  const std::vector<double> merged =
      OrderComparison(site, policy, kHorizon).Costs(state, orders, /*first_path=*/64, kBlockSize, paths);

  std::vector<double> whole;
  for (const int order : orders) {
    SingleSite::States states(kBlockSize, 3);
    for (int column = 0; column < 3; ++column) states.col(column) = state[static_cast<size_t>(column)];
    Eigen::ArrayXf left, units(kBlockSize);
    double cost = 0;
    for (int period = 0; period < kHorizon; ++period) {
      const Eigen::ArrayXf placed =
          period == 0 ? Eigen::ArrayXf::Constant(kBlockSize, static_cast<float>(order)) : policy(states);
      paths(period, 64, {units.data(), kBlockSize});
      cost += site.Step(placed, units, states, left).cast<double>().sum();
    }
    whole.push_back(cost);
  }
  for (size_t i = 1; i < orders.size(); ++i) EXPECT_NEAR(merged[i] - merged[0], whole[i] - whole[0], 1e-3) << i;

  // an empty shelf with nothing on the way wants more than nothing, and less than plenty
  const std::vector<float> nothing = {0, 0, 0};
  EXPECT_EQ(OrderComparison(site, policy, kHorizon).BestOrder(nothing, {0, 6, 40}, kBlockSize, paths), 6);
}

PathwiseConfig SmallPathwise() {
  return {.num_updates = 10, .steps_per_update = 5, .num_paths = 192, .num_periods = 20, .select_every = 3};
}
PolicyIterationConfig SmallPolicyIteration() {
  return {.num_updates = 10, .num_states = 64, .horizon = 10, .first_reach = 2, .reach = 1, .num_epochs = 2};
}

TEST(PathwiseTest, ResumesExactlyWithAnyNumberOfThreads) {
  CheckExactResume([](int num_threads) { return MakePathwise(SmallPathwise(), LostSales(2), Random(1), num_threads); });
}

TEST(PolicyIterationTest, ResumesExactlyWithAnyNumberOfThreads) {
  CheckExactResume([](int num_threads) {
    return MakePolicyIteration(SmallPolicyIteration(), LostSales(2), Random(1), num_threads);
  });
}

TEST(PathwiseTest, RefusesDamagedCheckpoints) {
  CheckDamagedCheckpoints(*MakePathwise(SmallPathwise(), LostSales(2), Random(1), 1));
}

TEST(PathwiseTest, GoesBackToTheLastGoodWeightsWhenItDiverges) {
  PathwiseConfig config = SmallPathwise();
  config.learning_rate = 1e30;
  CheckDivergence(*MakePathwise(config, LostSales(2), Random(1), 1));
}

TEST(PathwiseLearningTest, ComesWithinTwoPercentOfTheNewsvendorOptimum) {
  const TrainingWorld world = NewsvendorWorld();
  PathwiseConfig config;
  config.num_updates = 5;
  config.num_periods = 20;
  auto steady = world;
  steady.train = Poisson(*world.network, 10, 1);
  CheckNewsvendor(*MakePathwise(config, steady, Random(1), 2), steady);
}

TEST(PolicyIterationLearningTest, ComesWithinTwoPercentOfTheNewsvendorOptimum) {
  auto world = NewsvendorWorld();
  world.train = Poisson(*world.network, 10, 1);
  PolicyIterationConfig config;
  config.num_updates = 2;
  config.num_states = 256;
  config.horizon = 10;
  CheckNewsvendor(*MakePolicyIteration(config, world, Random(1), 2), world);
}

}  // namespace
}  // namespace restock
