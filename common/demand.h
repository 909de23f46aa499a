#pragma once

#include <string>
#include <vector>

#include <Eigen/Core>

#include "common/calendar.h"

namespace restock {

/// One product at one warehouse: a column of every demand table.
struct Series {
  std::string warehouse;
  std::string sku;
  std::string category;  // may be empty

  friend bool operator==(const Series&, const Series&) = default;
};

/// What may explain demand: price, promotion, weather. NaN where unknown.
struct Covariate {
  std::string name;
  bool known_ahead = false;  // planned, such as a promotion; weather is not
  Eigen::MatrixXf values;    // (num_periods + num_future_periods, num_series)
};

/// Past sales, cleaned, and the demand behind them. Goods count in unit sizes (`data.unit_size`), columns are
/// contiguous.
struct DemandHistory {
  Calendar calendar;
  std::string unit = "piece";  // name of what the files count
  double unit_size = 1;        // one inside is `unit_size` of `unit` in the files
  std::string currency = "money";
  std::vector<Series> series;      // (num_series)
  Eigen::MatrixXf sales;           // as recorded; NaN: no record, which is not zero  (num_periods, num_series)
  Eigen::MatrixXf in_stock_share;  // share of usual sales in the in-stock hours, 0 ... 1  (num_periods, num_series)
  Eigen::MatrixXf demand;  // what would have been sold with enough stock; NaN: not known  (num_periods, num_series)
  std::vector<Covariate> covariates;

  int num_periods() const { return static_cast<int>(demand.rows()); }
  int num_series() const { return static_cast<int>(series.size()); }
  /// Demand was seen in full: there is a record and no stock-out.
  bool IsUncensored(int period, int column) const;
  /// The same history as it was known after its first `num_periods` periods: later sales are gone, covariates known
  /// ahead stay, others end.
  DemandHistory Until(int num_periods) const;
};

/// What a site's forecast is about: the summed demand of its series over its protection periods.
/// A store has one series; a central warehouse has all series that it feeds.
struct ForecastTarget {
  std::vector<int> series;              // columns of the demand
  std::vector<int> protection_periods;  // periods that an order placed at a path's period must cover  (num_periods)
};

/// The columns of ScenarioSet::forecast, all in units and all about the target's demand:
/// over its protection periods the mean and the quantiles, and the mean of the coming period alone.
inline constexpr float kForecastQuantiles[] = {0.5f, 0.7f, 0.8f, 0.9f, 0.95f, 0.975f};
inline constexpr int kNumForecastQuantiles = 6;
inline constexpr int kForecastMean = 0;
inline constexpr int kForecastFirstQuantile = 1;
inline constexpr int kForecastNextMean = kForecastFirstQuantile + kNumForecastQuantiles;
inline constexpr int kNumForecastFeatures = kForecastNextMean + 1;

/// Demand paths, and at each period of each path what a forecaster would have known by then (demand before that period,
/// never of it). All paths of a set share one calendar; their origins lie whole seasons apart. Scenarios are innermost.
struct ScenarioSet {
  int num_scenarios = 0;
  int num_periods = 0;
  int num_series = 0;
  Calendar calendar;        // period 0 is the first of every path (of the last origin, where origins differ)
  std::vector<int> origin;  // periods of history before the path begins  (num_scenarios)
  std::vector<ForecastTarget> targets;  // one per site of the network

  std::vector<float> demand;     // whole units where the data are whole  [period][series][scenario]
  std::vector<float> forecast;   // [period][target][feature][scenario], features as above
  int path_horizon = 0;          // periods ahead in `path_mean`, 0: none
  int num_path_scenarios = 0;    // the first so many scenarios have it
  std::vector<float> path_mean;  // mean demand of period + step as known at period  [period][series][step][scenario]

  int num_targets() const { return static_cast<int>(targets.size()); }

  using Row = Eigen::Map<Eigen::ArrayXf>;
  using ConstRow = Eigen::Map<const Eigen::ArrayXf>;
  /// All scenarios of one period and series.  (num_scenarios)
  Row Demand(int period, int series);
  ConstRow Demand(int period, int series) const;
  /// All scenarios of one forecast feature.  (num_scenarios)
  Row Forecast(int period, int target, int feature);
  ConstRow Forecast(int period, int target, int feature) const;
  /// Expected demand `step` periods after `period` (0: the coming one), for the first scenarios.  (num_path_scenarios)
  Row PathMean(int period, int series, int step);
  ConstRow PathMean(int period, int series, int step) const;

  /// Sets the sizes and makes room; everything is zero.
  void Resize(int scenarios, int periods, int series_count, std::vector<ForecastTarget> site_targets);
  void ResizePathMean(int scenarios, int horizon);
};

}  // namespace restock
