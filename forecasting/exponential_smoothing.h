#pragma once

#include <string>

#include "forecasting/residual_forecaster.h"

namespace restock {

/// A level that follows demand by simple exponential smoothing, times a factor for the period of the season (Hyndman &
/// Athanasopoulos, "Forecasting: Principles and Practice", 3rd ed., sections 3.2 and 8.1). Each series has a smoothing
/// factor of its own, the best of a grid by squared error one period ahead; seasonal factors are those of the whole
/// history, drawn towards 1 where data are few.
class ExponentialSmoothing final : public ResidualForecaster {
 public:
  using ResidualForecaster::ResidualForecaster;
  const std::string& name() const override;

  /// What was fitted to one series.
  struct Parameters {
    float smoothing = 0.1f;  // alpha
    float start = 0;         // level before the first period
  };
  const std::vector<Parameters>& parameters() const { return parameters_; }

 protected:
  void FitPoints(const DemandHistory& history) override;
  std::unique_ptr<PointModel> StartPoints(const DemandHistory& history, int num_paths) const override;
  void SavePoints(SectionFileWriter& file) const override;
  void LoadPoints(const SectionFileReader& file) override;

 private:
  std::vector<Parameters> parameters_;  // (num_series)
  Eigen::MatrixXf factors_;             // by period of the season, mean about 1  (season, num_series)
};

}  // namespace restock
