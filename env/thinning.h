#pragma once

#include "env/row_value.h"

namespace restock {

/// How many of `count` units stay when each does so with `probability`, independently: the smallest number whose
/// binomial distribution function exceeds `uniform`. So a larger uniform number, and a larger count, never gives fewer,
/// and equal uniform numbers tie two policies together. It is how customers accept to wait, suppliers deliver part of
/// an order and goods come back.
///
/// `count`: whole units, 0 ... 2^24; `probability`: 0 ... 1, what lies beyond counts as the nearer end; `uniform`:
/// between 0 and 1, neither of them (UniformRows gives such). Exact up to the rounding of double precision.
RowValue Thin(const RowValue& count, const RowValue& probability, const RowValue& uniform);
RowValue Thin(const RowValue& count, float probability, const RowValue& uniform);

/// The mean of the above: what stays of goods that can be divided, and where gradients are wanted.
template <class Value, class Probability>
Value ThinToMean(const Value& count, const Probability& probability) {
  return count * probability;
}

}  // namespace restock
