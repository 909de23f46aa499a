#pragma once

#include <utility>

#include <torch/types.h>

#include "common/check.h"

namespace restock {

/// Numbers that are computed together, by place (site, lane, entry) and environment; or one per environment, or one per
/// place: (places, environments), (1, environments), (places, 1). Nothing is changed in place, so that copies of a
/// state stay as they are and autograd can go back. Without a tensor: zero, of any size.
///
/// Where two are equal, Min and Max pass the gradient to the second; at a bound given as a number, to the value. Floor,
/// Ceil and IsPositive have no gradient.
class TensorValue {
 public:
  TensorValue() = default;
  explicit TensorValue(torch::Tensor tensor) : tensor_(std::move(tensor)) {}

  bool IsZero() const { return !tensor_.defined(); }
  const torch::Tensor& tensor() const {
    RESTOCK_CHECK(!IsZero());
    return tensor_;
  }

 private:
  torch::Tensor tensor_;
};

/// A number as a tensor: LibTorch would divide by it by multiplying with its inverse, which is not the same.
inline torch::Tensor NumberLike(float number, const torch::Tensor& tensor) {
  return torch::full({1, 1}, number, tensor.options());
}

inline TensorValue operator+(const TensorValue& x, const TensorValue& y) {
  if (x.IsZero() || y.IsZero()) return x.IsZero() ? y : x;
  return TensorValue(x.tensor() + y.tensor());
}
inline TensorValue operator-(const TensorValue& x, const TensorValue& y) {
  if (y.IsZero()) return x;
  return TensorValue(x.IsZero() ? -y.tensor() : x.tensor() - y.tensor());
}
inline TensorValue operator*(const TensorValue& x, const TensorValue& y) {
  return x.IsZero() || y.IsZero() ? TensorValue() : TensorValue(x.tensor() * y.tensor());
}
inline TensorValue operator/(const TensorValue& x, const TensorValue& y) {
  return x.IsZero() ? x : TensorValue(x.tensor() / y.tensor());
}
inline TensorValue operator+(const TensorValue& x, float y) { return TensorValue(x.tensor() + y); }
inline TensorValue operator-(float x, const TensorValue& y) { return TensorValue(x - y.tensor()); }
inline TensorValue operator-(const TensorValue& x, float y) { return TensorValue(x.tensor() - y); }
inline TensorValue operator*(const TensorValue& x, float y) { return x.IsZero() ? x : TensorValue(x.tensor() * y); }
inline TensorValue operator*(float x, const TensorValue& y) { return y * x; }
inline TensorValue operator/(const TensorValue& x, float y) {
  return x.IsZero() ? x : TensorValue(x.tensor() / NumberLike(y, x.tensor()));
}
inline TensorValue operator/(float x, const TensorValue& y) {
  return TensorValue(NumberLike(x, y.tensor()) / y.tensor());
}

inline TensorValue Min(const TensorValue& x, const TensorValue& y) {
  return TensorValue(torch::where(x.tensor() < y.tensor(), x.tensor(), y.tensor()));
}
inline TensorValue Max(const TensorValue& x, const TensorValue& y) {
  return TensorValue(torch::where(x.tensor() > y.tensor(), x.tensor(), y.tensor()));
}
inline TensorValue Min(const TensorValue& x, float y) { return TensorValue(x.tensor().clamp_max(y)); }
inline TensorValue Max(const TensorValue& x, float y) { return TensorValue(x.tensor().clamp_min(y)); }
/// 1 where a value is above 0, else 0.
inline TensorValue IsPositive(const TensorValue& x) {
  return TensorValue((x.tensor() > 0).to(x.tensor().scalar_type()));
}
inline TensorValue IsEqual(const TensorValue& x, float y) {
  return TensorValue((x.tensor() == y).to(x.tensor().scalar_type()));
}
inline TensorValue Floor(const TensorValue& x) { return TensorValue(x.tensor().floor()); }
inline TensorValue Ceil(const TensorValue& x) { return TensorValue(x.tensor().ceil()); }

/// The number `whole`, with the gradient of `x` ("straight through", Bengio et al. 2013).
inline TensorValue PassGradient(const TensorValue& x, const TensorValue& whole) {
  return TensorValue(whole.tensor().detach() + (x.tensor() - x.tensor().detach()));
}

struct SiteSums;

/// Sites, lanes or entries that are looked at together: rows of a tensor.
struct Places {
  torch::Tensor index = {};        // int64  (num_places); undefined: all rows, in their order
  const SiteSums* sums = nullptr;  // what can be added up for each of these sites, see tensor_network.h
  bool IsAll() const { return !index.defined(); }
};

inline torch::Tensor RowsOf(const torch::Tensor& table, const Places& places) {
  return places.IsAll() ? table : table.index_select(0, places.index);
}

/// Some rows of a tensor: reads as a value, takes a value. The tensor is replaced by another, never written to.
class TensorRef {
 public:
  TensorRef(torch::Tensor& table, Places places) : table_(table), places_(std::move(places)) {}
  TensorRef(const TensorRef&) = default;
  TensorRef& operator=(const TensorRef&) = delete;

  operator TensorValue() const { return TensorValue(RowsOf(table_, places_)); }
  /// Each place must be there once.
  void operator=(const TensorValue& value) const {
    table_ = places_.IsAll() ? Expand(value) : table_.index_copy(0, places_.index, Expand(value));
  }
  /// A place that is there twice gets both terms.
  void operator+=(const TensorValue& value) const {
    if (value.IsZero()) return;
    table_ = places_.IsAll() ? table_ + value.tensor() : table_.index_add(0, places_.index, Expand(value));
  }
  void operator-=(const TensorValue& value) const { *this += value * -1.f; }

 private:
  torch::Tensor Expand(const TensorValue& value) const {
    const int64_t rows = places_.IsAll() ? table_.size(0) : places_.index.size(0);
    return value.IsZero() ? torch::zeros({rows, table_.size(1)}, table_.options())
                          : value.tensor().expand({rows, table_.size(1)});
  }

  torch::Tensor& table_;
  Places places_;
};

/// A tensor of rows by place, (places, environments), as the kernel sees it.
class TensorRows {
 public:
  TensorRows() = default;
  explicit TensorRows(torch::Tensor& table) : table_(&table) {}
  TensorRef operator()(const Places& places) const { return TensorRef(*table_, places); }

 private:
  torch::Tensor* table_ = nullptr;
};

}  // namespace restock
