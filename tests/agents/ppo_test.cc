#include "agents/ppo.h"

#include "tests/agents/learner_checks.h"

namespace restock {
namespace {

PpoConfig SmallConfig() {
  PpoConfig config;
  config.num_updates = 10;
  config.num_envs = 128;
  config.min_rows = 1;
  config.num_epochs = 2;
  config.minibatch_size = 256;
  config.hidden_layers = {16, 16};
  return config;
}

TEST(PpoTest, ResumesExactlyWithAnyNumberOfThreads) {
  CheckExactResume([](int num_threads) { return MakePpo(SmallConfig(), SmallWorld(), Random(1), num_threads); });
}

TEST(PpoTest, ResumesExactlyInTheMiddleOfEpisodesAndWithASoftmax) {
  PpoConfig config = SmallConfig();
  config.rollout_length = 7;
  config.head = PpoHead::kSoftmax;
  CheckExactResume([&](int num_threads) { return MakePpo(config, SmallWorld(), Random(1), num_threads); });
}

TEST(PpoTest, RefusesDamagedCheckpoints) {
  CheckDamagedCheckpoints(*MakePpo(SmallConfig(), SmallWorld(), Random(1), 1));
}

TEST(PpoTest, SeedsDiffer) {
  const auto one = MakePpo(SmallConfig(), SmallWorld(), Random(1), 1);
  const auto two = MakePpo(SmallConfig(), SmallWorld(), Random(2), 1);
  EXPECT_NE(Bits(one->Update()), Bits(two->Update()));
}

TEST(PpoTest, GoesBackToTheLastGoodWeightsWhenItDiverges) {
  for (const double learning_rate : {1e10, 1e30}) {
    PpoConfig config = SmallConfig();
    config.learning_rate = learning_rate;
    CheckDivergence(*MakePpo(config, SmallWorld(), Random(1), 1));
  }
}

TEST(PpoLearningTest, ComesWithinTwoPercentOfTheNewsvendorOptimum) {
  for (const PpoHead head : {PpoHead::kOrdinal, PpoHead::kSoftmax}) {
    PpoConfig config;
    config.head = head;
    config.num_updates = 100;
    config.learning_rate = 5e-3;
    config.num_envs = 1024;
    config.exploration_share = 0.5;
    config.minibatch_size = 2048;
    if (head == PpoHead::kSoftmax) {
      // actions do not learn from their neighbours: all have to be tried for long
      config.first_sigma = 2;
      config.entropy_coefficient = 0.05;
    }
    config.tune_start = false;
    config.start_score = 0;
    const TrainingWorld world = NewsvendorWorld();
    CheckNewsvendor(*MakePpo(config, world, Random(1), 2), world);
  }
}

}  // namespace
}  // namespace restock
