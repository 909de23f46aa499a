#include "forecasting/transform.h"

#include <algorithm>
#include <cmath>

#include "forecasting/box_cox.h"

namespace restock {
namespace {

constexpr double kLargest = 1e15;  // that a value may become on the way back

double Sane(double scale) { return std::isfinite(scale) && scale > 1e-12 ? scale : 1; }

}  // namespace

const std::vector<std::pair<std::string, TransformKind>>& TransformNames() {
  static const std::vector<std::pair<std::string, TransformKind>> names = {
      {"none", TransformKind::kNone},
      {"log", TransformKind::kLog},
      {"box_cox", TransformKind::kBoxCox},
      {"min_max", TransformKind::kMinMax},
      {"z_score", TransformKind::kZScore},
      {"mean_scale", TransformKind::kMeanScale},
      {"difference", TransformKind::kDifference},
      {"seasonal_difference", TransformKind::kSeasonalDifference}};
  return names;
}

Transform::Transform(TransformKind kind, const Eigen::VectorXd& demand, int season) {
  const auto known = demand.array() == demand.array();
  const auto count = static_cast<double>(known.count());
  if (count == 0) return;
  const double mean = known.select(demand.array(), 0.0).sum() / count;
  switch (kind) {
    case TransformKind::kLog:
      has_power_ = true;
      lambda_ = 0;
      break;
    case TransformKind::kBoxCox:
      has_power_ = true;
      lambda_ = ChooseLambda(demand.array().max(0.0).matrix() + Eigen::VectorXd::Ones(demand.size()), season);
      break;
    case TransformKind::kMinMax: {
      offset_ = known.select(demand.array(), INFINITY).minCoeff();
      scale_ = Sane(known.select(demand.array(), -INFINITY).maxCoeff() - offset_);
      break;
    }
    case TransformKind::kZScore:
      offset_ = mean;
      scale_ = Sane(std::sqrt(known.select((demand.array() - mean).square(), 0.0).sum() / count));
      break;
    case TransformKind::kMeanScale:
      scale_ = Sane(known.select(demand.array().abs(), 0.0).sum() / count);
      break;
    case TransformKind::kNone:
    case TransformKind::kDifference:
    case TransformKind::kSeasonalDifference:
      break;
  }
}

double Transform::Forward(double value) const {
  if (std::isnan(value)) return value;
  const double powered = has_power_ ? BoxCox(1 + std::max(0.0, value), lambda_) : value;
  return (powered - offset_) / scale_;
}

double Transform::Inverse(double transformed) const {
  const double powered = transformed * scale_ + offset_;
  const double value = has_power_ ? InverseBoxCox(powered, lambda_) - 1 : powered;
  return std::clamp(std::isnan(value) ? kLargest : value, -kLargest, kLargest);
}

void Transform::Restore(const double* parameters) {
  has_power_ = parameters[0] != 0;
  lambda_ = parameters[1];
  offset_ = parameters[2];
  scale_ = parameters[3];
}

}  // namespace restock
