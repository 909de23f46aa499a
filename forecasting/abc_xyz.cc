#include "forecasting/abc_xyz.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace restock {
namespace {

struct Moments {
  double sum = 0, squares = 0, known = 0;
  double Variation() const {
    const double mean = sum / known;
    return std::sqrt(std::max(0.0, squares / known - mean * mean)) / mean;
  }
};

Moments MomentsOf(const Eigen::MatrixXf& demand, Eigen::Index series) {
  Moments moments;
  for (const double value : demand.col(series)) {
    if (std::isnan(value)) continue;
    moments.sum += value;
    moments.squares += value * value;
    ++moments.known;
  }
  return moments;
}

}  // namespace

std::vector<std::string> AbcXyzClasses(const Eigen::MatrixXf& demand, const std::vector<double>& unit_value,
                                       const AbcXyzLimits& limits) {
  const auto num_series = static_cast<size_t>(demand.cols());
  std::vector<Moments> moments(num_series);
  std::vector<double> value(num_series);
  for (size_t i = 0; i < num_series; ++i) {
    moments[i] = MomentsOf(demand, static_cast<Eigen::Index>(i));
    value[i] = moments[i].sum * (unit_value.empty() ? 1 : unit_value[i]);
  }
  std::vector<size_t> order(num_series);
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return value[a] > value[b]; });

  // from the largest to the smallest
  const double total = std::accumulate(value.begin(), value.end(), 0.0);
  std::vector<std::string> classes(num_series);
  double larger = 0;
  for (const size_t i : order) {
    if (moments[i].known == 0) continue;
    const double share = total > 0 ? larger / total : 1;
    const double variation = moments[i].sum > 0 ? moments[i].Variation() : INFINITY;
    classes[i] = share < limits.a_share ? "A" : share < limits.b_share ? "B" : "C";
    classes[i] += variation <= limits.x_variation ? "X" : variation <= limits.y_variation ? "Y" : "Z";
    larger += value[i];
  }
  return classes;
}

}  // namespace restock
