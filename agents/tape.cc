#include "agents/tape.h"

#include <cmath>
#include <limits>

namespace restock {
namespace {

using Operation = Tape::Operation;
constexpr float kInfinity = std::numeric_limits<float>::infinity();

// 1 where a < b, else 0.
RowValue IsBelow(const RowValue& a, const RowValue& b) { return IsPositive(b - a); }

}  // namespace

TapeValue Tape::Variable(const RowValue& row) {
  return {this, Append({.operation = Operation::kGiven, .is_variable = true}, row)};
}

TapeValue Tape::Constant(const RowValue& row) { return {this, Append({.operation = Operation::kGiven}, row)}; }

int Tape::Append(const Node& node, const RowValue& value) {
  const size_t needed = (nodes_.size() + 1) * kBlockSize;
  if (values_.size() < needed) {
    values_.resize(2 * needed);
    slopes_.resize(2 * needed);
  }
  nodes_.push_back(node);
  value.Store(At(values_, num_nodes() - 1));
  next_back_ = num_nodes();
  return num_nodes() - 1;
}

void Tape::Clear() {
  nodes_.clear();
  next_back_ = 0;
}

void Tape::AddSlope(int number, const RowValue& slope) {
  Node& node = nodes_[static_cast<size_t>(number)];
  if (!node.is_variable) return;
  float* const row = At(slopes_, number);
  (node.has_slope ? RowValue::Load(row) + slope : slope).Store(row);
  node.has_slope = true;
}

void Tape::GoBack(int first_node) {
  for (; next_back_ > first_node; --next_back_) {
    const Node& node = nodes_[static_cast<size_t>(next_back_ - 1)];
    if (node.has_slope && node.operation != Operation::kGiven)
      PassOn(node, value(next_back_ - 1), RowValue::Load(At(slopes_, next_back_ - 1)));
  }
}

void Tape::PassOn(const Node& node, const RowValue& value, const RowValue& slope) {
  const auto x = [&] { return this->value(node.x); };
  const auto y = [&] { return this->value(node.y); };
  const auto to_both = [&](const RowValue& share_of_x) {
    AddSlope(node.x, slope * share_of_x);
    AddSlope(node.y, slope * (1.f - share_of_x));
  };
  switch (node.operation) {
    case Operation::kGiven:
      return;
    case Operation::kAdd:
      AddSlope(node.x, slope);
      return AddSlope(node.y, slope);
    case Operation::kSubtract:
      AddSlope(node.x, slope);
      return AddSlope(node.y, slope * -1.f);
    case Operation::kMultiply:
      if (IsVariable(node.x)) AddSlope(node.x, slope * y());
      if (IsVariable(node.y)) AddSlope(node.y, slope * x());
      return;
    case Operation::kDivide:
      if (IsVariable(node.x)) AddSlope(node.x, slope / y());
      if (IsVariable(node.y)) AddSlope(node.y, slope * value / y() * -1.f);
      return;
    case Operation::kMin:
      return to_both(IsBelow(x(), y()));
    case Operation::kMax:
      return to_both(IsBelow(y(), x()));
    case Operation::kAddNumber:
      return AddSlope(node.x, slope);
    case Operation::kTimesNumber:
      return AddSlope(node.x, slope * node.number);
    case Operation::kNumberOver:
      return AddSlope(node.x, slope * value / x() * -1.f);
    case Operation::kMinNumber:
      return AddSlope(node.x, slope * (1.f - IsBelow(RowValue(node.number), x())));
    case Operation::kMaxNumber:
      return AddSlope(node.x, slope * (1.f - IsBelow(x(), RowValue(node.number))));
  }
}

TapeValue TapeValue::OfTwo(Operation operation, const TapeValue& x, const TapeValue& y, const RowValue& value) {
  Tape& tape = *x.tape_;
  if (!tape.IsVariable(x.node_) && !tape.IsVariable(y.node_)) return tape.Constant(value);
  return {&tape, tape.Append({.operation = operation, .is_variable = true, .x = x.node_, .y = y.node_}, value)};
}

TapeValue TapeValue::WithNumber(Operation operation, const TapeValue& x, float number, const RowValue& value) {
  Tape& tape = *x.tape_;
  if (!tape.IsVariable(x.node_)) return tape.Constant(value);
  return {&tape, tape.Append({.operation = operation, .is_variable = true, .x = x.node_, .number = number}, value)};
}

TapeValue operator+(const TapeValue& x, const TapeValue& y) {
  if (x.is_number() && y.is_number()) return x.number_ + y.number_;
  if (x.is_number()) return y + x;
  if (!y.is_number()) return TapeValue::OfTwo(Operation::kAdd, x, y, x.row() + y.row());
  if (y.number_ == 0) return x;
  return TapeValue::WithNumber(Operation::kAddNumber, x, y.number_, x.row() + y.number_);
}

TapeValue operator-(const TapeValue& x, const TapeValue& y) {
  if (y.is_number()) return x + TapeValue(-y.number_);
  if (x.is_number()) return y * TapeValue(-1.f) + x;
  return TapeValue::OfTwo(Operation::kSubtract, x, y, x.row() - y.row());
}

TapeValue operator*(const TapeValue& x, const TapeValue& y) {
  if (x.is_number() && y.is_number()) return x.number_ * y.number_;
  if (x.is_number()) return y * x;
  if (!y.is_number()) return TapeValue::OfTwo(Operation::kMultiply, x, y, x.row() * y.row());
  if (y.number_ == 0 || y.number_ == 1) return y.number_ == 0 ? y : x;
  return TapeValue::WithNumber(Operation::kTimesNumber, x, y.number_, x.row() * y.number_);
}

TapeValue operator/(const TapeValue& x, const TapeValue& y) {
  if (x.is_number() && y.is_number()) return x.number_ / y.number_;
  if (y.is_number()) return x * TapeValue(1 / y.number_);
  if (x.is_number()) {
    if (x.number_ == 0) return x;
    return TapeValue::WithNumber(Operation::kNumberOver, y, x.number_, x.number_ / y.row());
  }
  return TapeValue::OfTwo(Operation::kDivide, x, y, x.row() / y.row());
}

TapeValue Min(const TapeValue& x, const TapeValue& y) {
  if (x.is_number() && y.is_number()) return x.number_ < y.number_ ? x : y;
  if (x.is_number()) return Min(y, x);
  if (!y.is_number()) return TapeValue::OfTwo(Operation::kMin, x, y, Min(x.row(), y.row()));
  if (y.number_ == kInfinity) return x;
  return TapeValue::WithNumber(Operation::kMinNumber, x, y.number_, Min(x.row(), y.number_));
}

TapeValue Max(const TapeValue& x, const TapeValue& y) {
  if (x.is_number() && y.is_number()) return x.number_ > y.number_ ? x : y;
  if (x.is_number()) return Max(y, x);
  if (!y.is_number()) return TapeValue::OfTwo(Operation::kMax, x, y, Max(x.row(), y.row()));
  if (y.number_ == -kInfinity) return x;
  return TapeValue::WithNumber(Operation::kMaxNumber, x, y.number_, Max(x.row(), y.number_));
}

TapeValue IsPositive(const TapeValue& x) {
  if (x.is_number()) return x.number_ > 0 ? 1.f : 0.f;
  return x.tape_->Constant(IsPositive(x.row()));
}

TapeValue IsEqual(const TapeValue& x, float y) {
  if (x.is_number()) return x.number_ == y ? 1.f : 0.f;
  return x.tape_->Constant(IsEqual(x.row(), y));
}

TapeValue Ceil(const TapeValue& x) {
  if (x.is_number()) return std::ceil(x.number_);
  return x.tape_->Constant(Ceil(x.row()));
}

}  // namespace restock
