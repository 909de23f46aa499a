#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "agents/learner.h"
#include "env/network_config.h"
#include "experiments/evaluation.h"
#include "experiments/experiment_config.h"
#include "experiments/run_directory.h"
#include "experiments/service.h"
#include "forecasting/demand_table.h"
#include "forecasting/forecaster.h"

namespace restock {

// The steps of a run, in their order. A step whose result lies in the run directory already reads it from there.

/// What generated sales are drawn from.
Random DataRandom(const ExperimentConfig& config);

/// The demand of the configuration, its last periods held out.
DemandSplit LoadDemand(const ExperimentConfig& config);

/// Mean demand per period of each series, unknown periods left out.  [unit] (num_series)
std::vector<double> MeanDemand(const DemandHistory& history);

/// Goes through everything that can be checked without running: the sales file, the network, the models, the devices,
/// and what they ask of each other. Returns the demand.
DemandSplit CheckExperiment(const ExperimentConfig& config);
/// The same for forecasts of all sales alone.
void CheckForecasts(const ExperimentConfig& config);

/// The forecaster, fitted on `past` and saved in `file`; where the file exists, the one that lies there.
std::unique_ptr<Forecaster> FitForecaster(const ExperimentConfig& config, const DemandHistory& past,
                                          const Random& random, const std::filesystem::path& file);

/// Writes forecast.csv from the end of `demand.past`, and backtest.csv where one is asked for. Returns what
/// summary.json says of it.
nlohmann::ordered_json WriteForecasts(const ExperimentConfig& config, const Forecaster& forecaster,
                                      const DemandSplit& demand, const Random& random, const RunDirectory& run);

/// The network with covers and storage after the mean demand of `past`.
std::shared_ptr<const Network> MakeNetwork(const ExperimentConfig& config, const DemandHistory& past);

/// Demand to learn and to choose by.
TrainingWorld MakeWorld(const ExperimentConfig& config, const Forecaster& forecaster, const DemandHistory& past,
                        std::shared_ptr<const Network> network, const Random& random);

/// The classical policies, tuned on the train scenarios.
std::vector<NamedPolicy> MakeBaselines(const ExperimentConfig& config, const TrainingWorld& world);

/// Index of the fast policy that costs least on the select scenarios.
size_t ChooseBest(const std::vector<NamedPolicy>& policies, const TrainingWorld& world, int num_threads);

/// Fresh scenarios to judge by.
EvaluationSet MakeTestSet(const ExperimentConfig& config, const Forecaster& forecaster, const DemandHistory& past,
                          const Network& network, const Random& random);

/// The demand that really came after `past`, from several origins. Demand on days with a stock-out was estimated when
/// the data were read, before anything was tuned, and is the same for all policies.
EvaluationSet MakeHeldOutSet(const ExperimentConfig& config, const Forecaster& forecaster, const DemandSplit& demand,
                             const Network& network);

/// What service costs on the first paths of a set; none where that was not asked for, or no program knows the network.
std::optional<ServiceResult> PriceServiceOf(const ExperimentConfig& config, const Network& network,
                                            const EvaluationSet& set);

/// What the planned promotions need, see promotions.h; null where there are none.
nlohmann::ordered_json PlanPromotionsOf(const ExperimentConfig& config, const Forecaster& forecaster,
                                        const DemandHistory& past, const Network& network);

/// Seconds that each stage took.
class Stopwatch {
 public:
  void Lap(const std::string& stage);
  const std::map<std::string, double>& seconds() const { return seconds_; }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::map<std::string, double> seconds_;
};

}  // namespace restock
