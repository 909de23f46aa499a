#pragma once

#include <vector>

#include <Eigen/Core>

#include "common/demand.h"

namespace restock {

/// Which series belong together: series at the same warehouse, and series of the same SKU.
struct SeriesGroups {
  std::vector<int> warehouse;  // (num_series)
  std::vector<int> sku;        // (num_series)
  int num_warehouses = 0;
  int num_skus = 0;

  explicit SeriesGroups(const std::vector<Series>& series);
};

/// How much of a series' error it shares with others: an error is the sum of a part that all series have in common, one
/// of its warehouse, one of its SKU, and one of its own; these are the shares of variance of the first three. They sum
/// to less than 1.
struct CommonShares {
  float all = 0;
  float warehouse = 0;
  float sku = 0;
};

/// By the method of moments over pairs of series: different in both, same warehouse, same SKU. Negative estimates are
/// zero. `errors`: standardised, NaN: not known  (num_times, num_series)
CommonShares EstimateCommonShares(const Eigen::MatrixXf& errors, const SeriesGroups& groups);

/// Correlation of a forecast's errors at two steps ahead, the same for all series.  `errors`: by origin (num_steps,
/// num_series), standardised.
Eigen::MatrixXf EstimateStepCorrelation(const std::vector<Eigen::MatrixXf>& errors);

/// What else than each step's own distribution decides about sums and about several series at once.
struct ErrorDependence {
  Eigen::MatrixXf step_correlation;  // of errors at two steps ahead  (num_steps, num_steps)
  Eigen::VectorXf step_scale;        // standard deviation of errors over what the model says, by step  (num_steps)
  CommonShares of_sums;              // of errors of demand sums over several periods
  CommonShares of_draws;             // of the normal scores of one period ahead: for drawing paths

  /// Beyond the last step that was estimated the last one counts.
  float Correlation(int step, int other_step) const;
  float Scale(int step) const;
};

}  // namespace restock
