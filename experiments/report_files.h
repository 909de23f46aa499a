#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace restock {

/// The forecast of one series from one origin; all with an entry per day.
struct Fan {
  std::string model;  // empty: the run's own
  std::string warehouse;
  std::string sku;
  int origin = 0;                                  // the last observed day, counted since 1970-01-01
  std::vector<double> day;                         // forecast for
  std::vector<double> mean;                        // [unit]
  std::map<float, std::vector<double>> quantiles;  // by level, of kForecastLevels  [unit]
};

/// What a run directory holds, as far as it is there: a run without agents, without a backtest or one that is still
/// going on has gaps.
struct RunFiles {
  std::string name;                     // of the folder
  nlohmann::json summary;               // see summary.h; an empty object where there is none
  nlohmann::json traces;                // see traces.h
  nlohmann::json build;                 // see run_directory.h
  std::string config;                   // as text
  std::vector<nlohmann::json> metrics;  // one per line of metrics.jsonl
  std::vector<Fan> forecasts;           // of the series in `traces`, others are not kept
  std::vector<Fan> backtests;           // likewise
};

/// Throws DataError when `run_dir` is no run, or a file in it is damaged.
RunFiles ReadRunFiles(const std::filesystem::path& run_dir);

/// What stands under a key of a JSON object; where it is missing or of another kind NaN, "" or an empty list.
double NumberAt(const nlohmann::json& object, const char* key);
std::string TextAt(const nlohmann::json& object, const char* key);
const nlohmann::json& ListAt(const nlohmann::json& object, const char* key);
const nlohmann::json& ObjectAt(const nlohmann::json& object, const char* key);
std::vector<double> NumbersAt(const nlohmann::json& object, const char* key);
/// Dates as days since 1970-01-01, NaN for what is no date.
std::vector<double> DatesAt(const nlohmann::json& object, const char* key);

}  // namespace restock
