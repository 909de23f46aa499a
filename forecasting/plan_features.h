#pragma once

#include <vector>

#include <Eigen/Core>

#include "common/demand.h"

namespace restock {

/// What is planned for each period of one series: covariates known ahead, less their usual value in the past, 0 where
/// not known. What models of the response to prices and promotions are made of.
class PlanFeatures {
 public:
  /// Usual values are means of the first `num_past` periods.
  PlanFeatures(const DemandHistory& history, int series, int num_past);

  Eigen::Index num_plans() const { return plans_.cols(); }
  /// Plans of a period, 0 beyond what is known.  (num_plans)
  Eigen::RowVectorXd Plans(int period) const;
  /// Plans, their squares and products, holiday, and a weekday's dummy where seasons are short.  (NumRegressors())
  Eigen::RowVectorXd Regressors(const Calendar& calendar, int period) const;
  static Eigen::Index NumRegressors(const DemandHistory& history);

 private:
  Eigen::MatrixXd plans_;  // (num_periods, num_plans)
};

/// Seasons up to so long have a weight for each of their periods.
inline constexpr int kLongestDummySeason = 24;

}  // namespace restock
