#pragma once

#include <cstddef>

#if defined(__AVX512F__)
#include <immintrin.h>
#endif

#include "env/network_state.h"

namespace restock {

/// One number per environment of a block, in registers: plain arithmetic on four vectors of 16 floats, each one
/// register of the widest machines and several of narrower ones. Eigen's arrays of this size go through memory at every
/// step.
class RowValue {
 public:
  using Quarter = float __attribute__((vector_size(16 * sizeof(float))));
  static constexpr int kQuarterSize = 16;
  static_assert(kBlockSize == 4 * kQuarterSize);

  RowValue() = default;
  explicit RowValue(float value) : a_(Quarter{} + value), b_(a_), c_(a_), d_(a_) {}
  /// Reads and writes 64 floats, wherever they stand.
  [[gnu::always_inline]] static RowValue Load(const float* from) {
    return {LoadQuarter(from), LoadQuarter(from + 16), LoadQuarter(from + 32), LoadQuarter(from + 48)};
  }
  [[gnu::always_inline]] void Store(float* to) const {
    StoreQuarter(a_, to);
    StoreQuarter(b_, to + 16);
    StoreQuarter(c_, to + 32);
    StoreQuarter(d_, to + 48);
  }

  /// Hands each quarter and its place behind `to` to `store`.
  template <class StoreQuarterAt>
  [[gnu::always_inline]] void ForEachQuarter(float* to, StoreQuarterAt store) const {
    store(a_, to);
    store(b_, to + 16);
    store(c_, to + 32);
    store(d_, to + 48);
  }

  /// Applies `f` to the quarters of one or two values.
  template <class F>
  [[gnu::always_inline]] static RowValue Map(F f, const RowValue& x) {
    return {f(x.a_), f(x.b_), f(x.c_), f(x.d_)};
  }
  template <class F>
  [[gnu::always_inline]] static RowValue Map(F f, const RowValue& x, const RowValue& y) {
    return {f(x.a_, y.a_), f(x.b_, y.b_), f(x.c_, y.c_), f(x.d_, y.d_)};
  }

 private:
  [[gnu::always_inline]] RowValue(Quarter a, Quarter b, Quarter c, Quarter d) : a_(a), b_(b), c_(c), d_(d) {}
  // a vector may alias the floats that it consists of, and nothing else: unlike after memcpy, the compiler need not
  // read pointers and indices again
  using InMemory = float __attribute__((vector_size(16 * sizeof(float)), aligned(alignof(float))));
  [[gnu::always_inline]] static Quarter LoadQuarter(const float* from) {
    return *reinterpret_cast<const InMemory*>(from);
  }
  [[gnu::always_inline]] static void StoreQuarter(Quarter value, float* to) {
    *reinterpret_cast<InMemory*>(to) = value;
  }

  Quarter a_ = {}, b_ = {}, c_ = {}, d_ = {};
};

#define RESTOCK_ROW_OPERATOR(op)                                                             \
  [[gnu::always_inline]] inline RowValue operator op(const RowValue& x, const RowValue& y) { \
    return RowValue::Map([](auto a, auto b) { return a op b; }, x, y);                       \
  }                                                                                          \
  [[gnu::always_inline]] inline RowValue operator op(const RowValue& x, float y) {           \
    return RowValue::Map([y](auto a) { return a op y; }, x);                                 \
  }                                                                                          \
  [[gnu::always_inline]] inline RowValue operator op(float x, const RowValue& y) {           \
    return RowValue::Map([x](auto b) { return x op b; }, y);                                 \
  }
RESTOCK_ROW_OPERATOR(+)
RESTOCK_ROW_OPERATOR(-)
RESTOCK_ROW_OPERATOR(*)
RESTOCK_ROW_OPERATOR(/)
#undef RESTOCK_ROW_OPERATOR

[[gnu::always_inline]] inline RowValue Min(const RowValue& x, const RowValue& y) {
  return RowValue::Map([](auto a, auto b) { return a < b ? a : b; }, x, y);
}
[[gnu::always_inline]] inline RowValue Max(const RowValue& x, const RowValue& y) {
  return RowValue::Map([](auto a, auto b) { return a > b ? a : b; }, x, y);
}
[[gnu::always_inline]] inline RowValue Min(const RowValue& x, float y) { return Min(x, RowValue(y)); }
[[gnu::always_inline]] inline RowValue Max(const RowValue& x, float y) { return Max(x, RowValue(y)); }
/// 1 where a value is above 0, else 0.
[[gnu::always_inline]] inline RowValue IsPositive(const RowValue& x) {
  return RowValue::Map([](auto a) { return a > 0 ? RowValue::Quarter{} + 1 : RowValue::Quarter{}; }, x);
}
/// For values between -2^31 and 2^31.
[[gnu::always_inline]] inline RowValue Floor(const RowValue& x) {
#if defined(__AVX512F__)
  return RowValue::Map([](auto a) { return RowValue::Quarter(_mm512_floor_ps(a)); }, x);
#else
  using Whole = int __attribute__((vector_size(sizeof(RowValue::Quarter))));
  return RowValue::Map(
      [](auto a) {
        const auto truncated = __builtin_convertvector(__builtin_convertvector(a, Whole), RowValue::Quarter);
        return truncated > a ? truncated - 1 : truncated;
      },
      x);
#endif
}

[[gnu::always_inline]] inline RowValue Ceil(const RowValue& x) { return Floor(x * -1.f) * -1.f; }
/// 1 where a value equals a number, else 0.
[[gnu::always_inline]] inline RowValue IsEqual(const RowValue& x, float y) {
  return RowValue::Map([y](auto a) { return a == y ? RowValue::Quarter{} + 1 : RowValue::Quarter{}; }, x);
}

/// Rows that a step reads once and in order are asked for so many rows before they are needed: new pages of memory come
/// too late otherwise. Beyond the end this does nothing.
inline constexpr int kRowsAhead = 2;
[[gnu::always_inline]] inline void AskForLaterRow(const float* row) {
  for (int i = 0; i < kBlockSize; i += RowValue::kQuarterSize) __builtin_prefetch(row + kRowsAhead * kBlockSize + i);
}

/// A row in memory that belongs to others: reads as a value, takes a value.
class RowRef {
 public:
  explicit RowRef(float* data) : data_(data) {}
  [[gnu::always_inline]] operator RowValue() const { return RowValue::Load(data_); }
  [[gnu::always_inline]] void operator=(const RowValue& value) const { value.Store(data_); }
  [[gnu::always_inline]] void operator+=(const RowValue& value) const { (RowValue(*this) + value).Store(data_); }
  [[gnu::always_inline]] void operator-=(const RowValue& value) const { (RowValue(*this) - value).Store(data_); }

 private:
  float* data_;
};

/// Rows in memory, (row, environment).
struct Rows {
  float* data = nullptr;
  RowRef operator()(int row) const { return RowRef(data + static_cast<ptrdiff_t>(row) * kBlockSize); }
};
struct ConstRows {
  const float* data = nullptr;
  RowValue operator()(int row) const { return RowValue::Load(data + static_cast<ptrdiff_t>(row) * kBlockSize); }
};
/// Rows that are read in order.
struct StreamOfRows : Rows {
  [[gnu::always_inline]] RowRef operator()(int row) const {
    AskForLaterRow(data + static_cast<ptrdiff_t>(row) * kBlockSize);
    return Rows::operator()(row);
  }
};

}  // namespace restock
