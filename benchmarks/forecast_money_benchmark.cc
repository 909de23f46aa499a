// What a forecast is worth: the cost in the simulator of ordering by it, on demand that came after all fitting.
//   RESTOCK_DATA=FOLDER forecast_money_benchmark freshretail|online_retail [--models=count_regression,lstm,...]
//     [--days=28] [--fit-every=7] [--seeds=1] [--back=0] [--as-shipped] [key=value ...]
// Every model orders by the same rule: up to the quantile of the demand over lead time and review, at the critical
// ratio of the panel's own costs, with a forecast renewed every day and a model fitted anew every week. All meet the
// same demand (where shelves ran empty, its estimate) from the same stock. Savings against seasonal naive, whose
// quantiles are those of its past errors, come with an interval over products.
// --back=28: as if the last 28 days had not come yet, to choose settings by.

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "agents/forecast_quantile_policy.h"
#include "agents/simulate.h"
#include "benchmarks/gain_interval.h"
#include "common/distributions.h"
#include "common/progress.h"
#include "common/text.h"
#include "env/demand_source.h"
#include "env/network_config.h"
#include "experiments/stages.h"
#include "forecasting/scenarios.h"

namespace restock {
namespace {

struct Options {
  std::string panel = "freshretail";
  std::vector<std::string> models = {"count_regression", "exponential_smoothing"};
  std::vector<std::string> overrides;
  int days = 28, fit_every = 7, seeds = 1, back = 0;
  bool as_shipped = false;  // the network of the configuration, with its centre where there is one
};

/// A panel's costs, with every warehouse supplied from outside after the same lead time.
struct Panel {
  std::vector<std::string> overrides;
  double critical_ratio;  // (p - c) / (p - c + h r): a unit short, and one too many until the next review
};

Panel PanelOf(const std::string& name) {
  if (name == "freshretail") {
    // the warehouses of the configuration without the centre above them
    return {{"network.locations=[{name: '*', holding_cost: 0.05, stockout_cost: 1.6, unit_value: 1, initial_cover: 3}]",
             "network.lanes=[{from: supplier, to: '*', lead_time: 2, unit_cost: 1}]"},
            0.6 / (0.6 + 0.05)};
  }
  if (name == "online_retail") return {{"data.select.num_skus=0"}, 1.2 / (1.2 + 3.5 * 0.01)};
  throw ConfigError("the panels are freshretail and online_retail, but not " + name + ".");
}

/// The demand of the last days, with what the model says of it day by day.
ScenarioSet Followed(const std::string& model, uint64_t seed, const ForecasterConfig& config, const DemandHistory& full,
                     const Network& network, const Options& options) {
  ForecasterConfig forecasting = config;
  forecasting.model = model;
  ScenarioSet all;
  for (int day = 0; day < options.days; day += options.fit_every) {
    const int origin = full.num_periods() - options.days + day, days_left = options.days - day;
    const auto forecaster = MakeForecaster(forecasting, Random(seed).Stream(model).Child(static_cast<uint64_t>(day)));
    forecaster->Fit(full.Until(origin));
    const auto targets = ForecastTargets(network, PhaseOf(full.calendar, origin), days_left);
    ScenarioSet paths = FollowHeldOut(*forecaster, full, {origin}, days_left, /*path_horizon=*/0, targets).front();
    if (day == 0)
      all = std::move(paths);
    else
      std::copy(paths.forecast.begin(), paths.forecast.end(),
                all.forecast.end() - static_cast<std::ptrdiff_t>(paths.forecast.size()));
  }
  return all;
}

/// What a unit costs on its way from outside to a site.  [money/unit]
double PriceAt(const Network& network, int site) {
  double price = 0;
  while (site != kOutside) {
    const int lane = network.FirstLane(site);
    price += static_cast<double>(network.unit_cost[static_cast<size_t>(lane)]);
    site = network.lane_origin[static_cast<size_t>(lane)];
  }
  return price;
}

/// What nobody can save: the purchase of the demand of each site beyond its first stock.  [money/day] (num_sites)
Eigen::ArrayXd PurchaseOf(const DemandHistory& full, const Network& network, int days) {
  Eigen::ArrayXd purchase(network.num_sites());
  for (int site = 0; site < network.num_sites(); ++site) {
    double units = -static_cast<double>(network.initial_on_hand[static_cast<size_t>(site)]);
    if (const int series = network.site_series[static_cast<size_t>(site)]; series != kNoSeries) {
      const auto demand = full.demand.col(series).tail(days).array();
      units += static_cast<double>(demand.isNaN().select(0.f, demand).sum());
    }
    purchase[site] = units / days * PriceAt(network, site);
  }
  return purchase;
}

/// Sums over the sites of each product.  (num_products)
Eigen::ArrayXd ByProduct(const Network& network, const Eigen::ArrayXd& of_sites) {
  std::map<std::string, double> sums;
  for (int site = 0; site < network.num_sites(); ++site)
    sums[network.site_sku[static_cast<size_t>(site)]] += of_sites[site];
  Eigen::ArrayXd of_products(static_cast<Eigen::Index>(sums.size()));
  std::transform(sums.begin(), sums.end(), of_products.begin(), [](const auto& sum) { return sum.second; });
  return of_products;
}

void Run(const Options& options) {
  const Panel panel = PanelOf(options.panel);
  std::vector<std::string> overrides = {"agents=none"};
  for (const std::string& override : panel.overrides) {
    if (!options.as_shipped || !override.starts_with("network.")) overrides.push_back(override);
  }
  overrides.insert(overrides.end(), options.overrides.begin(), options.overrides.end());
  const ExperimentConfig config = ReadExperimentConfig("configs/" + options.panel + ".yaml", overrides);
  const DemandHistory all = LoadDemand(config).full;
  const DemandHistory full = all.Until(all.num_periods() - options.back);
  const auto network = MakeNetwork(config, full.Until(full.num_periods() - options.days));

  fmt::print("{}: {} sites, the last {} of {} days, up to the {:.1f} % quantile\n", options.panel, network->num_sites(),
             options.days, full.num_periods(), 100 * panel.critical_ratio);
  const double score = NormalQuantile(panel.critical_ratio);
  const ForecastQuantilePolicy rule(score, score);
  const auto costs = [&](const std::string& model, int seed) {
    auto paths = Followed(model, static_cast<uint64_t>(seed), config.forecaster, full, *network, options);
    return SiteCosts(rule, network, MakeScenarioSource(std::make_shared<ScenarioSet>(std::move(paths))), 1);
  };
  const Eigen::ArrayXd purchase = PurchaseOf(full, *network, options.days);
  const Eigen::ArrayXd naive = costs("seasonal_naive", 1);
  fmt::print("{:<24}{:>6}{:>14}{:>26}{:>22}{:>26}\n", "model", "seed", "cost a day", "saved, %", "above purchase",
             "saved of this, %");
  fmt::print("{:<24}{:>6}{:>14.1f}{:>26}{:>22.1f}\n", "seasonal_naive", 1, naive.sum(), "",
             naive.sum() - purchase.sum());
  for (const std::string& model : options.models) {
    for (int seed = 1; seed <= options.seeds; ++seed) {
      const Eigen::ArrayXd cost = costs(model, seed);
      const auto saved = [&](const Eigen::ArrayXd& own, const Eigen::ArrayXd& rival) {
        const auto [low, high] = GainInterval(ByProduct(*network, own), ByProduct(*network, rival));
        return fmt::format("{:.2f} [{:.2f}, {:.2f}]", 100 * (1 - own.sum() / rival.sum()), 100 * low, 100 * high);
      };
      fmt::print("{:<24}{:>6}{:>14.1f}{:>26}{:>22.1f}{:>26}\n", model, seed, cost.sum(), saved(cost, naive),
                 cost.sum() - purchase.sum(), saved(cost - purchase, naive - purchase));
    }
  }
}

Options ReadOptions(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const std::string value = argument.substr(argument.find('=') + 1);
    if (argument.starts_with("--models="))
      options.models = Split(value, ',');
    else if (argument.starts_with("--days="))
      options.days = std::stoi(value);
    else if (argument.starts_with("--fit-every="))
      options.fit_every = std::stoi(value);
    else if (argument.starts_with("--back="))
      options.back = std::stoi(value);
    else if (argument.starts_with("--seeds="))
      options.seeds = std::stoi(value);
    else if (argument == "--as-shipped")
      options.as_shipped = true;
    else if (argument.find('=') != std::string::npos)
      options.overrides.push_back(argument);
    else
      options.panel = argument;
  }
  return options;
}

}  // namespace
}  // namespace restock

int main(int argc, char** argv) {
  try {
    restock::Progress::SetQuiet(true);
    restock::Run(restock::ReadOptions(argc, argv));
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 2;
  }
}
