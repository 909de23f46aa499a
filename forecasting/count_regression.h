#pragma once

#include <string>
#include <vector>

#include "forecasting/count_features.h"
#include "forecasting/count_likelihood.h"
#include "forecasting/path_forecaster.h"

namespace restock {

/// A negative-binomial regression that all series share: mean and dispersion of a period's demand are log-linear in
/// features of the series' own past (count_features.h), in the phase of the season and in covariates known ahead
/// (Lawless 1987; Hilbe 2011). One series of counts says little about its distribution; thousands say a lot.
class CountRegression final : public PathForecaster {
 public:
  explicit CountRegression(int horizon) : horizon_(horizon) {}

  const std::string& name() const override;
  void Fit(const DemandHistory& history) override;
  void Save(const std::filesystem::path& file) const override;
  void Load(const std::filesystem::path& file) override;

  /// What was learned.
  struct Fitted {
    CountMemory::Usual usual;
    Eigen::VectorXd centre, scale;  // of each regressor but the constant, the last  (num_regressors - 1)
    CountWeights weights;           // (num_regressors)
  };

 protected:
  std::unique_ptr<PathModel> Start(const DemandHistory& history, int origin, int num_paths) const override;

 private:
  int horizon_;
  Fitted fitted_;
};

}  // namespace restock
