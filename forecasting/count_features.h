#pragma once

#include <Eigen/Core>

namespace restock {

/// What is remembered of one series' demand along many paths: sums with several memories, from which features of its
/// next periods are made, all by recursion, so that a path is followed in a few operations a period.
class CountMemory {
 public:
  CountMemory(int season, int num_paths);
  /// One path becomes `num_paths` equal ones.
  void Replicate(int num_paths) { sums_ = sums_.replicate(num_paths, 1).eval(); }
  Eigen::Index num_paths() const { return sums_.rows(); }

  /// Demand of the period at `phase` of the season; NaN: not known.  (num_paths)
  void Observe(const Eigen::Ref<const Eigen::ArrayXf>& demand, int phase);

  /// Mean demand, share of periods with demand, and mean demand of those, over all series: what few observations are
  /// drawn towards.
  struct Usual {
    double mean = 0.5, share = 0.3, size = 1.5;
  };
  static int NumFeatures(int season);
  /// Features of demand at `phase`, `ahead` (0 ... 1) of the way to the horizon.  (num_paths, NumFeatures())
  void Features(const Usual& usual, int phase, double ahead, Eigen::Ref<Eigen::MatrixXd> features) const;

 private:
  int season_;            // 1: none
  Eigen::ArrayXXd sums_;  // (num_paths, number of sums)
};

}  // namespace restock
