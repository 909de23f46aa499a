#include "experiments/search_forecasters.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/file.h"
#include "experiments/experiment_config.h"
#include "experiments/sales_fingerprint.h"
#include "experiments/stages.h"

namespace restock {
namespace {

constexpr size_t kMostRows = 10;    // of the table
constexpr int kFewestPeriods = 28;  // before the first origin

ExperimentConfig ConfigWith(const std::filesystem::path& file, std::vector<std::string> overrides,
                            const Settings& settings) {
  for (const auto& [key, value] : settings) overrides.push_back("forecaster." + key + "=" + value);
  return ReadExperimentConfig(file, overrides);
}

// What the search may see: nothing that the backtest or the held-out periods will judge by.
DemandHistory SearchedHistory(const ExperimentConfig& config, DemandHistory past) {
  const int kept = config.backtest.num_origins * config.backtest.horizon;
  const int num_periods = past.num_periods() - kept,
            needed = kFewestPeriods + config.search.num_origins * config.backtest.horizon;
  if (num_periods < needed)
    throw ConfigError(fmt::format(
        "{}: search.num_origins is {} and the horizon {}, which needs {} periods of sales before data.holdout_periods "
        "and "
        "the backtest's origins, but there are {}.",
        config.places.at("backtest"), config.search.num_origins, config.backtest.horizon, needed, num_periods));
  return past.Until(num_periods);
}

// Loss of a forecaster fitted on what was known `back` horizons before the last one.
double LossAt(const ForecasterConfig& config, int horizon, int back, const DemandHistory& history,
              const Random& random) {
  ForecasterConfig model = config;
  model.horizon = std::max(model.horizon, horizon);
  const int origin = history.num_periods() - (back + 1) * horizon;
  const DemandHistory past = history.Until(origin);
  const auto forecaster = MakeForecaster(model, random.Child(static_cast<uint64_t>(origin)));
  forecaster->Fit(past);
  ForecastScorer scorer;
  scorer.Add(forecaster->Predict(past, horizon), UncensoredSales(history, origin, horizon), past.demand,
             history.calendar.season());
  return scorer.Scores().weighted_quantile_loss;
}

}  // namespace

std::vector<SearchTrial> SearchForecasters(const std::filesystem::path& config_file,
                                           const std::vector<std::string>& overrides,
                                           const std::filesystem::path& folder) {
  const ExperimentConfig config = ReadExperimentConfig(config_file, overrides);
  if (config.search.space.empty())
    throw ConfigError(config_file.string() +
                      ": there is nothing to search. Name settings of the forecaster under search.space, such as "
                      "search: {space: {model: [ets, theta, lstm], lstm.hidden_size: [20, 40]}}");
  const Random random = Random(config.seed).Stream("search");

  // what cannot be read shows before anything is fitted
  for (const Settings& settings : SettingsToTry(config.search, random))
    MakeForecaster(ConfigWith(config_file, overrides, settings).forecaster, random);
  const DemandHistory history = SearchedHistory(config, LoadDemand(config).past);

  std::filesystem::create_directories(folder);
  SearchJournal journal(folder / "search.jsonl", fmt::format("settings {:08x}, sales {}", Crc32c(config.resolved_yaml),
                                                             FingerprintOf(history).ToString()));
  const auto loss = [&](const Settings& settings, int back) {
    return LossAt(ConfigWith(config_file, overrides, settings).forecaster, config.backtest.horizon, back, history,
                  random);
  };
  std::vector<SearchTrial> trials = SearchSettings(config.search, random, loss, journal);
  WriteFileAtomically(folder / "best.yaml", ConfigWith(config_file, overrides, trials.front().settings).resolved_yaml);
  return trials;
}

std::string SearchTable(const std::vector<SearchTrial>& trials) {
  std::string table = fmt::format("{:>4}  {:>7}  {:>10}  {}\n", "rank", "origins", "loss", "settings");
  for (size_t i = 0; i < std::min(trials.size(), kMostRows); ++i)
    table += fmt::format("{:>4}  {:>7}  {:>10.4f}  {}\n", i + 1, trials[i].losses.size(), trials[i].mean_loss(),
                         Describe(trials[i].settings));
  if (trials.size() > kMostRows) table += fmt::format("      and {} others\n", trials.size() - kMostRows);
  return table;
}

}  // namespace restock
