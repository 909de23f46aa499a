#include "agents/ppo.h"

#include "tests/agents/learner_checks.h"

namespace restock {
namespace {

PpoConfig SmallConfig() {
  PpoConfig config;
  config.num_updates = 10;
  config.num_envs = 128;
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
  PpoConfig config = SmallConfig();
  config.learning_rate = 1e30;
  const auto learner = MakePpo(config, SmallWorld(), Random(1), 1);
  bool diverged = false;
  for (int update = 0; update < 3; ++update) diverged = learner->Update().diverged || diverged;
  EXPECT_TRUE(diverged);
  for (const float weight : learner->policy()->model().network.parameters()) ASSERT_TRUE(std::isfinite(weight));
}

TEST(PpoLearningTest, ClosesNineTenthsOfTheGapToTheNewsvendorOptimum) {
  for (const PpoHead head : {PpoHead::kOrdinal, PpoHead::kSoftmax}) {
    PpoConfig config;
    config.head = head;
    config.num_updates = 60;
    config.num_envs = 512;
    config.exploration_share = 0.5;
    config.minibatch_size = 1024;
    config.tune_start = false;
    config.start_score = 0;
    const TrainingWorld world = NewsvendorWorld();
    CheckNewsvendor(*MakePpo(config, world, Random(1), 2), world);
  }
}

}  // namespace
}  // namespace restock
