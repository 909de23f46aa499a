#pragma once

#include <array>
#include <cmath>

#include "env/row_value.h"

namespace restock {

/// The sum over the columns of a row, in double, always in the same order.
inline double SumOfColumns(const RowValue& row) {
  constexpr int kNumParts = 8;
  alignas(64) float columns[kBlockSize];
  row.Store(columns);
  std::array<double, kNumParts> parts = {};
  for (int i = 0; i < kBlockSize; i += kNumParts) {
    for (int part = 0; part < kNumParts; ++part) parts[static_cast<size_t>(part)] += double{columns[i + part]};
  }
  double sum = 0;
  for (const double part : parts) sum += part;
  return sum;
}

/// One number for all SKUs of an assortment, with the arithmetic that the kernel needs of what is shared. It becomes
/// float, as rows are, when it meets one.
struct SharedNumber {
  double value = 0;
};

inline SharedNumber operator-(SharedNumber x, float y) { return {x.value - double{y}}; }
inline SharedNumber operator-(float x, SharedNumber y) { return {double{x} - y.value}; }
inline SharedNumber operator*(float x, SharedNumber y) { return {double{x} * y.value}; }
inline SharedNumber operator/(SharedNumber x, float y) { return {x.value / double{y}}; }
inline SharedNumber operator/(float x, SharedNumber y) { return {double{x} / y.value}; }
inline SharedNumber operator/(SharedNumber x, SharedNumber y) { return {x.value / y.value}; }
inline SharedNumber Min(SharedNumber x, float y) { return {std::fmin(x.value, double{y})}; }
inline SharedNumber Max(SharedNumber x, float y) { return {std::fmax(x.value, double{y})}; }
inline SharedNumber Ceil(SharedNumber x) { return {std::ceil(x.value)}; }
[[gnu::always_inline]] inline RowValue operator*(SharedNumber x, const RowValue& row) {
  return static_cast<float>(x.value) * row;
}
[[gnu::always_inline]] inline RowValue operator*(const RowValue& row, SharedNumber x) { return x * row; }

}  // namespace restock
