#pragma once

#include <algorithm>
#include <cmath>

#include "optimization/simplex/array.h"

namespace restock::simplex {

inline constexpr double kTiny = 1e-14;  // smaller results of a subtraction are rounding errors

/// A vector with few nonzeros: values in full length, and the list of places that may be nonzero. Outside the list it
/// is zero.
struct SparseVector {
  explicit SparseVector(int size = 0) : value(size, 0.0), index(size + 1) {}

  Array<double> value;  // (size)
  Array<int> index;     // the first `count` are in use, each place once  (size + 1: Add() writes ahead)
  int count = 0;

  int size() const { return value.length(); }
  double density() const { return size() == 0 ? 0 : static_cast<double>(count) / size(); }

  void Clear() {
    if (density() > 0.3) {
      std::fill(value.begin(), value.end(), 0.0);
    } else {
      for (int k = 0; k < count; ++k) value[index[k]] = 0;
    }
    count = 0;
  }
  /// For a place that is zero so far.
  void Set(int place, double entry) {
    value[place] = entry;
    index[count++] = place;
  }
  void Add(int place, double entry) {
    const double before = value[place];
    index[count] = place;  // without a branch, as a processor cannot guess it
    count += before == 0 ? 1 : 0;
    const double after = before + entry;
    // a place in the list must not look empty, or it would be listed twice
    value[place] = after == 0 ? kAlmostZero : after;
  }
  void Copy(const SparseVector& other) {
    Clear();
    for (int k = 0; k < other.count; ++k) Set(other.index[k], other.value[other.index[k]]);
  }
  /// Lists the nonzeros anew, after changes of `value` alone.
  void FindNonzeros() {
    int found = 0;
    for (int place = 0; place < size(); ++place) {
      const double entry = value[place];
      const bool is_nonzero = std::abs(entry) >= kTiny;
      index[found] = place;
      found += is_nonzero ? 1 : 0;
      if (!is_nonzero) value[place] = 0;
    }
    count = found;
  }
  /// Takes tiny entries out of the list.
  void DropTiny() {
    int kept = 0;
    for (int k = 0; k < count; ++k) {
      const int place = index[k];
      const double entry = value[place];
      const bool is_nonzero = std::abs(entry) >= kTiny;
      index[kept] = place;
      kept += is_nonzero ? 1 : 0;
      if (!is_nonzero) value[place] = 0;
    }
    count = kept;
  }

  static constexpr double kAlmostZero = 1e-100;
};

/// The nonzeros of a vector, one after the other: a copy for later.
struct PackedVector {
  Array<int> index;
  Array<double> value;

  void Copy(const SparseVector& vector) {
    index.clear();
    value.clear();
    for (int k = 0; k < vector.count; ++k) {
      const int place = vector.index[k];
      if (std::abs(vector.value[place]) < kTiny) continue;
      index.push_back(place);
      value.push_back(vector.value[place]);
    }
  }
};

}  // namespace restock::simplex
