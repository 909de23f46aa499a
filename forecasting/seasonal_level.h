#pragma once

#include <vector>

#include <Eigen/Core>

namespace restock {

/// The level of one series' demand along many paths and, by period of a short season, a factor on it: a running mean
/// that becomes an exponentially weighted one. It uses nothing but what was observed before, so it can scale the inputs
/// and outputs of a network without looking ahead.
class SeasonalLevel {
 public:
  SeasonalLevel(int season, int num_paths);
  /// One path becomes `num_paths` equal ones.
  void Replicate(int num_paths);

  /// Demand of the next period at `phase` of the season; NaN changes nothing. Paths know the same periods.  (num_paths)
  void Observe(const Eigen::Ref<const Eigen::ArrayXf>& demand, int phase);

  const Eigen::ArrayXf& level() const { return level_; }       // at least kLeastLevel  (num_paths)
  auto factor(int phase) const { return factor_.col(phase); }  // (num_paths)

  static constexpr float kLeastLevel = 0.02f;

 private:
  Eigen::ArrayXf level_;
  Eigen::ArrayXXf factor_;        // (num_paths, season)
  int count_ = 0;                 // observations so far
  std::vector<int> phase_count_;  // by phase
};

}  // namespace restock
