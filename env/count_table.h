#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "common/distributions.h"
#include "env/aligned_vector.h"
#include "env/network_state.h"

namespace restock {

/// A count distribution as a table that turns 32 random bits into a count in constant time: the alias method (Walker
/// 1977, Vose 1991) in whole numbers. Exact: the table holds each probability rounded down to a multiple of 2^-32; what
/// is cut off, and the far tails, are one more outcome, kEscape, for which DrawRest() draws from exactly what is
/// missing.
class CountTable {
 public:
  /// Of a mean up to 2^20.
  explicit CountTable(const CountDistribution& distribution);

  /// One count per environment of a block; returns whether some of them are `escape()`.
  bool Draw(const uint32_t* bits, float* counts) const;
  /// The same for one word: what Draw() must agree with.
  float DrawOne(uint32_t bits) const;
  /// Stands for the counts that the table leaves out.
  float escape() const { return first_ + static_cast<float>(num_columns() - 1); }
  /// A count given that it is one that the table leaves out; 0 <= uniform < 1.
  float DrawRest(double uniform) const;

 private:
  int num_columns() const { return 1 << log_columns_; }
  bool DrawFromRegisters(const uint32_t* bits, float* counts) const;
  void ChooseRange(const CountDistribution& distribution);
  void FillColumns(std::vector<uint64_t> weights);

  float first_ = 0;     // count of column 0
  int num_counts_ = 0;  // columns that own a count; the last column of all owns the escape
  int log_columns_ = 4;
  std::vector<uint32_t, AlignedAllocator<uint32_t>> cut_;  // below it a column gives its own count  (num_columns)
  AlignedVector other_;                                    // above it this one  (num_columns)
  std::vector<float> rest_counts_;                         // what the table leaves out ...
  std::vector<double> rest_cumulative_;                    // ... and its probability, summed up
};

}  // namespace restock
