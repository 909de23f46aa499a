#include "experiments/report_files.h"

#include <limits>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "common/calendar.h"
#include "common/csv.h"
#include "common/error.h"
#include "common/file.h"
#include "experiments/run_directory.h"
#include "forecasting/forecaster.h"

namespace restock {

using nlohmann::json;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
using SeriesKey = std::pair<std::string, std::string>;  // warehouse, SKU

json ParseJson(const std::string& text, const std::string& place) {
  try {
    return json::parse(text);
  } catch (const json::parse_error& error) {
    throw DataError(fmt::format("{}: damaged at byte {}; run `restock run` again to renew it.", place, error.byte));
  }
}

json ReadJson(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) return json::object();
  json value = ParseJson(ReadFile(file), file.string());
  if (!value.is_object()) throw DataError(file.string() + ": is no JSON object; run `restock run` again to renew it.");
  return value;
}

std::vector<json> ReadJsonLines(const std::filesystem::path& file) {
  std::vector<json> values;
  if (!std::filesystem::exists(file)) return values;
  std::istringstream lines(ReadFile(file));
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (!line.empty()) values.push_back(ParseJson(line, fmt::format("{}:{}", file.string(), number)));
  }
  return values;
}

double NumberOrNan(const CsvReader& csv, int column) { return csv.IsEmpty(column) ? kNan : csv.Number(column); }

int DayOf(const CsvReader& csv, int column) {
  const auto date = Date::Parse(csv.Text(column));
  if (!date) csv.Fail(column, fmt::format("\"{}\" is no date.", csv.Text(column)));
  return date->days_since_epoch;
}

/// Rows of forecast.csv or backtest.csv, gathered to fans; only those of the chosen series.
std::vector<Fan> ReadFans(const std::filesystem::path& file, const std::set<SeriesKey>& chosen) {
  std::vector<Fan> fans;
  if (!std::filesystem::exists(file)) return fans;

  // columns
  CsvReader csv(file);
  const auto model = csv.FindColumn("model");
  const int origin = csv.RequireColumn("origin"), date = csv.RequireColumn("date"), mean = csv.RequireColumn("mean");
  const int warehouse = csv.RequireColumn("warehouse"), sku = csv.RequireColumn("sku");
  std::map<float, int> levels;
  for (const float level : kForecastLevels) {
    if (const auto column = csv.FindColumn(fmt::format("q{}", level))) levels[level] = *column;
  }

  // rows
  std::map<std::tuple<std::string, std::string, std::string, int>, size_t> place;
  while (csv.NextRow()) {
    const SeriesKey key(csv.Text(warehouse), csv.Text(sku));
    if (!chosen.contains(key)) continue;
    const std::string model_name(model ? csv.Text(*model) : "");
    const int origin_day = DayOf(csv, origin);
    const auto [at, is_new] = place.try_emplace({model_name, key.first, key.second, origin_day}, fans.size());
    if (is_new) fans.push_back({model_name, key.first, key.second, origin_day, {}, {}, {}});
    Fan& fan = fans[at->second];
    fan.day.push_back(DayOf(csv, date));
    fan.mean.push_back(NumberOrNan(csv, mean));
    for (const auto& [level, column] : levels) fan.quantiles[level].push_back(NumberOrNan(csv, column));
  }
  return fans;
}

}  // namespace

double NumberAt(const json& object, const char* key) {
  if (!object.is_object()) return kNan;
  const auto found = object.find(key);
  return found != object.end() && found->is_number() ? found->get<double>() : kNan;
}

std::string TextAt(const json& object, const char* key) {
  if (!object.is_object()) return "";
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

const json& ListAt(const json& object, const char* key) {
  static const json kEmpty = json::array();
  if (!object.is_object()) return kEmpty;
  const auto found = object.find(key);
  return found != object.end() && found->is_array() ? *found : kEmpty;
}

const json& ObjectAt(const json& object, const char* key) {
  static const json kEmpty = json::object();
  if (!object.is_object()) return kEmpty;
  const auto found = object.find(key);
  return found != object.end() && found->is_object() ? *found : kEmpty;
}

std::vector<double> NumbersAt(const json& object, const char* key) {
  std::vector<double> numbers;
  for (const json& value : ListAt(object, key)) numbers.push_back(value.is_number() ? value.get<double>() : kNan);
  return numbers;
}

std::vector<double> DatesAt(const json& object, const char* key) {
  std::vector<double> days;
  for (const json& value : ListAt(object, key)) {
    const auto date = value.is_string() ? Date::Parse(value.get<std::string>()) : std::nullopt;
    days.push_back(date ? date->days_since_epoch : kNan);
  }
  return days;
}

RunFiles ReadRunFiles(const std::filesystem::path& run_dir) {
  const RunDirectory run = RunDirectory::Open(run_dir);
  RunFiles files;
  const std::filesystem::path whole = std::filesystem::weakly_canonical(run_dir);
  files.name = (whole.has_filename() ? whole : whole.parent_path()).filename().string();
  files.summary = ReadJson(run.summary());
  files.traces = ReadJson(run.traces());
  files.build = ReadJson(run.build());
  files.config = ReadFile(run.config());
  files.metrics = ReadJsonLines(run.metrics());

  std::set<SeriesKey> chosen;
  for (const json& series : ListAt(files.traces, "series"))
    chosen.emplace(TextAt(series, "warehouse"), TextAt(series, "sku"));
  files.forecasts = ReadFans(run.forecast(), chosen);
  files.backtests = ReadFans(run.backtest(), chosen);
  return files;
}

}  // namespace restock
