#include "experiments/experiment_config.h"

#include <algorithm>
#include <variant>

#include <fmt/format.h>

#include "common/text.h"

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
  if (!root.Has("baselines")) root.Read("baselines", config.names);
  config.names.clear();
  for (auto& [name, settings] : root.Child("baselines").Entries()) {
    if (name != "base_stock" && name != "forecast_quantile" && !IsLinearProgram(name))
      settings.Fail("is no baseline. There are base_stock, forecast_quantile, lp, stochastic_lp and multistage_lp.");
    if (IsLinearProgram(name)) ReadLinearProgram(name, settings, Between(2, 365), config.programs);
    settings.ExpectNoMoreKeys();
    config.names.push_back(name);
  }
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

// What is not known ahead is only used as of periods that are over whenever a forecast is made.
void CheckLags(ConfigNode& root, const ExperimentConfig& config) {
  const int ahead = std::max(
      {config.forecaster.horizon, config.forecast_horizon, config.backtest.horizon, config.baselines.LpHorizon()});
  for (const CovariateColumn& covariate : config.data.covariates) {
    for (const int lag : covariate.lags) {
      if (covariate.known_ahead || lag == 0 || lag >= ahead) continue;
      root.Child("data").Fail("covariates", fmt::format("{} lagged by {} would not be known yet in forecasts of {} "
                                                        "periods ahead. Use lags of at least {}, or 0: the past alone.",
                                                        covariate.column, lag, ahead, ahead));
    }
  }
}

// What one block asks of another.
void CheckTogether(ConfigNode& root, const ExperimentConfig& config) {
  const int holdout = config.data.holdout_periods;
  CheckLags(root, config);
  ConfigNode evaluation = root.Child("evaluation");
  if (config.evaluation.held_out_periods > holdout) {
    evaluation.Fail("held_out_periods",
                    "must be at most data.holdout_periods, which is " + std::to_string(holdout) + ".");
  }
  if (holdout > 0 && config.evaluation.held_out_origins > holdout) {
    evaluation.Fail("held_out_origins",
                    "must be at most data.holdout_periods, which is " + std::to_string(holdout) + ".");
  }
  if (config.evaluation.num_lp_scenarios == 0 && config.baselines.LpHorizon() > 0) {
    evaluation.Fail("num_lp_scenarios",
                    "must be at least 1 to judge the baseline lp. Leave lp out of baselines to do without.");
  }
}

// A run directory is called after it.
void ReadName(ConfigNode& root, std::string& name) {
  name.erase(0, name.find_first_not_of('.'));
  root.Read("name", name);
  if (name.empty() || name[0] == '.' || name.find('/') != std::string::npos) {
    root.Fail("name", "must be the name of a folder, without / and without a dot in front, but is " + Quote(name));
  }
}

// A network learns on the device of the whole experiment where it does not name its own.
void FollowDevice(const ExperimentConfig& config, std::string& device) {
  if (device == "auto") device = config.device;
}

}  // namespace

bool BaselinesConfig::Has(const std::string& name) const {
  return std::find(names.begin(), names.end(), name) != names.end();
}

int BaselinesConfig::LpHorizon() const {
  int longest = 0;
  for (const auto& [name, horizon] : programs.horizon)
    if (Has(name)) longest = std::max(longest, horizon);
  return longest;
}

TrainingConfig ReadTrainingConfig(ConfigNode node) {
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

ExperimentConfig ReadExperimentConfig(const std::filesystem::path& file, const std::vector<std::string>& overrides) {
  return ReadExperimentConfig(LoadConfig(file, overrides), file.stem().string());
}

ExperimentConfig ReadExperimentConfig(ConfigNode root, std::string name) {
  ExperimentConfig config;
  config.name = std::move(name);
  ReadName(root, config.name);
  root.Read("seed", config.seed);
  root.Read("threads", config.threads, Between(0, 1024));
  root.ReadChoice<std::string>("device", config.device, {{"auto", "auto"}, {"cpu", "cpu"}, {"cuda", "cuda"}});
  const auto keep_place = [&](ConfigNode& node, const char* key) {
    const ConfigNode child = node.Child(key);
    config.places[child.path()] = child.Where();
  };
  keep_place(root, "device");

  // learn the demand
  if (!root.Has("data"))
    root.Fail(
        "has neither data: nor demand:. Name a sales file under data.path or use data.generate; or, for a problem of "
        "its own "
        "(configs/problems/), tell the demand: {location: store, kind: poisson, mean: 5}.");
  config.data = ReadDataConfig(root.Child("data"));
  keep_place(root, "data");
  ConfigNode forecaster = root.Child("forecaster");
  config.forecaster = ReadForecasterConfig(forecaster);
  config.forecaster.cleaning = config.data.cleaning;
  for (auto& [network, settings] : config.forecaster.neural) {
    FollowDevice(config, settings.device);
    if (network != config.forecaster.model && !forecaster.Has(network)) continue;
    ConfigNode node = forecaster.Child(network);
    keep_place(node, "device");
  }
  ConfigNode forecast = root.Child("forecast");
  forecast.Read("horizon", config.forecast_horizon, Between(1, 10'000));
  forecast.ExpectNoMoreKeys();
  config.backtest = ReadBacktestConfig(root.Child("backtest"));
  keep_place(root, "backtest");
  config.explain = ReadExplainConfig(root.Child("explain"));
  config.retrain = ReadRetrainConfig(root.Child("retrain"));
  keep_place(root, "retrain");
  config.search = ReadSearchConfig(root.Child("search"));
  config.scenarios = ReadScenarios(root.Child("scenarios"));

  // learn to order
  if (!root.Has("network")) root.Fail("has no network: block with its locations and lanes.");
  config.network = ReadNetworkConfig(root.Child("network"));
  keep_place(root, "network");
  config.baselines = ReadBaselines(root);
  keep_place(root, "baselines");
  for (auto& [algorithm, node] : root.Child("agents").Entries()) {
    config.agents.push_back(ReadAgentConfig(algorithm, node));
    const auto follow = [&](auto& settings) {
      if constexpr (requires { settings.device; }) FollowDevice(config, settings.device);
    };
    std::visit(follow, config.agents.back().settings);
    keep_place(node, "device");
  }
  config.training = ReadTrainingConfig(root.Child("training"));

  // judge
  config.evaluation = ReadEvaluation(root.Child("evaluation"));
  CheckTogether(root, config);
  config.service = ReadService(root.Child("service"), {});
  config.promotions = ReadPromotions(root);
  root.ExpectNoMoreKeys();
  config.resolved_yaml = root.ResolvedYaml();
  return config;
}

}  // namespace restock
