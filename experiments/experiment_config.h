#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "agents/agent_config.h"
#include "env/network_config.h"
#include "env/promotion.h"
#include "experiments/comparison.h"
#include "experiments/linear_programs.h"
#include "experiments/service_config.h"
#include "forecasting/backtest.h"
#include "forecasting/data_config.h"
#include "forecasting/explanation.h"
#include "forecasting/forecaster_config.h"
#include "forecasting/retraining.h"
#include "forecasting/search_space.h"

namespace restock {

/// How many paths of demand are drawn for what. They share nothing: learning, choosing and judging each have their own.
struct ScenariosConfig {
  int train = 256;       // to learn, and to tune classical rules
  int select = 64;       // to choose the best checkpoint and the policy that is exported
  int test = 256;        // to judge
  int num_periods = 28;  // of a path
};

/// The classical policies of a run.
struct BaselinesConfig {
  std::vector<std::string> names = {"base_stock", "forecast_quantile", "lp"};
  LinearProgramsConfig programs = {.horizon = {{"lp", 14}, {"stochastic_lp", 14}, {"multistage_lp", 14}},
                                   .num_scenarios = 20};

  bool Has(const std::string& name) const;
  /// Periods that its linear programs look ahead, 0: there are none.
  int LpHorizon() const;
};

struct TrainingConfig {
  std::vector<int> seeds = {1};
  int checkpoint_every = 5;  // updates; --resume goes on from the last checkpoint
};

struct EvaluationConfig {
  int num_lp_scenarios = 8;  // LP policies and the bound are computed on the first so many
  int held_out_origins = 3;  // days on which a held-out episode starts, at equal distances
  int held_out_periods = 0;  // of a held-out episode; 0: two thirds of the held-out periods
  ComparisonConfig comparison;
};

/// Everything that a run depends on.
struct ExperimentConfig {
  std::string name;  // of the run directory; otherwise that of the file, without its ending
  uint64_t seed = 1;
  int threads = 0;              // 0: one per core; results do not depend on it
  std::string device = "auto";  // auto (cuda where there is one), cpu or cuda: where networks learn that do not name
                                // a device of their own
  DataConfig data;
  ForecasterConfig forecaster;
  int forecast_horizon = 14;  // periods that forecast.csv looks ahead
  BacktestConfig backtest;
  ExplainConfig explain;
  RetrainConfig retrain;
  SearchConfig search;
  ScenariosConfig scenarios;
  NetworkConfig network;
  BaselinesConfig baselines;
  std::vector<AgentConfig> agents;
  TrainingConfig training;
  EvaluationConfig evaluation;
  ServiceConfig service;
  std::vector<PlannedPromotion> promotions;

  std::map<std::string, std::string> places;  // file:line:column of `data`, `agents.ppo.device`, ..., for messages
  std::string resolved_yaml;                  // all of it, defaults included
};

/// Reads `training:`.
TrainingConfig ReadTrainingConfig(ConfigNode node);

/// Reads a configuration file and `overrides` such as "agents.ppo.clip_range=0.1". Throws ConfigError on anything it
/// does not know.
ExperimentConfig ReadExperimentConfig(const std::filesystem::path& file,
                                      const std::vector<std::string>& overrides = {});
/// The same from a document that was parsed already.
ExperimentConfig ReadExperimentConfig(ConfigNode root, std::string name);

}  // namespace restock
