#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "env/aligned_vector.h"
#include "env/row_value.h"

namespace restock {

/// What was computed on a block of environments, operation by operation, so that gradients can be found by going back
/// (reverse accumulation: Linnainmaa 1976; Griewank & Walther 2008, "Evaluating Derivatives", section 3.2). A node is a
/// row: one number per environment. Nodes that do not depend on a variable take part in no gradient.
///
///   Tape tape;
///   const TapeValue x = tape.Variable(row);
///   const TapeValue y = Min(x * 2.f, x + 1.f);
///   tape.AddSlope(y.node(), RowValue(1.f));
///   tape.GoBack(0);                   // tape.slope(x.node()) is dy/dx
class Tape {
 public:
  enum class Operation : uint8_t {
    kGiven,
    kAdd,
    kSubtract,
    kMultiply,
    kDivide,
    kMin,
    kMax,
    kAddNumber,
    kTimesNumber,
    kNumberOver,
    kMinNumber,
    kMaxNumber
  };

  /// A row that gradients are wanted of, and one that they are not.
  class TapeValue Variable(const RowValue& row);
  class TapeValue Constant(const RowValue& row);

  int num_nodes() const { return static_cast<int>(nodes_.size()); }
  RowValue value(int node) const { return RowValue::Load(At(values_, node)); }
  /// The gradient of all that was added by AddSlope(); zero where nothing came.
  RowValue slope(int node) const {
    return nodes_[static_cast<size_t>(node)].has_slope ? RowValue::Load(At(slopes_, node)) : RowValue();
  }
  void AddSlope(int node, const RowValue& slope);
  /// Passes slopes on, from the last node down to `first_node`.
  void GoBack(int first_node);
  /// Forgets all nodes; keeps the memory.
  void Clear();

 private:
  friend class TapeValue;
  struct Node {
    Operation operation = Operation::kGiven;
    bool is_variable = false;  // depends on one
    bool has_slope = false;
    int x = -1, y = -1;  // nodes
    float number = 0;
  };

  static float* At(AlignedVector& rows, int node) { return rows.data() + static_cast<ptrdiff_t>(node) * kBlockSize; }
  static const float* At(const AlignedVector& rows, int node) {
    return rows.data() + static_cast<ptrdiff_t>(node) * kBlockSize;
  }
  int Append(const Node& node, const RowValue& value);
  bool IsVariable(int node) const { return nodes_[static_cast<size_t>(node)].is_variable; }
  void PassOn(const Node& node, const RowValue& value, const RowValue& slope);

  std::vector<Node> nodes_;
  AlignedVector values_, slopes_;  // [node][env]
  int next_back_ = 0;              // GoBack() goes on below this node
};

/// A node of a tape, or one number for all environments, which costs nothing: adding 0 or multiplying by 1 makes no
/// node.
///
/// Where two are equal, Min and Max pass the gradient to the second; at a bound given as a number, to the value.
/// IsPositive, IsEqual and Ceil have no gradient.
class TapeValue {
 public:
  TapeValue() = default;
  TapeValue(float number) : number_(number) {}
  bool is_number() const { return node_ < 0; }
  float number() const { return number_; }
  int node() const { return node_; }
  Tape& tape() const { return *tape_; }
  /// As a row.
  RowValue row() const { return is_number() ? RowValue(number_) : tape_->value(node_); }

  friend TapeValue operator+(const TapeValue& x, const TapeValue& y);
  friend TapeValue operator-(const TapeValue& x, const TapeValue& y);
  friend TapeValue operator*(const TapeValue& x, const TapeValue& y);
  friend TapeValue operator/(const TapeValue& x, const TapeValue& y);
  friend TapeValue Min(const TapeValue& x, const TapeValue& y);
  friend TapeValue Max(const TapeValue& x, const TapeValue& y);
  friend TapeValue IsPositive(const TapeValue& x);
  friend TapeValue IsEqual(const TapeValue& x, float y);
  friend TapeValue Ceil(const TapeValue& x);

 private:
  friend class Tape;
  TapeValue(Tape* tape, int node) : tape_(tape), node_(node) {}
  static TapeValue OfTwo(Tape::Operation operation, const TapeValue& x, const TapeValue& y, const RowValue& value);
  static TapeValue WithNumber(Tape::Operation operation, const TapeValue& x, float number, const RowValue& value);

  Tape* tape_ = nullptr;
  int node_ = -1;
  float number_ = 0;
};

// once more, so that places (TapeRef) are found to be values as well
TapeValue operator+(const TapeValue& x, const TapeValue& y);
TapeValue operator-(const TapeValue& x, const TapeValue& y);
TapeValue operator*(const TapeValue& x, const TapeValue& y);
TapeValue operator/(const TapeValue& x, const TapeValue& y);
TapeValue Min(const TapeValue& x, const TapeValue& y);
TapeValue Max(const TapeValue& x, const TapeValue& y);
TapeValue IsPositive(const TapeValue& x);
TapeValue IsEqual(const TapeValue& x, float y);
TapeValue Ceil(const TapeValue& x);

/// A place that holds a value: reads as one, takes one.
class TapeRef {
 public:
  explicit TapeRef(TapeValue& place) : place_(place) {}
  TapeRef(const TapeRef&) = default;
  TapeRef& operator=(const TapeRef&) = delete;
  operator TapeValue() const { return place_; }
  void operator=(const TapeValue& value) const { place_ = value; }
  void operator+=(const TapeValue& value) const { place_ = place_ + value; }
  void operator-=(const TapeValue& value) const { place_ = place_ - value; }

 private:
  TapeValue& place_;
};

/// Values by place, as the kernel sees them.
class TapeRows {
 public:
  TapeRows() = default;
  explicit TapeRows(std::span<TapeValue> values) : values_(values) {}
  TapeRef operator()(int place) const { return TapeRef(values_[static_cast<size_t>(place)]); }

 private:
  std::span<TapeValue> values_;
};

}  // namespace restock
