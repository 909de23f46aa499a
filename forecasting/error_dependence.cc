#include "forecasting/error_dependence.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

namespace restock {
namespace {

constexpr float kMostInCommon = 0.9f;  // of the variance
constexpr double kFewestPairs = 30;    // with fewer the correlation of such pairs is not estimated

/// Sum of products of all pairs, from the sum and the sum of squares; and the number of pairs.
struct PairSum {
  double product = 0;
  double count = 0;

  void Add(double sum, double squares, double number) {
    product += (sum * sum - squares) / 2;
    count += (number * number - number) / 2;
  }
  void Add(const Eigen::ArrayX3d& by_group) {
    for (const auto& group : by_group.rowwise()) Add(group[0], group[1], group[2]);
  }
  double mean() const { return count < kFewestPairs ? 0 : product / count; }
};

int IndexOf(std::map<std::string, int>& names, const std::string& name) {
  return names.try_emplace(name, static_cast<int>(names.size())).first->second;
}

}  // namespace

SeriesGroups::SeriesGroups(const std::vector<Series>& series) {
  std::map<std::string, int> warehouses, skus;
  for (const Series& one : series) {
    warehouse.push_back(IndexOf(warehouses, one.warehouse));
    sku.push_back(IndexOf(skus, one.sku));
  }
  num_warehouses = static_cast<int>(warehouses.size());
  num_skus = static_cast<int>(skus.size());
}

CommonShares EstimateCommonShares(const Eigen::MatrixXf& errors, const SeriesGroups& groups) {
  // products of pairs at the same time, over all pairs and over those with something in common
  PairSum all, same_warehouse, same_sku;
  double squares = 0, count = 0;
  for (Eigen::Index time = 0; time < errors.rows(); ++time) {
    Eigen::ArrayX3d by_warehouse = Eigen::ArrayX3d::Zero(groups.num_warehouses, 3);  // sum, squares, number
    Eigen::ArrayX3d by_sku = Eigen::ArrayX3d::Zero(groups.num_skus, 3);
    for (Eigen::Index series = 0; series < errors.cols(); ++series) {
      const double error = errors(time, series);
      if (std::isnan(error)) continue;
      const Eigen::Array3d term(error, error * error, 1);
      by_warehouse.row(groups.warehouse[static_cast<size_t>(series)]) += term.transpose();
      by_sku.row(groups.sku[static_cast<size_t>(series)]) += term.transpose();
    }
    const Eigen::Array3d total = by_warehouse.colwise().sum();
    all.Add(total[0], total[1], total[2]);
    same_warehouse.Add(by_warehouse);
    same_sku.Add(by_sku);
    squares += total[1];
    count += total[2];
  }
  if (count == 0 || squares == 0) return {};
  const double variance = squares / count;
  const PairSum different = {all.product - same_warehouse.product - same_sku.product,
                             all.count - same_warehouse.count - same_sku.count};

  // where all series are at one warehouse, or of one SKU, that is what all have in common
  const auto share = [&](double value) { return static_cast<float>(std::max(0.0, value / variance)); };
  CommonShares shares;
  if (different.count < kFewestPairs) {
    shares.all = share(all.mean());
  } else {
    shares.all = share(different.mean());
    if (same_warehouse.count >= kFewestPairs)
      shares.warehouse = std::max(0.f, share(same_warehouse.mean()) - shares.all);
    if (same_sku.count >= kFewestPairs) shares.sku = std::max(0.f, share(same_sku.mean()) - shares.all);
  }
  const float sum = shares.all + shares.warehouse + shares.sku;
  if (sum > kMostInCommon) {
    for (float* part : {&shares.all, &shares.warehouse, &shares.sku}) *part *= kMostInCommon / sum;
  }
  return shares;
}

Eigen::MatrixXf EstimateStepCorrelation(const std::vector<Eigen::MatrixXf>& errors) {
  const Eigen::Index num_steps = errors.empty() ? 0 : errors.front().rows();
  Eigen::MatrixXf correlation = Eigen::MatrixXf::Identity(num_steps, num_steps);
  for (Eigen::Index a = 0; a < num_steps; ++a) {
    for (Eigen::Index b = 0; b < a; ++b) {
      double product = 0, square_a = 0, square_b = 0;
      for (const Eigen::MatrixXf& of_origin : errors) {
        for (Eigen::Index series = 0; series < of_origin.cols(); ++series) {
          const double error_a = of_origin(a, series), error_b = of_origin(b, series);
          if (std::isnan(error_a) || std::isnan(error_b)) continue;
          product += error_a * error_b;
          square_a += error_a * error_a;
          square_b += error_b * error_b;
        }
      }
      const double scale = std::sqrt(square_a * square_b);
      correlation(a, b) = correlation(b, a) = scale > 0 ? static_cast<float>(product / scale) : 0.f;
    }
  }
  return correlation;
}

float ErrorDependence::Correlation(int step, int other_step) const {
  if (step == other_step) return 1;
  const auto last = static_cast<int>(step_correlation.rows()) - 1;
  if (last < 1) return 0;
  if (step > last || other_step > last) {
    // two steps as far apart, as late as was estimated
    const int distance = std::min(std::abs(step - other_step), last);
    return step_correlation(last, last - distance);
  }
  return step_correlation(step, other_step);
}

float ErrorDependence::Scale(int step) const {
  if (step_scale.size() == 0) return 1;
  return step_scale[std::min<Eigen::Index>(step, step_scale.size() - 1)];
}

}  // namespace restock
