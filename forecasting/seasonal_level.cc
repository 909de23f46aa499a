#include "forecasting/seasonal_level.h"

#include <algorithm>
#include <cmath>

namespace restock {
namespace {

constexpr float kLevelSmoothing = 0.1f;
constexpr float kFactorSmoothing = 0.15f;
constexpr int kFactorPrior = 2;  // the first factor of 1 counts like so many observations
constexpr float kLeastFactor = 0.2f, kLargestFactor = 5;

}  // namespace

SeasonalLevel::SeasonalLevel(int season, int num_paths)
    : level_(Eigen::ArrayXf::Constant(num_paths, kLeastLevel)),
      factor_(Eigen::ArrayXXf::Ones(num_paths, season)),
      phase_count_(static_cast<size_t>(season)) {}

void SeasonalLevel::Replicate(int num_paths) {
  level_ = level_.replicate(num_paths, 1).eval();
  factor_ = factor_.replicate(num_paths, 1).eval();
}

void SeasonalLevel::Observe(const Eigen::Ref<const Eigen::ArrayXf>& demand, int phase) {
  if (std::isnan(demand[0])) return;
  int& phase_count = phase_count_[static_cast<size_t>(phase)];
  const float smoothing = std::max(kLevelSmoothing, 1 / static_cast<float>(++count_));
  const float factor_smoothing = std::max(kFactorSmoothing, 1 / static_cast<float>(++phase_count + kFactorPrior));

  // the level sees demand without its season, the factor sees demand relative to the level
  level_ = (level_ + smoothing * (demand / factor_.col(phase) - level_)).max(kLeastLevel);
  if (factor_.cols() == 1) return;
  const Eigen::ArrayXf ratio = (demand + 0.5f) / (level_ + 0.5f);
  factor_.col(phase) =
      (factor_.col(phase) + factor_smoothing * (ratio - factor_.col(phase))).max(kLeastFactor).min(kLargestFactor);
}

}  // namespace restock
