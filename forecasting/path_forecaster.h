#pragma once

#include <functional>
#include <memory>

#include "common/file.h"
#include "forecasting/error_dependence.h"
#include "forecasting/forecaster.h"
#include "forecasting/path_model.h"

namespace restock {

/// A forecaster whose knowledge moves period by period: predicting, drawing paths and following them are the same for
/// all such models, which bring their PathModel. Sums over several periods and series get their variance from the
/// dependence of past errors, and the quantiles of the count distribution with that mean and variance.
class PathForecaster : public Forecaster {
 public:
  Forecast Predict(const DemandHistory& history, int num_periods) const override;
  /// The same with the quantile of each step and level at another level of the model's own distribution.
  Forecast PredictWith(const DemandHistory& history, int num_periods,
                       const std::function<float(int step, float level)>& own_level) const;
  void Sample(const DemandHistory& history, const Random& random, ScenarioSet& paths) const override;
  void Follow(const DemandHistory& history, ScenarioSet& paths) const override;

  /// The model after `origin` periods of `history` (whose later demand it must not read), for `num_paths` ways to go
  /// on. The model may refer to both.
  virtual std::unique_ptr<PathModel> Start(const DemandHistory& history, int origin, int num_paths) const = 0;

  /// How the errors of forecasts hang together.
  virtual const ErrorDependence& dependence() const { return dependence_; }

 protected:
  /// Learns how errors hang together from forecasts up to `num_steps` ahead at the last `num_origins` periods.
  void FitDependence(const DemandHistory& history, int num_origins, int num_steps);

  void AddDependence(SectionFileWriter& file) const;
  void LoadDependence(const SectionFileReader& file);

 private:
  ErrorDependence dependence_;
};

}  // namespace restock
