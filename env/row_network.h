#pragma once

#include "env/network_sums.h"
#include "env/row_value.h"
#include "env/thinning.h"

namespace restock {

/// Whole units times a share are rounded down; this keeps 49 * (1 / 49) at 1. Exact for stocks up to 2^20 units.
inline constexpr float kJustAboveOne = 1 + 0x1p-22f;

/// The vocabulary of period_step.h over rows: a site or a lane is an index, a value one number per environment of a
/// block. `network` must outlive it.
class RowNetwork : public NetworkSums<RowValue> {
 public:
  using NetworkSums::NetworkSums;

  /// What can be sent of a quantity: whole units, or all where goods can be divided.
  [[gnu::always_inline]] Value Whole(const Value& units) const {
    return network_.is_divisible ? units : Floor(units * kJustAboveOne);
  }
  [[gnu::always_inline]] Value WholeAbove(const Value& units) const {
    return network_.is_divisible ? units : Ceil(units);
  }
  /// A count out of `count`, by a row of uniform numbers; of goods that can be divided the mean.
  template <class Probability, class Uniforms>
  Value Thin(const Value& count, const Probability& probability, const Uniforms& uniform, int use) const {
    return network_.is_divisible ? ThinToMean(count, probability) : restock::Thin(count, probability, uniform(use));
  }
};

}  // namespace restock
