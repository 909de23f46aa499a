#pragma once

#include <span>
#include <vector>

#include "env/uniform_rows.h"

namespace restock {

/// Correlations of places with each other: 1 on the diagonal.
using CorrelationMatrix = std::vector<std::vector<double>>;

/// Standard normal numbers that are correlated between places: a Gaussian copula, once each is turned into demand by
/// the quantiles of its own distribution.
class NormalScores {
 public:
  /// Every two places correlate by `correlation`, -1 / (num_places - 1) < correlation <= 1.
  static CorrelationMatrix Equal(int num_places, double correlation);
  /// Whether there are normal numbers of these correlations: a symmetric matrix with ones on its diagonal and no
  /// negative eigenvalue.
  static bool IsPossible(const CorrelationMatrix& correlation);

  NormalScores(const CorrelationMatrix& correlation, const Random& random);

  int num_places() const { return static_cast<int>(factor_.size()); }
  /// The numbers of all places.  `scores`: [place][env]
  void Draw(int period, std::span<const int> scenarios, double* scores) const;

 private:
  CorrelationMatrix factor_;  // lower triangular: factor factor^T = correlation
  UniformRows uniforms_;
};

}  // namespace restock
