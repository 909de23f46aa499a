#include <algorithm>
#include <cmath>
#include <variant>

#include <fmt/format.h>

#include "agents/learner_suits.h"
#include "env/demand_source.h"
#include "experiments/promotions.h"
#include "experiments/service.h"
#include "experiments/stages.h"
#include "optimization/replenishment_lp.h"

namespace restock {
namespace {

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
  for (const AgentConfig& agent : config.agents) {
    if (std::holds_alternative<PathwiseConfig>(agent.settings))
      throw ConfigError(
          "agents.pathwise learns from the demand of problem files; of sales it does not read forecasts. "
          "Use agents=ppo or agents=dqn.");
    CheckLearner(agent, *network, /*has_steady_demand=*/false, /*horizon=*/0);
  }
  CheckPromotedSites(config.promotions, *network);
  CheckPromotions(config.promotions, *network, config.scenarios.num_periods, "scenarios.num_periods");
  CheckService(config.service, *network, MeanAhead(config, *network, demand.past),
               PhaseOf(demand.past.calendar, demand.past.num_periods()));
  return demand;
}

void CheckForecasts(const ExperimentConfig& config) { CheckForecasters(config, LoadDemand(config).full); }

}  // namespace restock
