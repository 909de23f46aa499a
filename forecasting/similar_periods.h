#pragma once

#include <string>
#include <vector>

#include "forecasting/path_forecaster.h"
#include "forecasting/plan_features.h"

namespace restock {

/// Expects what was sold in past periods whose prices and promotions were like those planned: a period's weight falls
/// with the squared distance of its plans (Nadaraya 1964; Watson 1964), with another weekday, and with its age; the
/// distribution is that of the weighted past demand. Along a path a level follows the errors.
class SimilarPeriods final : public PathForecaster {
 public:
  explicit SimilarPeriods(int horizon) : horizon_(horizon) {}
  const std::string& name() const override;
  void Fit(const DemandHistory& history) override;
  void Save(const std::filesystem::path& file) const override;
  void Load(const std::filesystem::path& file) override;

  std::unique_ptr<PathModel> Start(const DemandHistory& history, int origin, int num_paths) const override;

  const Eigen::VectorXd& bandwidths() const { return bandwidths_; }  // of each plan, in its unit  (num_plans)

 private:
  int horizon_;
  int num_past_ = 0;
  Eigen::VectorXd bandwidths_;
};

}  // namespace restock
