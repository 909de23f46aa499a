#pragma once

#include <string>
#include <utility>
#include <vector>

#include <Eigen/Core>

namespace restock {

/// What a model of one series sees instead of demand: `forecaster.transform`.
enum class TransformKind {
  kNone,
  kLog,                 // log(1 + y)
  kBoxCox,              // Box-Cox of 1 + y, with the lambda of Guerrero (box_cox.h)
  kMinMax,              // 0 at the least, 1 at the largest
  kZScore,              // standard deviations from the mean
  kMeanScale,           // in units of the mean of |y|, as DeepAR scales its series (Salinas et al. 2020)
  kDifference,          // change since the period before
  kSeasonalDifference,  // change since the season before
};
/// `box_cox` and the others as they are called in configurations.
const std::vector<std::pair<std::string, TransformKind>>& TransformNames();

/// A map of single values that can be inverted: a power, then an offset and a scale. What it is made of is found from
/// the known values of one series, and is sane where they are constant, zero or none.
class Transform {
 public:
  Transform() = default;
  /// Differences map each value to itself: they are taken by the model (transformed_model.h).
  Transform(TransformKind kind, const Eigen::VectorXd& demand, int season);

  double Forward(double value) const;  // NaN stays NaN
  /// Finite for any finite value: where the power has no inverse, the nearest value that has.
  double Inverse(double transformed) const;

  /// All that was found, as numbers.
  static constexpr int kNumParameters = 4;
  std::vector<double> parameters() const { return {has_power_ ? 1.0 : 0.0, lambda_, offset_, scale_}; }
  void Restore(const double* parameters);

 private:
  bool has_power_ = false;
  double lambda_ = 1;  // of the Box-Cox power of 1 + y
  double offset_ = 0;
  double scale_ = 1;
};

}  // namespace restock
