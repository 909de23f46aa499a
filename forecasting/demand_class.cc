#include "forecasting/demand_class.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace restock {
namespace {

constexpr double kLongInterval = 1.32;
constexpr double kUnevenSizes = 0.49;

}  // namespace

DemandClass DemandPattern::demand_class() const {
  const bool is_uneven = squared_variation > kUnevenSizes;
  if (mean_interval <= kLongInterval) return is_uneven ? DemandClass::kErratic : DemandClass::kSmooth;
  return is_uneven ? DemandClass::kLumpy : DemandClass::kIntermittent;
}

DemandPattern PatternOf(const Eigen::VectorXd& demand) {
  double known = 0, demands = 0, sum = 0, squares = 0;
  for (const double value : demand) {
    if (std::isnan(value)) continue;
    ++known;
    if (value <= 0) continue;
    ++demands;
    sum += value;
    squares += value * value;
  }
  if (demands == 0) return {std::numeric_limits<double>::infinity(), 0};
  const double mean = sum / demands;
  return {known / demands, std::max(0.0, squares / demands / (mean * mean) - 1)};
}

std::string NameOf(DemandClass demand_class) {
  switch (demand_class) {
    case DemandClass::kSmooth:
      return "smooth";
    case DemandClass::kErratic:
      return "erratic";
    case DemandClass::kIntermittent:
      return "intermittent";
    case DemandClass::kLumpy:
      return "lumpy";
  }
  return "";
}

}  // namespace restock
