#include "experiments/stages.h"

#include <algorithm>
#include <cmath>
#include <variant>

#include <fmt/format.h>

#include "agents/base_stock_policy.h"
#include "agents/forecast_quantile_policy.h"
#include "agents/learner_suits.h"
#include "agents/simulate.h"
#include "common/progress.h"
#include "env/demand_source.h"
#include "experiments/promotions.h"
#include "experiments/saved_run.h"
#include "experiments/service.h"
#include "forecasting/automatic_choice.h"
#include "forecasting/drift.h"
#include "forecasting/explanation.h"
#include "forecasting/importance.h"
#include "forecasting/retraining.h"
#include "forecasting/scenarios.h"
#include "optimization/replenishment_lp.h"

namespace restock {
namespace {

// Mean demand per period, unknown periods left out.  (num_series)
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

nlohmann::ordered_json ScoresJson(const std::string& model, const ForecastScores& scores) {
  nlohmann::ordered_json json = {{"model", model},
                                 {"count", scores.count},
                                 {"wape", scores.wape},
                                 {"bias", scores.bias},
                                 {"mase", scores.mase},
                                 {"rmsse", scores.rmsse},
                                 {"weighted_quantile_loss", scores.weighted_quantile_loss}};
  for (size_t i = 0; i < scores.coverage.size(); ++i) {
    json["coverage"][fmt::format("{}", kForecastLevels[i])] = scores.coverage[i];
  }
  return json;
}

// What moved the forecasts of a few items, in the units of the data.
nlohmann::ordered_json ExplanationsJson(const ExperimentConfig& config, const Forecaster& forecaster,
                                        const DemandHistory& past, const Random& random) {
  auto items = nlohmann::ordered_json::array();
  const double unit = past.unit_size;
  for (const ForecastExplanation& explanation :
       ExplainForecasts(config.explain, forecaster, past, config.forecast_horizon, random)) {
    const Series& series = past.series[static_cast<size_t>(explanation.series)];
    nlohmann::ordered_json item = {{"warehouse", series.warehouse},
                                   {"sku", series.sku},
                                   {"forecast", unit * explanation.forecast},
                                   {"baseline", unit * explanation.baseline},
                                   {"fidelity", explanation.fidelity}};
    for (const InputContribution& input : explanation.inputs)
      item["inputs"].push_back({{"input", input.input},
                                {"contribution", unit * input.contribution},
                                {"standard_error", unit * input.standard_error}});
    items.push_back(std::move(item));
  }
  if (items.empty()) return nullptr;
  const char* method = config.explain.method == ExplanationMethod::kLime      ? "lime"
                       : config.explain.method == ExplanationMethod::kShapley ? "shapley"
                                                                              : "integrated_gradients";
  return {{"method", method}, {"num_periods", config.forecast_horizon}, {"items", items}};
}

// What walking forward over the past found; interval and gain relative to the loss of the first model.
nlohmann::ordered_json RetrainingJson(const ExperimentConfig& config, const DemandHistory& past, const Random& random) {
  const WalkForwardResult walk = WalkForward(config.retrain, config.forecaster, config.backtest.horizon, past, random);
  const auto date = [&](int num_periods) { return past.calendar.DateOf(num_periods - 1).ToString(); };
  const double scale = walk.gain.relative != 0 ? walk.gain.relative / walk.gain.mean : 0;
  nlohmann::ordered_json json = {
      {"relative", walk.gain.relative},           {"low", scale * walk.gain.low},
      {"high", scale * walk.gain.high},           {"confidence", config.retrain.confidence},
      {"tries", nlohmann::ordered_json::array()}, {"steps", nlohmann::ordered_json::array()}};
  for (const RetrainTry& one : walk.tries)
    json["tries"].push_back({{"date", date(one.period)},
                             {"reason", one.reason},
                             {"relative", one.comparison.relative},
                             {"chance", one.comparison.chance},
                             {"replaced", one.replaced}});
  for (const WalkStep& step : walk.steps)
    json["steps"].push_back({{"origin", date(step.origin)},
                             {"fitted_until", date(step.fitted_on)},
                             {"loss", step.loss},
                             {"loss_of_first", step.loss_of_first}});
  return json;
}

// Which model the automatic choice took for each class of demand, and the scores that told.
nlohmann::ordered_json ChoicesJson(const AutomaticChoice& automatic) {
  auto json = nlohmann::ordered_json::array();
  for (const ClassChoice& choice : automatic.choices()) {
    nlohmann::ordered_json row = {{"class", NameOf(choice.demand_class)},
                                  {"num_series", choice.num_series},
                                  {"num_judged", choice.num_judged},
                                  {"model", choice.model}};
    for (const auto& [model, score] : choice.scores) row["scores"].push_back({{"model", model}, {"rmsse", score}});
    json.push_back(std::move(row));
  }
  return json;
}

void CheckDevice(const ExperimentConfig& config, const std::string& key, const std::string& device) {
  if (device != "cuda" || HasCuda()) return;
  throw ConfigError(config.places.at(key) + ": " + key +
                    " is cuda, but there is no CUDA device here. Use auto or cpu.");
}

// That the sales are long enough to walk over.
void CheckWalk(const ExperimentConfig& config, const DemandHistory& past) {
  if (config.retrain.on == RetrainOn::kNever) return;
  try {
    FirstOriginOfWalk(config.retrain, past.num_periods());
  } catch (const DataError& error) {
    throw ConfigError(config.places.at("retrain") + ": " + error.what());
  }
}

// That the models can be made, and that the sales are long enough for the backtest.
void CheckForecasters(const ExperimentConfig& config, const DemandHistory& past) {
  CheckDevice(config, "device", config.device);
  for (const auto& [network, settings] : config.forecaster.neural) {
    const std::string key = "forecaster." + network + ".device";
    if (config.places.count(key) > 0) CheckDevice(config, key, settings.device);
  }
  MakeForecaster(config.forecaster, Random(config.seed));
  CheckWalk(config, past);
  if (config.backtest.num_origins == 0) return;
  try {
    BacktestOrigins(config.backtest, past.num_periods());
  } catch (const DataError& error) {
    throw ConfigError(config.places.at("backtest") + ": " + error.what());
  }
  for (const std::string& rival : config.backtest.rivals) {
    ForecasterConfig candidate = config.forecaster;
    candidate.model = rival;
    MakeForecaster(candidate, Random(config.seed));
  }
}

// Only the linear program chooses between several lanes; the other policies order on the first lane into a site.
void CheckLanes(const ExperimentConfig& config, const Network& network) {
  if (config.agents.empty() &&
      std::ranges::all_of(config.baselines.names, [](const auto& name) { return name.ends_with("lp"); }))
    return;
  for (int site = 0; site < network.num_sites(); ++site) {
    const auto& lanes = network.lanes_into[static_cast<size_t>(site)];
    const auto num_lanes = std::ranges::count_if(lanes, [&](int lane) {
      return network.takes_orders[static_cast<size_t>(lane)] && !network.is_transfer[static_cast<size_t>(lane)];
    });
    if (num_lanes < 2) continue;
    throw ConfigError(fmt::format(
        "{}: {} lanes lead into location {} for product {}, but only the baseline lp chooses between lanes. Keep one "
        "of them, or compare lp alone: baselines=lp agents=none.",
        config.places.at("network"), num_lanes,
        network.location_name[static_cast<size_t>(network.site_location[static_cast<size_t>(site)])],
        network.site_sku[static_cast<size_t>(site)]));
  }
}

// The mean of the past, with the promotions that are planned, in each period that service is asked of.
// (num_periods, num_sites)
Eigen::MatrixXd MeanAhead(const ExperimentConfig& config, const Network& network, const DemandHistory& past) {
  const int num_periods = config.service.num_periods > 0 ? config.service.num_periods : config.scenarios.num_periods;
  const std::vector<double> means = MeanDemand(past);
  Eigen::MatrixXd demand = Eigen::MatrixXd::Zero(num_periods, network.num_sites());
  for (int site = 0; site < network.num_sites(); ++site)
    if (const int series = network.site_series[static_cast<size_t>(site)]; series != kNoSeries)
      demand.col(site).setConstant(means[static_cast<size_t>(series)]);
  return demand.cwiseProduct(PromotionFactors(config.promotions, network, num_periods));
}

// What policies cannot do yet with networks that are not plain.
void CheckFeatures(const ExperimentConfig& config, const Network& network) {
  if (!network.channels.empty())
    throw ConfigError(config.places.at("network") +
                      ": policies do not know channels yet: leave out sells_from, and give the location lanes.");
  const std::string feature = ReplenishmentLp::FirstUnknown(network);
  if (!feature.empty() && config.baselines.LpHorizon() > 0)
    throw ConfigError(fmt::format("{}: a linear program cannot tell {}: leave the linear programs out of baselines.",
                                  config.places.at("network"), feature));
}

}  // namespace

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

DemandSplit CheckExperiment(const ExperimentConfig& config) {
  DemandSplit demand = LoadDemand(config);
  CheckForecasters(config, demand.past);
  if (config.baselines.names.empty() && config.agents.empty()) {
    throw ConfigError(config.places.at("baselines") +
                      ": there is nothing to compare: name a policy under baselines or agents, such as "
                      "baselines=base_stock.");
  }
  for (const AgentConfig& agent : config.agents) {
    const auto check = [&](const auto& settings) {
      if constexpr (requires { settings.device; })
        CheckDevice(config, "agents." + agent.name + ".device", settings.device);
    };
    std::visit(check, agent.settings);
  }
  const auto network = MakeNetwork(config, demand.past);
  CheckLanes(config, *network);
  CheckFeatures(config, *network);
  for (const AgentConfig& agent : config.agents)
    CheckLearner(agent, *network, /*has_steady_demand=*/false, /*horizon=*/0);
  CheckPromotedSites(config.promotions, *network);
  CheckPromotions(config.promotions, *network, config.scenarios.num_periods, "scenarios.num_periods");
  CheckService(config.service, *network, MeanAhead(config, *network, demand.past),
               PhaseOf(demand.past.calendar, demand.past.num_periods()));
  return demand;
}

void CheckForecasts(const ExperimentConfig& config) { CheckForecasters(config, LoadDemand(config).full); }

std::unique_ptr<Forecaster> FitForecaster(const ExperimentConfig& config, const DemandHistory& past,
                                          const Random& random, const std::filesystem::path& file) {
  auto forecaster = MakeForecaster(config.forecaster, random.Stream("forecaster"));
  const std::filesystem::path checkpoint = file.string() + ".checkpoint";  // where an interrupted fit goes on
  if (std::filesystem::exists(file)) {
    forecaster->Load(file);
  } else {
    forecaster->FitResumable(past, checkpoint);
    forecaster->Save(file);
  }
  std::filesystem::remove(checkpoint);
  return forecaster;
}

nlohmann::ordered_json WriteForecasts(const ExperimentConfig& config, const Forecaster& forecaster,
                                      const DemandSplit& demand, const Random& random, const RunDirectory& run) {
  const DemandHistory& past = demand.past;
  const Forecast forecast = forecaster.Predict(past, config.forecast_horizon);
  WriteForecastFile(forecast, past, run.forecast());
  nlohmann::ordered_json summary = {
      {"model", forecaster.name()}, {"held_out", nullptr}, {"backtest", nlohmann::ordered_json::array()}};
  if (demand.full.num_periods() >= past.num_periods() + forecast.num_periods) {
    ForecastScorer scorer;
    const Eigen::MatrixXf actual = UncensoredSales(demand.full, past.num_periods(), forecast.num_periods);
    scorer.Add(forecast, actual, past.demand, past.calendar.season());
    summary["held_out"] = ScoresJson(forecaster.name(), scorer.Scores());
  }
  if (const auto* automatic = dynamic_cast<const AutomaticChoice*>(&forecaster); automatic != nullptr)
    summary["choices"] = ChoicesJson(*automatic);
  if (auto explanations = ExplanationsJson(config, forecaster, past, random.Stream("explanations"));
      !explanations.is_null())
    summary["explanations"] = std::move(explanations);
  if (config.retrain.on != RetrainOn::kNever)
    summary["retraining"] = RetrainingJson(config, past, random.Stream("retraining"));
  if (config.backtest.num_origins == 0) return summary;

  const auto results = RunBacktest(config.backtest, config.forecaster, past, random.Stream("backtest"));
  WriteBacktestFile({results.front()}, past, run.backtest());
  for (const BacktestResult& result : results) summary["backtest"].push_back(ScoresJson(result.model, result.scores));
  for (const DriftCheck& check : FindDrift(past, results.front())) {
    summary["drift"].push_back({{"kind", check.kind},
                                {"name", check.name},
                                {"value", check.value},
                                {"limit", check.limit},
                                {"alarm", check.alarm}});
  }
  const Random shuffle = random.Stream("importance");
  for (const InputImportance& input : PermutationImportance(forecaster, past, config.backtest.horizon, shuffle))
    summary["importance"].push_back({{"input", input.input}, {"increase", input.increase}});
  return summary;
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
