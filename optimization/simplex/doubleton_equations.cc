#include "optimization/simplex/doubleton_equations.h"

#include <algorithm>
#include <cmath>

namespace restock::simplex {
namespace {

constexpr int kMostEntries = 4;       // of x: so many may be added to y
constexpr double kMostRatio = 1e3;    // of the two entries: a larger one would blow up what is substituted
constexpr double kCancelled = 1e-12;  // sums of entries this much smaller than their terms are zero

size_t At(int i) { return static_cast<size_t>(i); }

int CountEntries(const LpModel& model, int column) { return model.start[At(column + 1)] - model.start[At(column)]; }

}  // namespace

DoubletonEquations::DoubletonEquations(const LpModel& model)
    : model_(model), substitution_of_row_(model.row_lower.size(), -1), substitution_of_column_(model.cost.size(), -1) {
  FindSubstitutions();
  if (!substitutions_.empty()) BuildReduced();
}

/// Equations with two entries, in the order of their rows.
void DoubletonEquations::FindSubstitutions() {
  struct Pair {
    int count = 0;
    int column[2];
    double entry[2];
  };
  std::vector<Pair> pairs(model_.row_lower.size());
  for (int column = 0; column < model_.num_columns(); ++column) {
    for (int k = model_.start[At(column)]; k < model_.start[At(column + 1)]; ++k) {
      Pair& pair = pairs[At(model_.index[At(k)])];
      if (pair.count < 2) {
        pair.column[pair.count] = column;
        pair.entry[pair.count] = model_.value[At(k)];
      }
      ++pair.count;
    }
  }
  for (int row = 0; row < model_.num_rows(); ++row) {
    const Pair& pair = pairs[At(row)];
    if (pair.count != 2 || model_.row_lower[At(row)] != model_.row_upper[At(row)]) continue;
    const bool first_is_shorter = CountEntries(model_, pair.column[0]) <= CountEntries(model_, pair.column[1]);
    const int x = first_is_shorter ? 0 : 1, y = 1 - x;
    TryRow(row, pair.column[x], pair.column[y], pair.entry[x], pair.entry[y]);
  }
}

void DoubletonEquations::TryRow(int row, int x, int y, double x_entry, double y_entry) {
  if (substitution_of_column_[At(x)] >= 0 || substitution_of_column_[At(y)] >= 0) return;
  const double multiple = -y_entry / x_entry;
  if (CountEntries(model_, x) > kMostEntries) return;
  if (std::abs(multiple) > kMostRatio || std::abs(multiple) < 1 / kMostRatio) return;

  const double constant = model_.row_lower[At(row)] / x_entry;
  const double at_lower = (model_.lower[At(x)] - constant) / multiple;
  const double at_upper = (model_.upper[At(x)] - constant) / multiple;
  substitution_of_row_[At(row)] = substitution_of_column_[At(x)] = substitution_of_column_[At(y)] = num_substituted();
  substitutions_.push_back({.row = row,
                            .x = x,
                            .y = y,
                            .constant = constant,
                            .multiple = multiple,
                            .y_lower = model_.lower[At(y)],
                            .y_upper = model_.upper[At(y)],
                            .lower = std::min(at_lower, at_upper),
                            .upper = std::max(at_lower, at_upper)});
}

void DoubletonEquations::BuildReduced() {
  // rows: the constants go to the right-hand sides
  std::vector<double> shift(model_.row_lower.size(), 0);
  for (const Substitution& substitution : substitutions_) {
    for (int k = model_.start[At(substitution.x)]; k < model_.start[At(substitution.x + 1)]; ++k) {
      shift[At(model_.index[At(k)])] += model_.value[At(k)] * substitution.constant;
    }
  }
  std::vector<int> new_row(shift.size(), -1);
  for (size_t row = 0; row < shift.size(); ++row) {
    if (substitution_of_row_[row] >= 0) continue;
    new_row[row] = reduced_.AddRow(model_.row_lower[row] - shift[row], model_.row_upper[row] - shift[row]);
  }

  // columns: y with the entries of x added
  std::vector<LpEntry> entries;
  std::vector<double> of_x(shift.size(), 0);
  for (int column = 0; column < model_.num_columns(); ++column) {
    const int number = substitution_of_column_[At(column)];
    if (number >= 0 && substitutions_[At(number)].x == column) continue;
    entries.clear();
    const auto add_rest_of_x = [&](const Substitution& substitution, bool collects) {
      for (int k = model_.start[At(substitution.x)]; k < model_.start[At(substitution.x + 1)]; ++k) {
        const int row = model_.index[At(k)];
        double& entry = of_x[At(row)];
        if (collects && entry != 0 && new_row[At(row)] >= 0) entries.push_back({new_row[At(row)], entry});
        entry = collects ? 0 : substitution.multiple * model_.value[At(k)];
      }
    };
    if (number >= 0) add_rest_of_x(substitutions_[At(number)], /*collects=*/false);
    for (int k = model_.start[At(column)]; k < model_.start[At(column + 1)]; ++k) {
      const int row = model_.index[At(k)];
      const double own = model_.value[At(k)], sum = own + of_x[At(row)];
      of_x[At(row)] = 0;
      if (new_row[At(row)] < 0 || std::abs(sum) <= kCancelled * std::abs(own)) continue;
      entries.push_back({new_row[At(row)], sum});
    }
    double cost = model_.cost[At(column)], lower = model_.lower[At(column)], upper = model_.upper[At(column)];
    if (number >= 0) {
      const Substitution& substitution = substitutions_[At(number)];
      add_rest_of_x(substitution, /*collects=*/true);
      cost += substitution.multiple * model_.cost[At(substitution.x)];
      lower = std::max(lower, substitution.lower);
      upper = std::min(upper, substitution.upper);
    }
    reduced_.AddColumn(cost, lower, upper, entries);
  }
}

LpSolution DoubletonEquations::Lift(const LpSolution& solution) const {
  using enum BasisStatus;
  LpSolution whole;
  whole.values.resize(model_.cost.size());
  whole.basis.column.resize(model_.cost.size());
  whole.basis.row.resize(model_.row_lower.size(), kAtLower);
  for (size_t row = 0, next = 0; row < substitution_of_row_.size(); ++row) {
    if (substitution_of_row_[row] < 0) whole.basis.row[row] = solution.basis.row[next++];
  }
  for (size_t column = 0, next = 0; column < substitution_of_column_.size(); ++column) {
    const int number = substitution_of_column_[column];
    if (number >= 0 && substitutions_[At(number)].x == static_cast<int>(column)) continue;
    whole.values[column] = solution.values[next];
    whole.basis.column[column] = solution.basis.column[next++];
  }

  // x is basic; but where y stands at a bound that x brought, x stands there and y is basic
  for (const Substitution& substitution : substitutions_) {
    BasisStatus& x = whole.basis.column[At(substitution.x)];
    BasisStatus& y = whole.basis.column[At(substitution.y)];
    whole.values[At(substitution.x)] = substitution.constant + substitution.multiple * whole.values[At(substitution.y)];
    x = kBasic;
    const bool by_x = (y == kAtLower && substitution.lower > substitution.y_lower) ||
                      (y == kAtUpper && substitution.upper < substitution.y_upper);
    if (!by_x) continue;
    x = (y == kAtLower) == (substitution.multiple > 0) ? kAtLower : kAtUpper;
    y = kBasic;
  }
  return whole;
}

}  // namespace restock::simplex
