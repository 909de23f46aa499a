#include "forecasting/backtest.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "common/csv.h"
#include "common/text.h"

namespace restock {
namespace {

/// With fewer periods no model has anything to learn from.
constexpr int kFewestPeriods = 14;

void WriteHeader(const std::vector<float>& levels, CsvWriter& csv) {
  for (const char* name : {"origin", "date", "warehouse", "sku", "mean"}) csv.Text(name);
  for (const float level : levels) csv.Text(fmt::format("q{}", level));
}

/// One row of a forecast, without its end.
void WriteRow(const Forecast& forecast, const DemandHistory& history, int origin, int step, int series,
              CsvWriter& csv) {
  const auto in_file_units = [&](float value) { return static_cast<double>(value) * history.unit_size; };
  csv.Text(history.calendar.DateOf(origin - 1).ToString()).Text(history.calendar.DateOf(origin + step).ToString());
  csv.Text(history.series[static_cast<size_t>(series)].warehouse).Text(history.series[static_cast<size_t>(series)].sku);
  csv.Number(in_file_units(forecast.mean(step, series)));
  for (const Eigen::MatrixXf& quantile : forecast.quantiles) csv.Number(in_file_units(quantile(step, series)));
}

}  // namespace

BacktestConfig ReadBacktestConfig(ConfigNode backtest) {
  BacktestConfig config;
  backtest.Read("num_origins", config.num_origins, Between(0, 100));
  backtest.Read("horizon", config.horizon, Between(1, 365));
  backtest.Read("rivals", config.rivals);
  for (const std::string& rival : config.rivals) {
    const std::vector<std::string> models = ForecasterModels();
    if (std::find(models.begin(), models.end(), rival) == models.end())
      backtest.Fail("rivals", fmt::format("names {}, which is no model.{}", Quote(rival), Suggestion(rival, models)));
  }
  backtest.ExpectNoMoreKeys();
  return config;
}

std::vector<int> BacktestOrigins(const BacktestConfig& config, int num_periods) {
  std::vector<int> origins;
  for (int i = config.num_origins; i > 0; --i) origins.push_back(num_periods - i * config.horizon);
  if (!origins.empty() && origins.front() < kFewestPeriods) {
    throw DataError(fmt::format("{} origins {} periods apart need {} periods of sales, but there are {}.",
                                config.num_origins, config.horizon,
                                config.num_origins * config.horizon + kFewestPeriods, num_periods));
  }
  return origins;
}

Eigen::MatrixXf UncensoredSales(const DemandHistory& history, int origin, int num_periods) {
  Eigen::MatrixXf actual = history.sales.middleRows(origin, num_periods);
  for (int series = 0; series < actual.cols(); ++series) {
    for (int step = 0; step < num_periods; ++step) {
      if (!history.IsUncensored(origin + step, series)) actual(step, series) = std::numeric_limits<float>::quiet_NaN();
    }
  }
  return actual;
}

std::vector<BacktestResult> RunBacktest(const BacktestConfig& config, const ForecasterConfig& forecaster,
                                        const DemandHistory& history, const Random& random) {
  const std::vector<int> origins = BacktestOrigins(config, history.num_periods());
  std::vector<std::string> models = {forecaster.model};
  for (const std::string& rival : config.rivals) {
    if (rival != forecaster.model) models.push_back(rival);
  }
  std::vector<BacktestResult> results;
  for (const std::string& model : models) {
    ForecasterConfig candidate = forecaster;
    candidate.model = model;
    candidate.horizon = std::max(candidate.horizon, config.horizon);
    BacktestResult result;
    result.model = model;
    result.origins = origins;
    ForecastScorer scorer;
    for (const int origin : origins) {
      const DemandHistory past = history.Until(origin);
      const auto fitted = MakeForecaster(candidate, random.Stream(model).Child(static_cast<uint64_t>(origin)));
      fitted->Fit(past);
      result.forecasts.push_back(fitted->Predict(past, config.horizon));
      scorer.Add(result.forecasts.back(), UncensoredSales(history, origin, config.horizon), past.demand,
                 history.calendar.season());
    }
    result.scores = scorer.Scores();
    results.push_back(std::move(result));
  }
  return results;
}

void WriteForecastFile(const Forecast& forecast, const DemandHistory& history, const std::filesystem::path& file) {
  CsvWriter csv(file);
  WriteHeader(forecast.levels, csv);
  csv.EndRow();
  for (int series = 0; series < history.num_series(); ++series) {
    for (int step = 0; step < forecast.num_periods; ++step) {
      WriteRow(forecast, history, history.num_periods(), step, series, csv);
      csv.EndRow();
    }
  }
  csv.Commit();
}

void WriteBacktestFile(const std::vector<BacktestResult>& results, const DemandHistory& history,
                       const std::filesystem::path& file) {
  CsvWriter csv(file);
  csv.Text("model");
  WriteHeader(kForecastLevels, csv);
  csv.Text("sales").EndRow();
  for (const BacktestResult& result : results) {
    for (size_t i = 0; i < result.origins.size(); ++i) {
      const int origin = result.origins[i];
      const Forecast& forecast = result.forecasts[i];
      for (int series = 0; series < history.num_series(); ++series) {
        for (int step = 0; step < forecast.num_periods; ++step) {
          csv.Text(result.model);
          WriteRow(forecast, history, origin, step, series, csv);
          csv.Number(history.sales(origin + step, series) * history.unit_size).EndRow();
        }
      }
    }
  }
  csv.Commit();
}

}  // namespace restock
