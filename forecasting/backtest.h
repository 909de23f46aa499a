#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/config_node.h"
#include "common/random.h"
#include "forecasting/forecast_metrics.h"
#include "forecasting/forecaster_config.h"

namespace restock {

/// The `backtest:` block of a configuration.
struct BacktestConfig {
  int num_origins = 0;  // past periods from which is forecast, whole horizons apart; the last one horizon before the
                        // end; 0: no backtest
  int horizon = 7;      // periods ahead
  std::vector<std::string> rivals = {"seasonal_naive", "exponential_smoothing"};  // models beside the configured one
};

BacktestConfig ReadBacktestConfig(ConfigNode backtest);

/// Periods before each forecast, the earliest first. Throws DataError when there are too few for all origins.
std::vector<int> BacktestOrigins(const BacktestConfig& config, int num_periods);

/// What one model would have forecast in the past, fitted anew at each origin on what was known by then.
struct BacktestResult {
  std::string model;
  std::vector<int> origins;         // periods before each forecast  (num_origins)
  std::vector<Forecast> forecasts;  // (num_origins)
  ForecastScores scores;            // over all origins, on periods with a record and without a stock-out
};

/// The configured model first, then its rivals. Throws DataError when the history is too short for the origins.
std::vector<BacktestResult> RunBacktest(const BacktestConfig& config, const ForecasterConfig& forecaster,
                                        const DemandHistory& history, const Random& random);

/// What is scored: sales of the periods after `origin` that had a record and no stock-out, else NaN.  (num_periods,
/// num_series)
Eigen::MatrixXf UncensoredSales(const DemandHistory& history, int origin, int num_periods);

/// `origin,date,warehouse,sku,mean,q0.025,...` in the units of the sales file; the origin is the last observed date.
void WriteForecastFile(const Forecast& forecast, const DemandHistory& history, const std::filesystem::path& file);
/// The same with the columns `model` before and `sales` (what came) behind.
void WriteBacktestFile(const std::vector<BacktestResult>& results, const DemandHistory& history,
                       const std::filesystem::path& file);

}  // namespace restock
