#include "experiments/experiment_config.h"

#include <algorithm>

namespace restock {
namespace {

ScenariosConfig ReadScenarios(ConfigNode node) {
  ScenariosConfig config;
  node.Read("train", config.train, Between(1, 1e6));
  node.Read("select", config.select, Between(1, 1e6));
  node.Read("test", config.test, Between(2, 1e6));
  node.Read("num_periods", config.num_periods, Between(1, 10'000));
  node.ExpectNoMoreKeys();
  return config;
}

// A list of names, or a map from names to settings.
BaselinesConfig ReadBaselines(ConfigNode root) {
  BaselinesConfig config;
  if (!root.Has("baselines")) {
    root.Read("baselines", config.names);
    return config;
  }
  config.names.clear();
  for (auto& [name, settings] : root.Child("baselines").Entries()) {
    if (name != "base_stock" && name != "forecast_quantile" && name != "lp") {
      settings.Fail("is no baseline. There are base_stock, forecast_quantile and lp.");
    }
    if (name == "lp") settings.Read("horizon", config.lp.horizon, Between(2, 365));
    settings.ExpectNoMoreKeys();
    config.names.push_back(name);
  }
  return config;
}

TrainingConfig ReadTraining(ConfigNode node) {
  TrainingConfig config;
  node.Read("seeds", config.seeds, AtLeast(0));
  if (config.seeds.empty()) node.Fail("seeds", "must name at least one seed, such as [1, 2, 3].");
  for (size_t i = 1; i < config.seeds.size(); ++i) {
    if (std::count(config.seeds.begin(), config.seeds.end(), config.seeds[i]) > 1) {
      node.Fail("seeds", "names " + std::to_string(config.seeds[i]) + " twice: equal seeds give equal results.");
    }
  }
  node.Read("checkpoint_every", config.checkpoint_every, AtLeast(1));
  node.ExpectNoMoreKeys();
  return config;
}

EvaluationConfig ReadEvaluation(ConfigNode node) {
  EvaluationConfig config;
  node.Read("num_lp_scenarios", config.num_lp_scenarios, Between(0, 1e6));
  node.Read("held_out_origins", config.held_out_origins, Between(1, 1000));
  node.Read("held_out_periods", config.held_out_periods, Between(0, 10'000));
  node.Read("confidence", config.comparison.confidence, Inside(0, 1));
  node.Read("num_resamples", config.comparison.num_resamples, Between(100, 1e6));
  node.ExpectNoMoreKeys();
  return config;
}

// What one block asks of another.
void CheckTogether(ConfigNode& root, const ExperimentConfig& config) {
  const int holdout = config.data.holdout_periods;
  ConfigNode evaluation = root.Child("evaluation");
  if (config.evaluation.held_out_periods > holdout) {
    evaluation.Fail("held_out_periods",
                    "must be at most data.holdout_periods, which is " + std::to_string(holdout) + ".");
  }
  if (holdout > 0 && config.evaluation.held_out_origins > holdout) {
    evaluation.Fail("held_out_origins",
                    "must be at most data.holdout_periods, which is " + std::to_string(holdout) + ".");
  }
}

}  // namespace

bool BaselinesConfig::Has(const std::string& name) const {
  return std::find(names.begin(), names.end(), name) != names.end();
}

ExperimentConfig ReadExperimentConfig(const std::filesystem::path& file, const std::vector<std::string>& overrides) {
  return ReadExperimentConfig(LoadConfig(file, overrides), file.stem().string());
}

ExperimentConfig ReadExperimentConfig(ConfigNode root, std::string name) {
  ExperimentConfig config;
  config.name = std::move(name);
  root.Read("name", config.name);
  root.Read("seed", config.seed);
  root.Read("threads", config.threads, Between(0, 1024));
  root.ReadChoice<std::string>("device", config.device, {{"auto", "auto"}, {"cpu", "cpu"}, {"cuda", "cuda"}});

  // learn the demand
  if (!root.Has("data")) root.Fail("has no data: block. Name a sales file under data.path, or use data.generate.");
  config.data = ReadDataConfig(root.Child("data"));
  config.data_place = root.Child("data").Where();
  config.forecaster = ReadForecasterConfig(root.Child("forecaster"));
  ConfigNode forecast = root.Child("forecast");
  forecast.Read("horizon", config.forecast_horizon, Between(1, 10'000));
  forecast.ExpectNoMoreKeys();
  config.backtest = ReadBacktestConfig(root.Child("backtest"));
  config.scenarios = ReadScenarios(root.Child("scenarios"));

  // learn to order
  if (!root.Has("network")) root.Fail("has no network: block with its locations and lanes.");
  config.network = ReadNetworkConfig(root.Child("network"));
  config.network_place = root.Child("network").Where();
  config.baselines = ReadBaselines(root);
  for (auto& [algorithm, settings] : root.Child("agents").Entries()) {
    config.agents.push_back(ReadAgentConfig(algorithm, settings));
  }
  config.training = ReadTraining(root.Child("training"));

  // judge
  config.evaluation = ReadEvaluation(root.Child("evaluation"));
  CheckTogether(root, config);
  root.ExpectNoMoreKeys();
  config.resolved_yaml = root.ResolvedYaml();
  return config;
}

}  // namespace restock
