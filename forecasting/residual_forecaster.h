#pragma once

#include <memory>
#include <vector>

#include "forecasting/path_forecaster.h"
#include "forecasting/residual_table.h"

namespace restock {

/// A point forecast that moves along paths; what the classical models bring.
class PointModel {
 public:
  virtual ~PointModel() = default;
  /// `demand`: (num_paths, num_series), NaN: not known
  virtual void Observe(const Eigen::MatrixXf& demand) = 0;
  /// `mean`: (num_paths, num_steps), not below zero
  virtual void Predict(int series, int num_steps, Eigen::MatrixXf& mean) const = 0;
};

/// A point forecast with the distribution of its own past errors around it, each series by itself, demand never below
/// zero.
class ResidualForecaster : public PathForecaster {
 public:
  explicit ResidualForecaster(int horizon) : horizon_(horizon) {}

  void Fit(const DemandHistory& history) override;
  void Save(const std::filesystem::path& file) const override;
  void Load(const std::filesystem::path& file) override;

 protected:
  std::unique_ptr<PathModel> Start(const DemandHistory& history, int origin, int num_paths) const override;

  /// Fits what the point forecast needs.
  virtual void FitPoints(const DemandHistory& history) = 0;
  /// The point model before any observation.
  virtual std::unique_ptr<PointModel> StartPoints(const DemandHistory& history, int num_paths) const = 0;
  virtual void SavePoints(SectionFileWriter& file) const = 0;
  virtual void LoadPoints(const SectionFileReader& file) = 0;

 private:
  int horizon_;  // errors are collected so many periods ahead
  ResidualTable residuals_;
};

}  // namespace restock
