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

// A run is resumed with the configuration that it wrote itself.
TEST(ExperimentConfigTest, EveryShippedConfigurationResolvesToItself) {
  int num_files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(RESTOCK_CONFIGS)) {
    if (entry.path().extension() != ".yaml") continue;
    const ExperimentConfig config = ReadExperimentConfig(entry.path());
    const ExperimentConfig again = ReadExperimentConfig(ParseConfig(config.resolved_yaml, "config.yaml"), "config");
    EXPECT_EQ(again.resolved_yaml, config.resolved_yaml) << entry.path();
    EXPECT_EQ(again.baselines.names, config.baselines.names) << entry.path();
    ++num_files;
  }
  EXPECT_GE(num_files, 5);
}

// Views of three days ago are not known yet when a week ahead is forecast.
TEST(ExperimentConfigTest, WhatIsNotKnownAheadIsUsedAsOfLongEnoughAgo) {
  const std::string ahead = "data.covariates=[{column: views, lags: [3]}]";
  EXPECT_THAT(Message({ahead}), HasSubstr("views lagged by 3 would not be known yet"));
  EXPECT_THAT(Message({"data.covariates=[{column: views, lags: [-1]}]"}), HasSubstr("names a later period"));
  const ExperimentConfig config = TinyExperiment({"data.covariates=[{column: views, lags: [0, 60]}]"});
  EXPECT_EQ(config.data.covariates.at(0).lags, (std::vector<int>{0, 60}));
}

TEST(ExperimentConfigTest, ForecastersSeeDemandAsTheDataBlockSays) {
  const ExperimentConfig config = TinyExperiment({"data.missing.method=neighbours", "data.outliers.method=hampel"});
  EXPECT_EQ(config.forecaster.cleaning.imputation, Imputation::kNeighbours);
  EXPECT_TRUE(config.forecaster.cleaning.replace_outliers);
  EXPECT_FALSE(TinyExperiment().forecaster.cleaning.ChangesAnything());
  EXPECT_THAT(Message({"data.outliers.window=6"}), HasSubstr("must be odd"));
}

TEST(ExperimentConfigTest, NetworksLearnOnTheDeviceOfTheExperimentUnlessTheyNameTheirOwn) {
  const ExperimentConfig config = TinyExperiment({"device=cuda", "agents={ppo: {}, dqn: {device: cpu}}"});
  EXPECT_EQ(config.forecaster.neural.at("lstm").device, "cuda");
  EXPECT_EQ(std::get<PpoConfig>(config.agents[0].settings).device, "cuda");
  EXPECT_EQ(std::get<DqnConfig>(config.agents[1].settings).device, "cpu");
}

TEST(ExperimentConfigTest, ANameIsThatOfAFolder) {
  EXPECT_EQ(TinyExperiment({"name=spring_2026"}).name, "spring_2026");
  EXPECT_EQ(ReadExperimentConfig(ParseConfig(kTinyExperiment, ".hidden.yaml"), ".hidden").name, "hidden");
  for (const std::string name : {"../../x", "/tmp/x", "a/b", "..", ".x", "\"\""}) {
    EXPECT_THAT(Message({"name=" + name}), HasSubstr("must be the name of a folder")) << name;
  }
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
  EXPECT_EQ(config.baselines.programs.horizon.at("lp"), 21);
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
  EXPECT_THAT(Message({"evaluation.num_lp_scenarios=0"}), HasSubstr("must be at least 1 to judge the baseline lp"));
  EXPECT_NO_THROW(TinyExperiment({"evaluation.num_lp_scenarios=0", "baselines=base_stock"}));
}

}  // namespace
}  // namespace restock
