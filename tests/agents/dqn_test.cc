#include "agents/dqn.h"

#include "tests/agents/learner_checks.h"

namespace restock {
namespace {

DqnConfig SmallConfig() {
  DqnConfig config;
  config.num_updates = 10;
  config.num_envs = 128;
  config.min_rows = 1;
  config.steps_per_update = 4;
  config.minibatch_size = 64;
  config.buffer_size = 1500;
  config.hidden_layers = {16, 16};
  return config;
}

TEST(DqnTest, ResumesExactlyWithAnyNumberOfThreads) {
  CheckExactResume([](int num_threads) { return MakeDqn(SmallConfig(), SmallWorld(), Random(1), num_threads); });
}

TEST(DqnTest, RefusesDamagedCheckpoints) {
  CheckDamagedCheckpoints(*MakeDqn(SmallConfig(), SmallWorld(), Random(1), 1));
}

TEST(DqnTest, SeedsDiffer) {
  const auto one = MakeDqn(SmallConfig(), SmallWorld(), Random(1), 1);
  const auto two = MakeDqn(SmallConfig(), SmallWorld(), Random(2), 1);
  EXPECT_NE(Bits(one->Update()), Bits(two->Update()));
}

TEST(DqnTest, GoesBackToTheLastGoodWeightsWhenItDiverges) {
  for (const double learning_rate : {1e10, 1e30}) {
    DqnConfig config = SmallConfig();
    config.learning_rate = learning_rate;
    CheckDivergence(*MakeDqn(config, SmallWorld(), Random(1), 1));
  }
}

TEST(DqnLearningTest, ComesWithinTwoPercentOfTheNewsvendorOptimum) {
  DqnConfig config;
  config.num_updates = 30;
  config.minibatch_size = 2048;
  config.num_envs = 1024;
  config.grid.reach = 8;
  config.smoothness = 3;
  config.tune_start = false;
  config.start_score = 0;
  const TrainingWorld world = NewsvendorWorld();
  CheckNewsvendor(*MakeDqn(config, world, Random(1), 2), world);
}

}  // namespace
}  // namespace restock
