#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "common/demand.h"
#include "common/random.h"

namespace restock {

/// The distribution of demand in the periods after a history's end, in units.
struct Forecast {
  int num_periods = 0;
  std::vector<float> levels;               // of the quantiles, ascending  (num_levels)
  Eigen::MatrixXf mean;                    // (num_periods, num_series)
  std::vector<Eigen::MatrixXf> quantiles;  // by level: (num_periods, num_series)
};

/// The quantile levels of forecast.csv and of the backtest.
inline const std::vector<float> kForecastLevels = {0.025f, 0.05f, 0.1f, 0.2f, 0.3f,  0.4f,  0.5f,
                                                   0.6f,   0.7f,  0.8f, 0.9f, 0.95f, 0.975f};

/// Learns from past demand and predicts its distribution.
///
///   auto forecaster = MakeForecaster(config.forecaster, random);
///   forecaster->Fit(history);
///   Forecast next_quarter = forecaster->Predict(history, /*num_periods=*/13);
class Forecaster {
 public:
  virtual ~Forecaster() = default;
  virtual const std::string& name() const = 0;  // lstm, seasonal_naive, exponential_smoothing
  /// The model that forecasts, where others are wrapped around it to clean, to start new products or to calibrate.
  virtual const Forecaster& inner() const { return *this; }
  /// The history as that model sees it.
  virtual DemandHistory AsSeen(const DemandHistory& history) const { return history; }
  /// Fits the model, replacing what was fitted before. Throws DataError when `history` is shorter than the model's
  /// window.
  virtual void Fit(const DemandHistory& history) = 0;
  /// The same, but an interrupted fit goes on from the file `checkpoint`, where there is one, to the same bits. It
  /// stays when the fit is finished: remove it when the model is saved. Models that fit in seconds write none.
  virtual void FitResumable(const DemandHistory& history, const std::filesystem::path& /*checkpoint*/) { Fit(history); }
  /// Predicts the `num_periods` periods after the end of `history`. Call Fit() first.
  virtual Forecast Predict(const DemandHistory& history, int num_periods) const = 0;
  /// Draws for each scenario of `paths` a path of demand that begins after `origin` periods of `history`; fills
  /// `paths.demand`.
  virtual void Sample(const DemandHistory& history, const Random& random, ScenarioSet& paths) const = 0;
  /// Fills `paths.forecast` (and `path_mean`, where it has room) with what this forecaster would have known at each
  /// period of each path; demand from a period on never changes a forecast at or before it.
  virtual void Follow(const DemandHistory& history, ScenarioSet& paths) const = 0;
  virtual void Save(const std::filesystem::path& file) const = 0;
  virtual void Load(const std::filesystem::path& file) = 0;
};

}  // namespace restock
