#include "env/vector_env.h"

#include <cstdlib>

#include <gtest/gtest.h>

#include "common/error.h"
#include "env/sampled_demand.h"
#include "tests/contracts/check_vector_env.h"
#include "tests/env/count_allocations.h"
#include "tests/env/random_features.h"
#include "tests/env/simulation.h"
#include "tests/env/test_networks.h"

namespace restock {
namespace {

std::shared_ptr<const DemandSource> SampledDemand(const Network& network, int num_periods) {
  SampledDemandConfig config{.demand = {}, .num_periods = num_periods};
  for (const int series : network.site_series)
    config.demand.push_back({.mean = series == kNoSeries ? 0.0 : 2.0 + series, .dispersion = series == 1 ? 3.0 : 0.0});
  return MakeSampledSource(network, config, Random(4).Stream("demand"));
}

/// Paths whose demand and forecasts are random numbers, `num_scenarios` of `num_periods`.
std::shared_ptr<const DemandSource> RandomScenarios(const Network& network, int num_scenarios, int num_periods) {
  auto scenarios = std::make_shared<ScenarioSet>();
  int num_series = 0;
  for (const int series : network.site_series) num_series = std::max(num_series, series + 1);
  scenarios->Resize(num_scenarios, num_periods, num_series,
                    std::vector<ForecastTarget>(static_cast<size_t>(network.num_sites())));
  scenarios->calendar.first_date = *Date::Parse("2024-05-07");
  RandomStream random = Random(8).At(0);
  for (float& demand : scenarios->demand) demand = static_cast<float>(random.UniformInt(7));
  for (float& forecast : scenarios->forecast) forecast = static_cast<float>(5 * random.Uniform());
  return MakeScenarioSource(scenarios);
}

TEST(VectorEnvTest, KeepsItsContractOnRandomNetworks) {
  for (uint64_t seed = 0; seed < 12; ++seed) {
    SCOPED_TRACE(seed);
    const auto network = RandomNetwork(seed);
    CheckVectorEnv([&] {
      return VectorEnv(network, SampledDemand(*network, 9), {.num_envs = 100, .initial_stock_spread = 0.5f});
    });
    CheckVectorEnv(
        [&] { return VectorEnv(network, RandomScenarios(*network, 20, 9), {.num_envs = 70, .num_periods = 7}); });
    CheckVectorEnv(
        [&] {
          return VectorEnv(network, SampledDemand(*network, 5),
                           {.num_envs = 70, .initial_stock_spread = 0.5f, .auto_reset = AutoReset::kNextStep});
        },
        AutoReset::kNextStep);
  }
}

TEST(VectorEnvTest, KeepsItsContractOnNetworksWithEveryFeature) {
  for (uint64_t seed = 0; seed < 12; ++seed) {
    SCOPED_TRACE(seed);
    const auto network = RandomNetworkWithFeatures(seed, /*is_divisible=*/seed % 4 == 0);
    CheckVectorEnv([&] {
      return VectorEnv(network, SampledDemand(*network, 9), {.num_envs = 100, .initial_stock_spread = 0.5f});
    });
  }
}

TEST(VectorEnvTest, OneAndTwoThreadsGiveEqualBits) {
  const auto network = RandomNetwork(3);
  const auto demand = SampledDemand(*network, 10);
  VectorEnv one(network, demand, {.num_envs = 500, .initial_stock_spread = 0.3f, .num_threads = 1});
  VectorEnv two(network, demand, {.num_envs = 500, .initial_stock_spread = 0.3f, .num_threads = 2});
  StepBatch one_batch = one.MakeBatch(), two_batch = two.MakeBatch();
  one.Reset(1, one_batch);
  two.Reset(1, two_batch);
  const std::vector<float> orders(static_cast<size_t>(one.spec().num_blocks * network->num_lanes() * kBlockSize), 3.f);
  for (int period = 0; period < 25; ++period) {
    one.Step(orders, one_batch);
    two.Step(orders, two_batch);
    ASSERT_EQ(one_batch.observation, two_batch.observation);
    ASSERT_EQ(one_batch.reward, two_batch.reward);
    ASSERT_EQ(one_batch.site_cost, two_batch.site_cost);
  }
  EXPECT_EQ(one.Save(), two.Save());
}

/// Allocations of twelve steps, resets among them, after a first one.
int64_t AllocationsOfSteps(VectorEnv env) {
  StepBatch batch = env.MakeBatch();
  env.Reset(1, batch);
  const auto num_orders = static_cast<size_t>(env.spec().num_blocks * env.spec().num_lanes * kBlockSize);
  const std::vector<float> orders(num_orders, 3.f);
  env.Step(orders, batch);
  const int64_t before = num_allocations;
  for (int period = 0; period < 12; ++period) env.Step(orders, batch);
  return num_allocations - before;
}

TEST(VectorEnvTest, AStepAllocatesNothing) {
  if (!kCountsAllocations) GTEST_SKIP() << "a sanitizer has its own malloc";
  std::vector<std::shared_ptr<const Network>> networks = {RandomNetwork(3)};
  for (uint64_t seed = 0; seed < 8; ++seed) networks.push_back(RandomNetworkWithFeatures(seed));
  for (const auto& network : networks) {
    for (const auto& demand : {SampledDemand(*network, 5), RandomScenarios(*network, 16, 5)}) {
      for (const auto& [num_threads, auto_reset] : {std::pair(1, AutoReset::kNextStep), {2, AutoReset::kSameStep}}) {
        const VectorEnvConfig config{.num_envs = 300, .num_threads = num_threads, .auto_reset = auto_reset};
        EXPECT_EQ(AllocationsOfSteps(VectorEnv(network, demand, config)), 0) << num_threads << " threads";
      }
    }
  }
  const int64_t before = num_allocations;
  void* volatile memory = std::malloc(1);
  std::free(memory);
  EXPECT_GT(num_allocations, before) << "allocations are not counted";
}

// Two periods an episode, demand 1 then 2 of 5: the end is 2 on hand, the new start 5.
TEST(VectorEnvTest, AnEpisodeEndsTruncatedAndTheNextBeginsInTheSameStep) {
  const auto network = OneSite({.holding_cost = 1, .initial_on_hand = 5, .lead_time = 1});
  VectorEnv env(network, GivenDemand(*network, {{1}, {2}}), {.num_envs = 2, .credit_leftovers = false});
  StepBatch batch = env.MakeBatch();
  env.Reset(1, batch);
  const std::vector<float> no_orders(kBlockSize, 0.f);
  EXPECT_EQ(batch.Observation(env.spec(), 0)(0, kOnHand), 5);
  env.Step(no_orders, batch);
  EXPECT_EQ(batch.truncated[0], 0);
  EXPECT_EQ(batch.Observation(env.spec(), 0)(0, kOnHand), 4);
  env.Step(no_orders, batch);
  EXPECT_EQ(batch.truncated[0], 1);
  EXPECT_EQ(batch.terminated[0], 0);
  EXPECT_EQ(batch.reward[0], -2);
  EXPECT_EQ(batch.FinalObservation(env.spec(), 0)(0, kOnHand), 2);
  EXPECT_EQ(batch.Observation(env.spec(), 0)(0, kOnHand), 5);
  EXPECT_EQ(env.period(), 0);
}

// The same with next step auto-reset: the third step only resets, whatever is ordered in it.
TEST(VectorEnvTest, TheStepAfterTheEndOnlyResets) {
  const auto network = OneSite({.holding_cost = 1, .initial_on_hand = 5, .lead_time = 1});
  VectorEnv env(network, GivenDemand(*network, {{1}, {2}}),
                {.num_envs = 2, .credit_leftovers = false, .auto_reset = AutoReset::kNextStep});
  StepBatch batch = env.MakeBatch();
  env.Reset(1, batch);
  const std::vector<float> no_orders(kBlockSize, 0.f);
  const std::vector<float> orders(kBlockSize, 9.f);
  env.Step(no_orders, batch);
  env.Step(no_orders, batch);
  EXPECT_EQ(batch.truncated[0], 1);
  EXPECT_EQ(batch.reward[0], -2);
  EXPECT_EQ(batch.Observation(env.spec(), 0)(0, kOnHand), 2);
  EXPECT_EQ(env.period(), 2);
  env.Step(orders, batch);
  EXPECT_EQ(batch.truncated[0], 0);
  EXPECT_EQ(batch.reward[0], 0);
  EXPECT_EQ(batch.outcome[0].demand[0], 0);
  EXPECT_EQ(batch.Observation(env.spec(), 0)(0, kOnHand), 5);
  EXPECT_EQ(env.period(), 0);
  env.Step(no_orders, batch);
  EXPECT_EQ(batch.Observation(env.spec(), 0)(0, kOnHand), 4) << "9 were ordered while nothing could be";
}

// Both kinds of auto-reset go through the same episodes, on one thread and on two, also after saving and loading in any
// place.
TEST(VectorEnvTest, BothKindsOfAutoResetGiveEqualBits) {
  constexpr int kNumPeriods = 4;
  const auto network = RandomNetwork(3);
  const auto demand = SampledDemand(*network, kNumPeriods);
  const auto make = [&](AutoReset auto_reset, int num_threads) {
    return VectorEnv(
        network, demand,
        {.num_envs = 300, .initial_stock_spread = 0.3f, .num_threads = num_threads, .auto_reset = auto_reset});
  };
  VectorEnv same = make(AutoReset::kSameStep, 1);
  StepBatch same_batch = same.MakeBatch();
  const std::vector<float> orders(static_cast<size_t>(same.spec().num_blocks * network->num_lanes() * kBlockSize), 3.f);
  for (const int num_threads : {1, 2}) {
    VectorEnv next = make(AutoReset::kNextStep, num_threads);
    StepBatch next_batch = next.MakeBatch();
    same.Reset(1, same_batch);
    next.Reset(1, next_batch);
    for (int step = 0; step < 3 * kNumPeriods; ++step) {
      same.Step(orders, same_batch);
      next.Step(orders, next_batch);
      ASSERT_EQ(same_batch.reward, next_batch.reward);
      ASSERT_EQ(same_batch.site_cost, next_batch.site_cost);
      ASSERT_EQ(same_batch.truncated, next_batch.truncated);
      if (next_batch.truncated[0]) {
        ASSERT_EQ(same_batch.final_observation, next_batch.observation);
        const std::string saved = next.Save();
        next.Reset(2, next_batch);
        next.Load(saved);
        next.Step(orders, next_batch);
      }
      ASSERT_EQ(same_batch.observation, next_batch.observation);
    }
    EXPECT_EQ(same.Save(), next.Save());
  }
}

// The clocks stand at the end, the scenarios after four numbers.
TEST(VectorEnvTest, ADamagedSaveIsRefusedAndChangesNothing) {
  const auto network = RandomNetwork(3);
  VectorEnv env(network, RandomScenarios(*network, 20, 9), {});
  StepBatch batch = env.MakeBatch();
  env.Reset(1, batch);
  const std::string saved = env.Save();
  for (const size_t place : {saved.size() - 1, 4 * sizeof(uint64_t) + 3}) {
    std::string damaged = saved;
    damaged[place] = '\x7f';
    EXPECT_THROW(env.Load(damaged), DataError) << place;
    EXPECT_EQ(env.Save(), saved);
  }
}

TEST(VectorEnvTest, OnlyNextStepAutoResetStandsAtAnEnd) {
  const auto network = RandomNetwork(3);
  const auto demand = SampledDemand(*network, 1);
  VectorEnv same(network, demand, {});
  VectorEnv next(network, demand, {.auto_reset = AutoReset::kNextStep});
  StepBatch batch = next.MakeBatch();
  next.Reset(1, batch);
  EXPECT_NO_THROW(same.Load(next.Save()));
  next.Step(std::vector<float>(static_cast<size_t>(network->num_lanes() * kBlockSize)), batch);
  EXPECT_THROW(same.Load(next.Save()), DataError);
}

TEST(VectorEnvTest, ScenariosGoRoundInOrderWhenTheyAreNotShuffled) {
  const auto network = OneSite({.lead_time = 1});
  VectorEnv env(network, RandomScenarios(*network, 5, 1), {.num_envs = 2, .shuffle_scenarios = false});
  StepBatch batch = env.MakeBatch();
  env.Reset(1, batch);
  const std::vector<float> no_orders(kBlockSize, 0.f);
  std::vector<int> seen;
  for (int round = 0; round < 3; ++round) {
    seen.insert(seen.end(), env.scenarios(0).begin(), env.scenarios(0).begin() + 2);
    env.Step(no_orders, batch);
  }
  EXPECT_EQ(seen, (std::vector<int>{0, 1, 2, 3, 4, 0}));
}

TEST(VectorEnvTest, ChosenFeaturesAreTheColumnsInTheirOrder) {
  const auto network = RandomNetwork(5);
  const auto demand = SampledDemand(*network, 6);
  VectorEnv all(network, demand, {.num_envs = 64});
  VectorEnv some(network, demand,
                 {.num_envs = 64, .features = {"free_capacity", "on_hand", "supplier_cover", "echelon_position"}});
  StepBatch all_batch = all.MakeBatch(), some_batch = some.MakeBatch();
  all.Reset(2, all_batch);
  some.Reset(2, some_batch);
  const std::vector<float> orders(static_cast<size_t>(network->num_lanes() * kBlockSize), 3.f);
  for (int period = 0; period < 4; ++period) {
    all.Step(orders, all_batch);
    some.Step(orders, some_batch);
    const int columns[] = {kFreeCapacity, kOnHand, kSupplierCover, kEchelonPosition};
    for (int i = 0; i < 4; ++i)
      EXPECT_EQ(some_batch.Observation(some.spec(), 0).col(i), all_batch.Observation(all.spec(), 0).col(columns[i]));
  }
  EXPECT_THROW(VectorEnv(network, demand, {.features = {"on_hnd"}}), ConfigError);
}

// Columns that never change are written once a batch: one that comes from elsewhere gets those of its new environment.
TEST(VectorEnvTest, ABatchOfAnotherEnvironmentIsFilledAnew) {
  const auto cheap = OneSite({.holding_cost = 1, .lead_time = 2});
  const auto dear = OneSite({.holding_cost = 5, .lead_time = 2});
  VectorEnv first(cheap, SampledDemand(*cheap, 4), {.num_envs = 3});
  VectorEnv second(dear, SampledDemand(*dear, 4), {.num_envs = 3});
  StepBatch batch = first.MakeBatch();
  first.Reset(1, batch);
  EXPECT_EQ(batch.Observation(first.spec(), 0)(2, kHoldingCost), 1);
  second.Reset(1, batch);
  EXPECT_EQ(batch.Observation(second.spec(), 0)(2, kHoldingCost), 5);
  const std::vector<float> no_orders(kBlockSize, 0.f);
  StepBatch fresh = second.MakeBatch();
  second.Step(no_orders, fresh);
  EXPECT_EQ(fresh.Observation(second.spec(), 0)(2, kHoldingCost), 5);
}

// Large batches are written past the caches, small ones are not; scenarios in turn are copied, others gathered.
TEST(VectorEnvTest, ManyEnvironmentsAreManyTimesAFew) {
  const auto network = RandomNetwork(3);
  const auto demand = RandomScenarios(*network, 64, 5);
  VectorEnv few(network, demand, {.num_envs = 64, .shuffle_scenarios = false});
  const int num_blocks = 1 + (5 << 20) / (few.spec().block_rows() * few.spec().num_features() * int{sizeof(float)});
  VectorEnv many(network, demand, {.num_envs = num_blocks * 64, .shuffle_scenarios = false});
  StepBatch few_batch = few.MakeBatch(), many_batch = many.MakeBatch();
  few.Reset(1, few_batch);
  many.Reset(1, many_batch);
  std::vector<float> orders(static_cast<size_t>(network->num_lanes() * kBlockSize));
  for (size_t i = 0; i < orders.size(); ++i) orders[i] = static_cast<float>(i % 7);
  std::vector<float> many_orders;
  for (int block = 0; block < num_blocks; ++block) many_orders.insert(many_orders.end(), orders.begin(), orders.end());
  for (int period = 0; period < 5; ++period) {
    few.Step(orders, few_batch);
    many.Step(many_orders, many_batch);
    for (const int block : {0, num_blocks - 1})
      ASSERT_EQ(many_batch.Observation(many.spec(), block), few_batch.Observation(few.spec(), 0));
  }
}

TEST(VectorEnvTest, WithoutObservationsCostsAreTheSame) {
  const auto network = RandomNetwork(6);
  const auto demand = SampledDemand(*network, 6);
  VectorEnv seeing(network, demand, {.num_envs = 64});
  VectorEnv blind(network, demand, {.num_envs = 64, .keep_observations = false});
  StepBatch seen = seeing.MakeBatch(), unseen = blind.MakeBatch();
  seeing.Reset(2, seen);
  blind.Reset(2, unseen);
  const std::vector<float> orders(static_cast<size_t>(network->num_lanes() * kBlockSize), 2.f);
  for (int period = 0; period < 8; ++period) {
    seeing.Step(orders, seen);
    blind.Step(orders, unseen);
    EXPECT_EQ(seen.reward, unseen.reward);
  }
  EXPECT_TRUE(unseen.observation.empty());
}

}  // namespace
}  // namespace restock
