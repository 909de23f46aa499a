#include "experiments/stages.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "agents/base_stock_policy.h"
#include "agents/forecast_quantile_policy.h"
#include "agents/simulate.h"
#include "common/progress.h"
#include "env/demand_source.h"
#include "experiments/promotions.h"
#include "experiments/saved_run.h"
#include "experiments/service.h"
#include "forecasting/scenarios.h"
#include "optimization/replenishment_lp.h"

namespace restock {
namespace {

// Paths from the end of `past`, with the promotions that are planned.
std::shared_ptr<const ScenarioSet> Sample(const ExperimentConfig& config, const Forecaster& forecaster,
                                          const DemandHistory& past, const Network& network,
                                          const ScenarioRequest& request, const Random& random) {
  const int first_phase = PhaseOf(past.calendar, past.num_periods());
  const auto targets = ForecastTargets(network, first_phase, request.num_periods);
  auto paths = std::make_shared<ScenarioSet>(SampleScenarios(forecaster, past, request, targets, random));
  if (!config.promotions.empty()) PromoteScenarios(network, config.promotions, random.Stream("promotions"), *paths);
  return paths;
}

// 1 where the demand of a path was seen in full.  (num_periods, num_series)
Eigen::ArrayXXf Uncensored(const DemandHistory& history, int origin, int num_periods) {
  Eigen::ArrayXXf uncensored(num_periods, history.num_series());
  for (int period = 0; period < num_periods; ++period) {
    for (int column = 0; column < history.num_series(); ++column) {
      uncensored(period, column) = history.IsUncensored(origin + period, column) ? 1.f : 0.f;
    }
  }
  return uncensored;
}

}  // namespace

std::vector<double> MeanDemand(const DemandHistory& history) {
  std::vector<double> means;
  for (int column = 0; column < history.num_series(); ++column) {
    double sum = 0;
    int num_known = 0;
    for (const float demand : history.demand.col(column)) {
      if (std::isnan(demand)) continue;
      sum += demand;
      ++num_known;
    }
    means.push_back(num_known > 0 ? sum / num_known : 0);
  }
  return means;
}

Random DataRandom(const ExperimentConfig& config) { return Random(config.seed).Stream("data"); }

DemandSplit LoadDemand(const ExperimentConfig& config) {
  DataReport report;
  DemandHistory history = ReadDemand(config.data, DataRandom(config), &report);
  try {
    DemandSplit demand = SplitHoldout(std::move(history), config.data.holdout_periods);
    DemandHistory cleaned = demand.past;  // as forecasters will clean it
    report.Add(CleanDemand(config.data.cleaning, cleaned));
    demand.report = std::move(report);
    return demand;
  } catch (const DataError& error) {
    throw ConfigError(config.places.at("data") + ": " + error.what());
  }
}

std::shared_ptr<const Network> MakeNetwork(const ExperimentConfig& config, const DemandHistory& past) {
  try {
    Network network = BuildNetwork(config.network, past.series, MeanDemand(past), past.calendar.period_length);
    CheckLeadTimesFit(config.network, network, config.scenarios.num_periods);
    return std::make_shared<const Network>(std::move(network));
  } catch (const ConfigError& error) {
    // what is wrong with the network as a whole has no line of its own
    const std::string message = error.what();
    throw ConfigError(message.starts_with("network:") ? config.places.at("network") + ": " + message : message);
  }
}

TrainingWorld MakeWorld(const ExperimentConfig& config, const Forecaster& forecaster, const DemandHistory& past,
                        std::shared_ptr<const Network> network, const Random& random) {
  Progress progress("sampling scenarios", 2);
  const ScenariosConfig& sizes = config.scenarios;
  TrainingWorld world{.network = std::move(network), .train = nullptr, .select = nullptr};
  const ScenarioRequest train = {.num_scenarios = sizes.train, .num_periods = sizes.num_periods};
  world.train = MakeScenarioSource(Sample(config, forecaster, past, *world.network, train, random.Stream("train")));
  progress.Advance(1);
  const ScenarioRequest select = {.num_scenarios = sizes.select, .num_periods = sizes.num_periods};
  world.select = MakeScenarioSource(Sample(config, forecaster, past, *world.network, select, random.Stream("select")));
  progress.Advance(2);
  return world;
}

std::vector<NamedPolicy> MakeBaselines(const ExperimentConfig& config, const TrainingWorld& world) {
  const BaselinesConfig& baselines = config.baselines;
  std::vector<NamedPolicy> policies;
  if (baselines.names.empty()) return policies;

  // the service levels of the forecast-quantile rule are a good start for the others
  Progress progress("tuning rules", 2);
  const auto quantile = std::make_shared<ForecastQuantilePolicy>(TuneForecastQuantile(world, config.threads));
  progress.Advance(1);
  if (baselines.Has("base_stock")) {
    const Eigen::ArrayXf start = MeanLevels(*quantile, *world.network, *world.train->scenario_set());
    const auto base_stock = std::make_shared<BaseStockPolicy>(TuneBaseStock(world, start, config.threads));
    policies.push_back({.name = "base_stock", .is_rule = true, .policy = base_stock});
  }
  if (baselines.Has("forecast_quantile")) {
    policies.push_back({.name = "forecast_quantile", .is_rule = true, .policy = quantile});
  }
  if (baselines.Has("lp")) {
    const LpPolicyConfig lp = {.horizon = baselines.programs.horizon.at("lp"),
                               .service_level = quantile->store_service_level(),
                               .central_service_level = quantile->central_service_level()};
    policies.push_back({.name = "lp", .lp = lp, .policy = MakeLpPolicy(world.network, lp)});
  }
  for (const std::string name : {"stochastic_lp", "multistage_lp"}) {
    if (!baselines.Has(name)) continue;
    const StochasticLpConfig program =
        StochasticProgramOf(baselines.programs, name, baselines.programs.horizon.at(name));
    policies.push_back(
        {.name = name, .stochastic_lp = program, .policy = MakeStochasticLpPolicy(world.network, program)});
  }
  progress.Advance(2);
  return policies;
}

size_t ChooseBest(const std::vector<NamedPolicy>& policies, const TrainingWorld& world, int num_threads) {
  size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (size_t i = 0; i < policies.size(); ++i) {
    if (policies[i].policy->is_slow()) continue;
    const double cost = SiteCosts(*policies[i].policy, world.network, world.select, num_threads).sum();
    if (cost < least) {
      least = cost;
      best = i;
    }
  }
  return best;
}

EvaluationSet MakeTestSet(const ExperimentConfig& config, const Forecaster& forecaster, const DemandHistory& past,
                          const Network& network, const Random& random) {
  const int num_paths = std::min(config.evaluation.num_lp_scenarios, config.scenarios.test);
  const ScenarioRequest request = {.num_scenarios = config.scenarios.test,
                                   .num_periods = config.scenarios.num_periods,
                                   .path_horizon = config.baselines.LpHorizon(),
                                   .num_path_scenarios = num_paths};
  return {.name = "scenarios",
          .description = std::string("Demand drawn from the forecast, never seen in training or tuning") +
                         (config.promotions.empty() ? "." : ", with the planned promotions."),
          .parts = {Sample(config, forecaster, past, network, request, random.Stream("test"))},
          .num_lp_scenarios = num_paths};
}

EvaluationSet MakeHeldOutSet(const ExperimentConfig& config, const Forecaster& forecaster, const DemandSplit& demand,
                             const Network& network) {
  const int holdout = demand.full.num_periods() - demand.past.num_periods();
  const int num_origins = config.evaluation.held_out_origins;
  int num_periods = config.evaluation.held_out_periods;
  if (num_periods == 0) num_periods = num_origins == 1 ? holdout : (2 * holdout + 2) / 3;

  const std::string windows =
      num_origins == 1 ? fmt::format("one window of {} periods", num_periods)
                       : fmt::format("{} windows of {} periods within the same {}", num_origins, num_periods, holdout);
  EvaluationSet set{
      .name = "held_out",
      .description =
          "The demand that really came after the data that anything was fitted on: " + windows +
          ". This is one stretch of time: intervals tell how far other products and warehouses may differ, not "
          "other times. Every path begins with stock that is paid already, so that costs of short paths do "
          "not compare with those of longer ones." +
          (config.promotions.empty() ? "" : " The planned promotions are none of it."),
      .parts = {},
      .num_lp_scenarios = std::min(config.evaluation.num_lp_scenarios, num_origins),
      .is_one_stretch = true};
  const int horizon = config.baselines.LpHorizon();
  for (int i = 0; i < num_origins; ++i) {
    const int step = num_origins == 1 ? 0 : i * (holdout - num_periods) / (num_origins - 1);
    const int origin = demand.past.num_periods() + step;
    const auto targets = ForecastTargets(network, PhaseOf(demand.full.calendar, origin), num_periods);
    auto paths = FollowHeldOut(forecaster, demand.full, {origin}, num_periods, horizon, targets);
    set.parts.push_back(std::make_shared<ScenarioSet>(std::move(paths.front())));
    set.uncensored.push_back(Uncensored(demand.full, origin, num_periods));
  }
  return set;
}

nlohmann::ordered_json PlanPromotionsOf(const ExperimentConfig& config, const Forecaster& forecaster,
                                        const DemandHistory& past, const Network& network) {
  if (config.promotions.empty()) return {};
  const int num_periods = config.scenarios.num_periods;
  const Forecast forecast = forecaster.Predict(past, num_periods);
  Eigen::MatrixXd expected = Eigen::MatrixXd::Zero(num_periods, network.num_sites());
  for (int site = 0; site < network.num_sites(); ++site)
    if (const int series = network.site_series[static_cast<size_t>(site)]; series != kNoSeries)
      expected.col(site) = forecast.mean.col(series).cast<double>().cwiseMax(0);
  return PlanPromotions(config.promotions, network, expected, PhaseOf(past.calendar, past.num_periods()));
}

std::optional<ServiceResult> PriceServiceOf(const ExperimentConfig& config, const Network& network,
                                            const EvaluationSet& set) {
  if (config.service.frontier.empty() || !ReplenishmentLp::FirstUnknown(network).empty()) return {};
  const auto demand = MakeScenarioSource(set.parts.front());
  const int wanted = config.service.num_periods > 0 ? config.service.num_periods : demand->num_periods();
  return PriceService(config.service, network, *demand, std::min(wanted, demand->num_periods()));
}

void Stopwatch::Lap(const std::string& stage) {
  const auto now = std::chrono::steady_clock::now();
  seconds_[stage] += std::chrono::duration<double>(now - start_).count();
  start_ = now;
}

}  // namespace restock
