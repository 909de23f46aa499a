#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include <Eigen/Core>

namespace restock {

/// How many values are known, which are not NaN.
template <class Values>
Eigen::Index NumKnown(const Eigen::DenseBase<Values>& values) {
  return values.derived().array().isNaN().size() - values.derived().array().isNaN().count();
}

/// Mean of the values that are known; `of_none` where none is.
template <class Values>
double MeanOfKnown(const Eigen::DenseBase<Values>& values, double of_none = 0) {
  double sum = 0, count = 0;
  for (Eigen::Index i = 0; i < values.size(); ++i) {
    const auto value = static_cast<double>(values.derived().coeff(i));
    if (std::isnan(value)) continue;
    sum += value;
    ++count;
  }
  return count > 0 ? sum / count : of_none;
}

/// The middle value, or the mean of the two in the middle. At least one, none NaN.
inline double MedianOf(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

}  // namespace restock
