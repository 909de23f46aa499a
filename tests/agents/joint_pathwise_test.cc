#include "agents/joint_pathwise.h"

#include <gtest/gtest.h>

#include "agents/first_scenarios.h"
#include "agents/joint_policy.h"
#include "agents/learner_suits.h"
#include "agents/policy_file.h"
#include "common/error.h"
#include "env/sampled_demand.h"
#include "tests/agents/learner_checks.h"

namespace restock {
namespace {

std::shared_ptr<const DemandSource> Poisson(const Network& network, std::vector<CountDistribution> demand,
                                            uint64_t seed, int num_paths) {
  return FirstScenarios(MakeSampledSource(network, {.demand = std::move(demand), .num_periods = 60}, Random(seed)),
                        num_paths);
}

/// A central site and two stores of lost sales, for ever or for 20 periods.
TrainingWorld TwoStores(int horizon) {
  const SiteSettings central{.holding_cost = 0.1f, .initial_on_hand = 20, .lead_time = 2};
  const SiteSettings store{.holding_cost = 1, .stockout_cost = 6, .initial_on_hand = 8, .lead_time = 1};
  TrainingWorld world;
  world.network = CentralAndStores(central, {store, store});
  world.train = Poisson(*world.network, {{0, 0}, {4, 0}, {4, 0}}, 1, 100'000);
  world.select = Poisson(*world.network, {{0, 0}, {4, 0}, {4, 0}}, 2, 128);
  world.horizon = horizon;
  return world;
}

PathwiseConfig Small() {
  return {.num_updates = 10, .steps_per_update = 3, .num_paths = 128, .num_periods = 20, .select_every = 3};
}

TEST(JointPathwiseTest, ResumesExactlyWithAnyNumberOfThreads) {
  for (const int horizon : {0, 20})
    CheckExactResume(
        [&](int num_threads) { return MakeJointPathwise(Small(), TwoStores(horizon), Random(1), num_threads); });
}

TEST(JointPathwiseTest, RefusesDamagedCheckpoints) {
  CheckDamagedCheckpoints(*MakeJointPathwise(Small(), TwoStores(0), Random(1), 1));
}

TEST(JointPathwiseTest, GoesBackToTheLastGoodWeightsWhenItDiverges) {
  PathwiseConfig config = Small();
  config.learning_rate = 1e30;
  CheckDivergence(*MakeJointPathwise(config, TwoStores(0), Random(1), 1));
}

TEST(JointPathwiseTest, SaysWhatGradientsDoNotTell) {
  const auto why_not = [](const SiteSettings& settings) -> std::string {
    try {
      CheckPathwise(*OneSite(settings));
      return "";
    } catch (const ConfigError& error) {
      return error.what();
    }
  };
  EXPECT_EQ(why_not({.stockout_cost = 1, .lead_time = 1}), "");
  EXPECT_NE(why_not({.stockout_cost = 1, .lead_time = 1, .order_cost = 5}).find("an order costs"), std::string::npos);
  EXPECT_NE(why_not({.stockout_cost = 1, .lead_time = 1, .calendar = {2, {true, false}}}).find("calendars"),
            std::string::npos);
  TrainingWorld world = TwoStores(0);
  world.network = OneSite({.stockout_cost = 1, .lead_time = 1, .order_cost = 5});
  EXPECT_THROW(MakeJointPathwise(Small(), world, Random(1), 1), ConfigError);
}

TEST(JointPolicyTest, ComesBackFromAFileAsItWas) {
  const TemporaryFolder folder;
  const auto learner = MakeJointPathwise(Small(), TwoStores(20), Random(1), 1);
  learner->Update();
  SavePolicy(*learner->policy(), folder / "policy");
  const auto loaded = LoadPolicy(folder / "policy");
  EXPECT_TRUE(IsLearned(*loaded));
  const TrainingWorld world = TwoStores(20);
  const auto cost = [&](const Policy& policy) { return SiteCosts(policy, world.network, world.select, 1).sum(); };
  EXPECT_EQ(cost(*loaded), cost(*learner->policy()));
}

// Weights of zero order the mean: the softplus of log(e - 1) is 1.
TEST(JointPolicyTest, OrdersBySoftplusInScalesOfDemand) {
  const TrainingWorld world = TwoStores(0);
  const JointModel model = MakeJointModel("pathwise", *world.network, *world.train, 0, {4}, Activation::kElu);
  ASSERT_EQ(model.lanes.size(), 3u);
  EXPECT_FLOAT_EQ(model.order_scale[0], 8);  // of the central site: both stores
  EXPECT_FLOAT_EQ(model.order_scale[1], 4);
  EXPECT_EQ(model.network.num_outputs(), 3);
}

TEST(JointPathwiseLearningTest, ComesWithinTwoPercentOfTheNewsvendorOptimum) {
  auto world = NewsvendorWorld();
  world.train = Poisson(*world.network, {{10, 0}}, 1, 100'000);
  PathwiseConfig config;
  config.num_updates = 5;
  config.num_periods = 20;
  CheckNewsvendor(*MakeJointPathwise(config, world, Random(1), 2), world);
}

}  // namespace
}  // namespace restock
