#pragma once

#include <string>
#include <vector>

#include <Eigen/Core>

namespace restock {

/// Where classes end. ABC: by the share of all sales that a series and the larger ones bring (Dickie 1951); XYZ: by the
/// coefficient of variation of demand per period.
struct AbcXyzLimits {
  double a_share = 0.8, b_share = 0.95;
  double x_variation = 0.5, y_variation = 1.0;
};

/// `AX` ... `CZ` of each series; empty without any known demand. A series is A while the larger ones bring less than
/// `a_share` of the total: the largest always is.
/// `demand`: NaN: not known  (num_periods, num_series); `unit_value`: money per unit, empty: 1  (num_series)
std::vector<std::string> AbcXyzClasses(const Eigen::MatrixXf& demand, const std::vector<double>& unit_value,
                                       const AbcXyzLimits& limits);

}  // namespace restock
