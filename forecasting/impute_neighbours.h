#pragma once

#include <Eigen/Core>

namespace restock {

/// Estimates values that are not known from the series that are most alike: those whose log(1 + demand) correlates most
/// with the series' own over the periods that both know (at least seven, correlation above zero), each scaled to the
/// level of the series, weighted by correlation (k nearest neighbours, Troyanskaya et al. 2001).
class NeighbourImputation {
 public:
  /// `demand`: NaN: not known  (num_periods, num_series)
  explicit NeighbourImputation(const Eigen::MatrixXf& demand);

  /// One value per period from the nearest that know it; NaN where none does.  (num_periods)
  Eigen::VectorXf Estimate(int series, int num_neighbours) const;

 private:
  Eigen::MatrixXd known_, value_, log_, square_;  // 1 or 0; units, their logarithms and squares of these, 0: not known
};

}  // namespace restock
