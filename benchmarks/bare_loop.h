#pragma once

#include <cstddef>
#include <vector>

#include "env/aligned_vector.h"
#include "env/count_table.h"

namespace restock {

/// The least that a simulator of lost sales can do, by hand: sites with a lane each, stock and orders under way in one
/// array each, no network, no observations, no checks. What the real one is measured against.
class BareLoop {
 public:
  static constexpr int kLeadTime = 4;

  /// Poisson demand of the means in turn; `num_periods` of it are kept in memory where `is_given`.
  BareLoop(int num_blocks, int num_sites, const std::vector<double>& means, int num_periods, bool is_given);

  /// One period: receives, sells, pays and orders.
  void Step();
  double num_updates() const { return static_cast<double>(num_rows_) * kBlockSize; }
  const AlignedVector& reward() const { return reward_; }

 private:
  void DrawDemand(int block, int first_site, int period, float* demand) const;

  int num_sites_;
  ptrdiff_t num_rows_;  // of 64 sites, one per environment of a block
  int num_periods_;
  bool is_given_;
  int period_ = 0;
  std::vector<CountTable> tables_;
  std::vector<int> table_;    // by site
  AlignedVector demand_;      // [period][block][site][env]
  AlignedVector on_hand_;     // [block][site][env]
  AlignedVector in_transit_;  // [period % kLeadTime][block][site][env]
  AlignedVector orders_;      // [block][site][env]
  AlignedVector reward_;      // [block][env]
};

}  // namespace restock
