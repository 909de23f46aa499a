#include "agents/dqn.h"

#include "tests/agents/learner_checks.h"

namespace restock {
namespace {

DqnConfig SmallConfig() {
  DqnConfig config;
  config.num_updates = 10;
  config.num_envs = 128;
  config.steps_per_update = 4;
  config.minibatch_size = 64;
  config.buffer_rounds = 3;
  config.rows_per_round = 50;
  config.hidden_layers = {16, 16};
  return config;
}

TEST(DqnTest, ResumesExactlyWithAnyNumberOfThreads) {
  CheckExactResume([](int num_threads) { return MakeDqn(SmallConfig(), SmallWorld(), Random(1), num_threads); });
}

TEST(DqnTest, RefusesDamagedCheckpoints) {
  CheckDamagedCheckpoints(*MakeDqn(SmallConfig(), SmallWorld(), Random(1), 1));
}

TEST(DqnLearningTest, ClosesNineTenthsOfTheGapToTheNewsvendorOptimum) {
  DqnConfig config;
  config.num_envs = 256;
  config.tune_start = false;
  config.start_score = 0;
  const TrainingWorld world = NewsvendorWorld();
  CheckNewsvendor(*MakeDqn(config, world, Random(1), 2), world);
}

}  // namespace
}  // namespace restock
