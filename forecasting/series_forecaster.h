#pragma once

#include <memory>
#include <string>
#include <vector>

#include "forecasting/error_spread.h"
#include "forecasting/path_forecaster.h"
#include "forecasting/series_model.h"
#include "forecasting/transform.h"

namespace restock {

/// Forecasts each series by a model of its own (series_models.h), fitted in parallel over series; around the forecast
/// lies the distribution of the series' own past errors.
class SeriesForecaster : public PathForecaster {
 public:
  /// `model`: one of SeriesModelNames(), for all series. `horizon`: errors are collected so many periods ahead.
  /// Models see demand by `transform` (transform.h).
  SeriesForecaster(std::string model, int horizon, TransformKind transform = TransformKind::kNone)
      : name_(std::move(model)), horizon_(horizon), transform_(transform) {}

  const std::string& name() const override { return name_; }
  void Fit(const DemandHistory& history) override;
  void Save(const std::filesystem::path& file) const override;
  void Load(const std::filesystem::path& file) override;

  /// The model of each series.  (num_series)
  const std::vector<std::string>& model_names() const { return model_names_; }

  /// What is fitted to one series.
  struct Fitted {
    std::unique_ptr<SeriesModel> model;
    int first = 0;    // period of its first known demand, where the model starts; the last where none is known
    double most = 0;  // no forecast is larger
  };

 protected:
  /// Names the model of each series: name() for all.
  virtual std::vector<std::string> ChooseModels(const DemandHistory& history);
  /// Why these, saved with the models.
  virtual void AddReasons(SectionFileWriter& /*file*/) const {}
  virtual void LoadReasons(const SectionFileReader& /*file*/) {}
  int horizon() const { return horizon_; }
  TransformKind transform() const { return transform_; }

  std::unique_ptr<PathModel> Start(const DemandHistory& history, int origin, int num_paths) const override;

 private:
  void FitSeries(const DemandHistory& history, int series);

  std::string name_;
  int horizon_;
  TransformKind transform_;
  std::vector<std::string> model_names_;  // (num_series)
  std::vector<Fitted> fitted_;            // (num_series)
  ErrorSpread spread_;
};

/// Demand of one series from its first known period `first` on; one zero where none is known.
SeriesData SeriesOf(const DemandHistory& history, int series, int& first);

}  // namespace restock
