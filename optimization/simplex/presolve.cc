#include "optimization/simplex/presolve.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace restock::simplex {
namespace {

constexpr int kMostPasses = 20;
constexpr int kMostRounds = 3;        // of comparing rows and columns with others
constexpr double kWorthwhile = 0.02;  // rows and columns that a round must take out for another one, a share of all
constexpr double kTolerance = 1e-9;   // relative: bounds that cross by less are equal
constexpr double kSmallEntry = 1e-5;  // entries this small would blow up what is divided by them

size_t At(int i) { return static_cast<size_t>(i); }

double Slack(double bound) { return kTolerance * std::max(1.0, std::abs(bound)); }

bool Cross(double lower, double upper) { return lower > upper + Slack(lower); }

}  // namespace

Presolve::Presolve(const LpModel& model)
    : model_(model),
      row_lives_(model.row_lower.size(), true),
      column_lives_(model.cost.size(), true),
      row_count_(model.row_lower.size(), 0),
      cost_(model.cost),
      lower_(model.lower),
      upper_(model.upper),
      row_lower_(model.row_lower),
      row_upper_(model.row_upper) {
  if (model.sense == LpSense::kMaximize) {
    for (double& cost : cost_) cost = -cost;
  }
  BuildRows();

  // what rows and columns say by themselves, then what they say beside others
  ReduceOneByOne();
  for (int round = 0; round < kMostRounds && !has_no_optimum_; ++round) {
    const size_t num_steps = steps_.size();
    MergeDuplicateRows();
    MergeDuplicateColumns();
    FixDominatedColumns();
    DropImpliedRows();
    ReduceOneByOne();
    if (static_cast<double>(steps_.size() - num_steps) < kWorthwhile * (model_.num_rows() + model_.num_columns()))
      break;
  }
  if (!has_no_optimum_) BuildReduced();
}

/// Until nothing changes.
void Presolve::ReduceOneByOne() {
  bool changes = true;
  for (int pass = 0; pass < kMostPasses && changes && !has_no_optimum_; ++pass) {
    changes = false;
    for (int row = 0; row < model_.num_rows() && !has_no_optimum_; ++row) {
      if (row_lives_[At(row)] && ReduceRow(row)) changes = true;
    }
    for (int column = 0; column < model_.num_columns() && !has_no_optimum_; ++column) {
      if (column_lives_[At(column)] && ReduceColumn(column)) changes = true;
    }
  }
}

void Presolve::BuildRows() {
  for (int column = 0; column < model_.num_columns(); ++column) {
    column_count_.push_back(model_.start[At(column + 1)] - model_.start[At(column)]);
  }
  for (const int row : model_.index) ++row_count_[At(row)];
  row_start_.assign(row_count_.size() + 1, 0);
  for (size_t row = 0; row < row_count_.size(); ++row) row_start_[row + 1] = row_start_[row] + row_count_[row];
  row_column_.resize(model_.index.size());
  row_value_.resize(model_.index.size());
  std::vector<int> next(row_start_.begin(), row_start_.end() - 1);
  for (int column = 0; column < model_.num_columns(); ++column) {
    for (int k = model_.start[At(column)]; k < model_.start[At(column + 1)]; ++k) {
      const int place = next[At(model_.index[At(k)])]++;
      row_column_[At(place)] = column;
      row_value_[At(place)] = model_.value[At(k)];
    }
  }
}

Presolve::Activity Presolve::ActivityOf(int row, int without_column) const {
  Activity activity;
  for (int k = row_start_[At(row)]; k < row_start_[At(row + 1)]; ++k) {
    const int column = row_column_[At(k)];
    if (!column_lives_[At(column)] || column == without_column) continue;
    const double entry = row_value_[At(k)];
    activity.least += entry * (entry > 0 ? lower_ : upper_)[At(column)];
    activity.most += entry * (entry > 0 ? upper_ : lower_)[At(column)];
  }
  return activity;
}

// --- rows ------------------------------------------------------------------------------------------------------------

bool Presolve::ReduceRow(int row) {
  double& lower = row_lower_[At(row)];
  double& upper = row_upper_[At(row)];
  if (Cross(lower, upper)) return has_no_optimum_ = true;
  if (row_count_[At(row)] == 1) {
    TurnRowIntoBound(row);
    return true;
  }

  const Activity activity = ActivityOf(row, -1);
  if (Cross(activity.least, upper) || Cross(lower, activity.most)) return has_no_optimum_ = true;
  if (activity.least >= lower && activity.most <= upper) {
    DropRow(row);
    return true;
  }
  if (activity.least >= upper) {
    ForceColumns(row, /*to_least=*/true);
    return true;
  }
  if (activity.most <= lower) {
    ForceColumns(row, /*to_least=*/false);
    return true;
  }

  // a side that never binds frees columns
  if (activity.least >= lower) lower = -kInfinity;
  if (activity.most <= upper) upper = kInfinity;
  return false;
}

void Presolve::DropRow(int row) {
  steps_.push_back({.rule = Rule::kDropRow, .row = row});
  RemoveRow(row);
}

void Presolve::RemoveRow(int row) {
  row_lives_[At(row)] = false;
  for (int k = row_start_[At(row)]; k < row_start_[At(row + 1)]; ++k) --column_count_[At(row_column_[At(k)])];
}

// l <= a x <= u bounds x.
void Presolve::TurnRowIntoBound(int row) {
  int k = row_start_[At(row)];
  while (!column_lives_[At(row_column_[At(k)])]) ++k;
  const int column = row_column_[At(k)];
  const double entry = row_value_[At(k)];
  steps_.push_back({.rule = Rule::kRowToBound,
                    .row = row,
                    .column = column,
                    .lower = lower_[At(column)],
                    .upper = upper_[At(column)],
                    .entry = entry});
  const double least = (entry > 0 ? row_lower_ : row_upper_)[At(row)] / entry;
  const double most = (entry > 0 ? row_upper_ : row_lower_)[At(row)] / entry;
  lower_[At(column)] = std::max(lower_[At(column)], least);
  upper_[At(column)] = std::min(upper_[At(column)], most);
  row_lives_[At(row)] = false;
  --column_count_[At(column)];
}

// The row holds only with each of its columns at the bound that makes it least (most).
void Presolve::ForceColumns(int row, bool to_least) {
  for (int k = row_start_[At(row)]; k < row_start_[At(row + 1)]; ++k) {
    const int column = row_column_[At(k)];
    if (!column_lives_[At(column)]) continue;
    FixColumn(column, ((row_value_[At(k)] > 0) == to_least ? lower_ : upper_)[At(column)]);
  }
  DropRow(row);
}

// --- columns ---------------------------------------------------------------------------------------------------------

bool Presolve::ReduceColumn(int column) {
  const double lower = lower_[At(column)];
  const double upper = upper_[At(column)];
  if (Cross(lower, upper)) return has_no_optimum_ = true;
  if (lower >= upper) {
    FixColumn(column, lower);
    return true;
  }
  if (column_count_[At(column)] == 1 && TurnColumnIntoSlack(column)) return true;
  return MoveToCheaperBound(column);
}

void Presolve::FixColumn(int column, double value) {
  steps_.push_back({.rule = Rule::kFixColumn,
                    .column = column,
                    .lower = lower_[At(column)],
                    .upper = upper_[At(column)],
                    .value = value});
  for (int k = model_.start[At(column)]; k < model_.start[At(column + 1)]; ++k) {
    const int row = model_.index[At(k)];
    if (!row_lives_[At(row)]) continue;
    row_lower_[At(row)] -= model_.value[At(k)] * value;
    row_upper_[At(row)] -= model_.value[At(k)] * value;
  }
  RemoveColumn(column);
}

void Presolve::RemoveColumn(int column) {
  column_lives_[At(column)] = false;
  for (int k = model_.start[At(column)]; k < model_.start[At(column + 1)]; ++k) --row_count_[At(model_.index[At(k)])];
}

// A column that stands in one row alone only makes the row's bounds wider, if it costs nothing. One that has a cost
// must be kept within its bounds by the row alone: then its price is the row's. (Of an equation any multiple could be
// added to the costs, but that would turn others negative, and the basis of all slacks would not be dual feasible.)
bool Presolve::TurnColumnIntoSlack(int column) {
  int k = model_.start[At(column)];
  while (!row_lives_[At(model_.index[At(k)])]) ++k;
  const int row = model_.index[At(k)];
  const double entry = model_.value[At(k)];
  if (std::abs(entry) < kSmallEntry) return false;
  double& row_lower = row_lower_[At(row)];
  double& row_upper = row_upper_[At(row)];

  const double dual = cost_[At(column)] / entry;
  if (dual != 0) {
    // the row keeps the column within its bounds anyway, and as it has a price the row is tight
    const Activity rest = ActivityOf(row, column);
    const double least = ((entry > 0 ? row_lower - rest.most : row_upper - rest.least)) / entry;
    const double most = ((entry > 0 ? row_upper - rest.least : row_lower - rest.most)) / entry;
    if (!(least >= lower_[At(column)] && most <= upper_[At(column)])) return false;
    const double side = dual > 0 ? row_lower : row_upper;
    if (!std::isfinite(side)) return false;
    (dual > 0 ? row_upper : row_lower) = side;
  }
  if (dual != 0) {
    for (int place = row_start_[At(row)]; place < row_start_[At(row + 1)]; ++place) {
      cost_[At(row_column_[At(place)])] -= dual * row_value_[At(place)];
    }
  }

  steps_.push_back({.rule = Rule::kColumnToSlack,
                    .row = row,
                    .column = column,
                    .row_lower = row_lower,
                    .row_upper = row_upper,
                    .lower = lower_[At(column)],
                    .upper = upper_[At(column)],
                    .entry = entry});
  row_lower -= entry * (entry > 0 ? upper_ : lower_)[At(column)];
  row_upper -= entry * (entry > 0 ? lower_ : upper_)[At(column)];
  RemoveColumn(column);
  return true;
}

// A column that no row holds back on the way to its cheaper bound stands there.
bool Presolve::MoveToCheaperBound(int column) {
  bool may_fall = cost_[At(column)] >= 0;
  bool may_rise = cost_[At(column)] <= 0;
  for (int k = model_.start[At(column)]; k < model_.start[At(column + 1)] && (may_fall || may_rise); ++k) {
    const int row = model_.index[At(k)];
    if (!row_lives_[At(row)]) continue;
    const bool rises_with_it = model_.value[At(k)] > 0;
    const bool bound_below = row_lower_[At(row)] > -kInfinity;
    const bool bound_above = row_upper_[At(row)] < kInfinity;
    if (rises_with_it ? bound_below : bound_above) may_fall = false;
    if (rises_with_it ? bound_above : bound_below) may_rise = false;
  }
  const bool has_lower = std::isfinite(lower_[At(column)]);
  const bool has_upper = std::isfinite(upper_[At(column)]);
  if (may_fall && has_lower) {
    FixColumn(column, lower_[At(column)]);
  } else if (may_rise && has_upper) {
    FixColumn(column, upper_[At(column)]);
  } else if (may_fall && may_rise && column_count_[At(column)] == 0) {
    FixColumn(column, 0);
  } else if ((may_fall || may_rise) && cost_[At(column)] != 0) {
    has_no_optimum_ = true;
  } else {
    return false;
  }
  return true;
}

// --- what is left, and the way back ----------------------------------------------------------------------------------

void Presolve::BuildReduced() {
  std::vector<int> new_row(row_lives_.size(), -1);
  for (int row = 0; row < model_.num_rows(); ++row) {
    if (row_lives_[At(row)]) new_row[At(row)] = reduced_.AddRow(row_lower_[At(row)], row_upper_[At(row)]);
  }
  std::vector<LpEntry> entries;
  for (int column = 0; column < model_.num_columns(); ++column) {
    if (!column_lives_[At(column)]) continue;
    entries.clear();
    for (int k = model_.start[At(column)]; k < model_.start[At(column + 1)]; ++k) {
      const int row = new_row[At(model_.index[At(k)])];
      if (row >= 0) entries.push_back({row, model_.value[At(k)]});
    }
    reduced_.AddColumn(cost_[At(column)], lower_[At(column)], upper_[At(column)], entries);
  }
}

LpSolution Presolve::Lift(const LpSolution& solution) const {
  using enum BasisStatus;
  Restored whole{.basis = {.column = std::vector<BasisStatus>(column_lives_.size(), kAtLower),
                           .row = std::vector<BasisStatus>(row_lives_.size(), kBasic)},
                 .value = std::vector<double>(column_lives_.size(), 0),
                 .is_there = column_lives_};
  for (size_t row = 0, next = 0; row < row_lives_.size(); ++row) {
    if (row_lives_[row]) whole.basis.row[row] = solution.basis.row[next++];
  }
  for (size_t column = 0, next = 0; column < column_lives_.size(); ++column) {
    if (!column_lives_[column]) continue;
    whole.value[column] = solution.values[next];
    whole.basis.column[column] = solution.basis.column[next++];
  }

  for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) {
    if (step->rule == Rule::kDropRow) whole.basis.row[At(step->row)] = kBasic;
    if (step->rule == Rule::kFixColumn) RestoreColumn(*step, whole);
    if (step->rule == Rule::kRowToBound) RestoreBound(*step, whole);
    if (step->rule == Rule::kColumnToSlack) RestoreSlack(*step, whole);
    if (step->rule == Rule::kMergeRows) RestoreMergedRow(*step, whole);
    if (step->rule == Rule::kMergeColumns) RestoreMergedColumn(*step, whole);
  }
  LpSolution lifted;
  lifted.basis = std::move(whole.basis);
  lifted.values = std::move(whole.value);
  return lifted;
}

void Presolve::RestoreColumn(const Step& step, Restored& whole) const {
  const bool is_free = step.lower == -kInfinity && step.upper == kInfinity;
  whole.value[At(step.column)] = step.value;
  whole.is_there[At(step.column)] = true;
  whole.basis.column[At(step.column)] = is_free                    ? BasisStatus::kFree
                                        : step.value == step.lower ? BasisStatus::kAtLower
                                                                   : BasisStatus::kAtUpper;
}

// A column that stands at the bound that its row gave it is basic, and the row stands there.
void Presolve::RestoreBound(const Step& step, Restored& whole) const {
  BasisStatus& column = whole.basis.column[At(step.column)];
  const double value = whole.value[At(step.column)];
  const bool by_row = (column == BasisStatus::kAtLower && value > step.lower) ||
                      (column == BasisStatus::kAtUpper && value < step.upper);
  if (!by_row) return;
  const bool is_low_side = (column == BasisStatus::kAtLower) == (step.entry > 0);
  whole.basis.row[At(step.row)] = is_low_side ? BasisStatus::kAtLower : BasisStatus::kAtUpper;
  column = BasisStatus::kBasic;
}

void Presolve::RestoreSlack(const Step& step, Restored& whole) const {
  using enum BasisStatus;
  BasisStatus& row = whole.basis.row[At(step.row)];
  BasisStatus& column = whole.basis.column[At(step.column)];
  double& value = whole.value[At(step.column)];
  whole.is_there[At(step.column)] = true;

  // the row stands at a side: so does the column, as far as it goes
  if (row != kBasic) {
    const bool goes_up = (row == kAtLower) == (step.entry > 0);
    column = goes_up ? kAtUpper : kAtLower;
    value = goes_up ? step.upper : step.lower;
    return;
  }

  // the column at a bound where that keeps the row between its sides
  double rest = 0;
  for (int k = row_start_[At(step.row)]; k < row_start_[At(step.row + 1)]; ++k) {
    const int other = row_column_[At(k)];
    if (other != step.column && whole.is_there[At(other)]) rest += row_value_[At(k)] * whole.value[At(other)];
  }
  for (const bool up : {false, true}) {
    const double bound = up ? step.upper : step.lower;
    const double activity = rest + step.entry * bound;
    if (!(std::isfinite(bound) && activity >= step.row_lower && activity <= step.row_upper &&
          step.row_lower < step.row_upper))
      continue;
    column = up ? kAtUpper : kAtLower;
    value = bound;
    return;
  }

  // where neither has any, the column stays at zero
  if (!std::isfinite(step.row_lower) && !std::isfinite(step.row_upper)) {
    column = kFree;
    value = 0;
    return;
  }

  // else the row at a side and the column between its bounds
  const bool low_side = std::isfinite(step.row_lower);
  row = low_side ? kAtLower : kAtUpper;
  column = kBasic;
  value = ((low_side ? step.row_lower : step.row_upper) - rest) / step.entry;
}

}  // namespace restock::simplex
