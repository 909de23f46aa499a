#include "experiments/experiment_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/experiments/tiny_experiment.h"

namespace restock {
namespace {

using testing::HasSubstr;

// The message of the ConfigError that reading ends with.
std::string Message(const std::vector<std::string>& overrides) {
  try {
    TinyExperiment(overrides);
  } catch (const ConfigError& error) {
    return error.what();
  }
  ADD_FAILURE() << "was accepted";
  return "";
}

TEST(ExperimentConfigTest, ReadsEveryBlock) {
  const ExperimentConfig config = TinyExperiment();
  EXPECT_EQ(config.name, "tiny");
  EXPECT_EQ(config.seed, 3u);
  EXPECT_EQ(config.data.holdout_periods, 14);
  EXPECT_EQ(config.forecaster.model, "exponential_smoothing");
  EXPECT_EQ(config.scenarios.test, 24);
  EXPECT_EQ(config.network.lanes.size(), 2u);
  EXPECT_TRUE(config.baselines.Has("lp"));
  EXPECT_TRUE(config.agents.empty());
  EXPECT_EQ(config.evaluation.num_lp_scenarios, 2);
}

TEST(ExperimentConfigTest, ResolvedConfigurationReadsBackToItself) {
  const ExperimentConfig config = TinyExperiment({"agents=ppo,dqn"});
  const ExperimentConfig again = ReadExperimentConfig(ParseConfig(config.resolved_yaml, "config.yaml"), "config");
  EXPECT_EQ(again.resolved_yaml, config.resolved_yaml);
  EXPECT_EQ(again.name, "tiny");
  EXPECT_THAT(config.resolved_yaml, HasSubstr("held_out_origins: 3"));  // a default that the file does not name
}

TEST(ExperimentConfigTest, AgentsArePickedOnTheCommandLine) {
  const ExperimentConfig both = TinyExperiment({"agents=ppo,dqn"});
  ASSERT_EQ(both.agents.size(), 2u);
  EXPECT_EQ(both.agents[0].name, "ppo");
  EXPECT_EQ(both.agents[1].name, "dqn");
  EXPECT_TRUE(TinyExperiment({"agents=none"}).agents.empty());
}

TEST(ExperimentConfigTest, BaselinesMayHaveSettings) {
  const ExperimentConfig config = TinyExperiment({"baselines={lp: {horizon: 21}}"});
  EXPECT_EQ(config.baselines.lp.horizon, 21);
  EXPECT_FALSE(config.baselines.Has("base_stock"));
  EXPECT_TRUE(TinyExperiment({"baselines=none"}).baselines.names.empty());
}

TEST(ExperimentConfigTest, SeedZeroIsASeed) { EXPECT_EQ(TinyExperiment({"seed=0"}).seed, 0u); }

TEST(ExperimentConfigTest, RefusesWhatItDoesNotKnow) {
  EXPECT_THAT(Message({"evaluation.held_out_origin=4"}), HasSubstr("held_out_origins"));
  EXPECT_THAT(Message({"baselines=[base_stok]"}), HasSubstr("base_stok"));
  EXPECT_THAT(Message({"agents=ppoo"}), HasSubstr("ppoo"));
  EXPECT_THAT(Message({"sead=4"}), HasSubstr("seed"));
}

TEST(ExperimentConfigTest, RefusesWhatDoesNotFitTogether) {
  EXPECT_THAT(Message({"evaluation.held_out_periods=15"}), HasSubstr("at most data.holdout_periods"));
  EXPECT_THAT(Message({"evaluation.held_out_origins=15"}), HasSubstr("at most data.holdout_periods"));
  EXPECT_THAT(Message({"training.seeds=[1, 2, 1]"}), HasSubstr("twice"));
  EXPECT_THAT(Message({"training.seeds=[]"}), HasSubstr("at least one"));
}

}  // namespace
}  // namespace restock
