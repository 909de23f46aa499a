#include "benchmarks/hidden_demand.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/csv.h"
#include "common/random.h"
#include "forecasting/censoring.h"
#include "forecasting/demand_table.h"

namespace restock {
namespace {

constexpr int kOpen = 6, kClose = 22;  // o'clock

struct Day {
  std::string date;
  std::vector<double> hours;
  double stockout_hours;
};

/// Days of each series: those that chose settings (the profile of the configuration is of them), or those that judge.
std::map<std::string, std::vector<Day>> ReadDays(const DataConfig& config, bool training) {
  CsvReader csv(FindDataFile("data/freshretail/hourly_2_warehouses.csv", "censoring"));
  const int first_hour = csv.RequireColumn("s00"), stockout = csv.RequireColumn("stockout24");
  const int date = csv.RequireColumn("date"), warehouse = csv.RequireColumn("warehouse"),
            sku = csv.RequireColumn("sku");
  std::map<std::string, std::vector<Day>> all;
  while (csv.NextRow()) {
    Day day{std::string(csv.Text(date)), {}, 0};
    for (int hour = kOpen; hour < kClose; ++hour) {
      day.hours.push_back(csv.Number(first_hour + hour) / config.unit_size);
      day.stockout_hours += csv.Text(stockout)[static_cast<size_t>(hour)] == '1' ? 1 : 0;
    }
    if ((day.date <= "2024-04-30") == training)
      all[std::string(csv.Text(warehouse)) + "/" + std::string(csv.Text(sku))].push_back(day);
  }
  return all;
}

/// A series some of whose hours are hidden, and the true demand of the days that have such.
struct HiddenSeries {
  DemandHistory history;
  std::vector<std::pair<Eigen::Index, double>> hidden;  // day, demand
};

HiddenSeries Hide(const std::string& name, const std::vector<Day>& days, const DataConfig& config,
                  RandomStream& stream) {
  HiddenSeries series;
  DemandHistory& history = series.history;
  const auto num_days = static_cast<Eigen::Index>(days.size());
  history.calendar.closed.assign(days.size(), false);
  history.calendar.holiday = history.calendar.closed;
  history.series.push_back({"", name, ""});
  history.sales.resize(num_days, 1);
  history.in_stock_share.resize(num_days, 1);
  for (Eigen::Index i = 0; i < num_days; ++i) {
    const Day& day = days[static_cast<size_t>(i)];
    double stockout_hours = day.stockout_hours, sale = 0, all_day = 0;
    if (stockout_hours == 0 && stream.Uniform() < 0.4)
      stockout_hours = kClose - kOpen - 1 - stream.UniformInt(kClose - kOpen);
    for (size_t hour = 0; hour < day.hours.size(); ++hour) {
      all_day += day.hours[hour];
      const bool is_hidden = day.stockout_hours == 0 && static_cast<double>(hour) >= kClose - kOpen - stockout_hours;
      if (!is_hidden) sale += day.hours[hour];
    }
    if (day.stockout_hours == 0 && stockout_hours > 0) series.hidden.emplace_back(i, all_day);
    history.sales(i, 0) = static_cast<float>(std::round(sale));
    history.in_stock_share(i, 0) =
        static_cast<float>(InStockShare(stockout_hours, kClose - kOpen, config.censoring.hourly_profile));
  }
  return series;
}

void JudgeMethod(const std::map<std::string, std::vector<Day>>& all, const DataConfig& config,
                 const CensoringConfig& censoring, uint64_t seed) {
  double truth = 0, seen = 0, estimated = 0, absolute = 0;
  uint64_t number = 0;
  for (const auto& [name, days] : all) {
    RandomStream stream = Random(seed).Stream("hidden hours").At(number++);
    auto [history, hidden] = Hide(name, days, config, stream);
    EstimateDemand(censoring, history);
    for (const auto& [i, demand] : hidden) {
      truth += demand;
      seen += history.sales(i, 0);
      estimated += history.demand(i, 0);
      absolute += std::abs(history.demand(i, 0) - demand);
    }
  }
  const double before = (seen - truth) / truth, after = (estimated - truth) / truth;
  fmt::print("{:<24}{:>14}{:>13.1f}%{:>13.1f}%{:>16.3f}   WAPE {:.3f}\n",
             censoring.method == "share" ? fmt::format("share, cap {}", censoring.cap) : censoring.method, seed,
             100 * before, 100 * after, 1 - std::abs(after) / std::abs(before), absolute / truth);
}

}  // namespace

void JudgeHiddenDemand(const DataConfig& config, bool training) {
  const auto all = ReadDays(config, training);
  fmt::print("Demand behind hidden hours, {} series, days {} 30 April\n", all.size(), training ? "up to" : "after");
  fmt::print("{:<24}{:>14}{:>14}{:>14}{:>16}\n", "estimate", "seed", "bias before", "bias after", "recovered");
  const std::pair<const char*, double> methods[] = {{"share", 1.6}, {"share", 3}, {"expected", 1.6}};
  for (const auto& [method, cap] : methods) {
    CensoringConfig censoring = config.censoring;
    censoring.method = method;
    censoring.cap = cap;
    for (uint64_t seed = 1; seed <= 3; ++seed) JudgeMethod(all, config, censoring, seed);
  }
}

}  // namespace restock
