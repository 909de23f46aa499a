#pragma once

#include <utility>

#include <Eigen/Core>

namespace restock {

/// 95 % interval of the share that `own` is less than `rival` in sum, 1 - own / rival, its entries (of series, or of
/// products) drawn again with replacement.
std::pair<double, double> GainInterval(const Eigen::ArrayXd& own, const Eigen::ArrayXd& rival);

}  // namespace restock
