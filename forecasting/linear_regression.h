#pragma once

#include <string>
#include <vector>

#include "forecasting/path_forecaster.h"
#include "forecasting/plan_features.h"

namespace restock {

/// Linear regression of the logarithm of demand (plus 1) on prices, promotions and whatever else is planned, their
/// squares and products, and the calendar: a product responds in the same way in all warehouses, by least squares with
/// a ridge; each series has its own level, which follows the errors slowly. Demand around it is lognormal.
class LinearRegression final : public PathForecaster {
 public:
  const std::string& name() const override;
  explicit LinearRegression(int horizon) : horizon_(horizon) {}
  void Fit(const DemandHistory& history) override;
  void Save(const std::filesystem::path& file) const override;
  void Load(const std::filesystem::path& file) override;

  std::unique_ptr<PathModel> Start(const DemandHistory& history, int origin, int num_paths) const override;

  /// What was fitted, by series.
  struct Fitted {
    int num_past = 0;           // periods of the fit: of these are the plans' usual values
    Eigen::MatrixXd weights;    // of the regressors  (num_regressors, num_series)
    Eigen::VectorXd constant;   // (num_series)
    Eigen::VectorXd deviation;  // of errors  (num_series)
    Eigen::VectorXd most;       // no logarithm of a median is larger  (num_series)
  };

 private:
  int horizon_;
  Fitted fitted_;
};

}  // namespace restock
