#include "optimization/simplex/markowitz_elimination.h"

#include <algorithm>
#include <cmath>

namespace restock::simplex {
namespace {

constexpr double kThreshold = 0.1;        // u: a pivot's least size relative to its column's largest entry
constexpr double kSmallestPivot = 1e-10;  // smaller pivots count as zero: the basis is singular
constexpr double kDropped = 1e-14;        // results of elimination below are zero
constexpr int kSearchLimit = 8;           // rows and columns looked at for a pivot

}  // namespace

MarkowitzElimination::MarkowitzElimination(int num_rows) : num_rows_(num_rows), multiplier_(num_rows, 0.0) {}

void MarkowitzElimination::Run(const ComputationalForm& form, const Array<int>& basic) {
  form_ = &form;
  basic_ = &basic;
  order_.clear();
  lower_.clear();
  upper_.clear();
  pivot_row_.Assign(num_rows_, -1);
  pivot_position_.Assign(num_rows_, -1);
  pivot_value_.Assign(num_rows_, 0);
  work_ = num_rows_;

  PivotLogicals();
  CopyColumns();
  LoadColumns();
  PivotSingletons();
  if (order_.length() == num_rows_) return;
  BuildKernel();
  EliminateKernel();
}

void MarkowitzElimination::RecordPivot(int row, int position, double value) {
  order_.push_back(row);
  pivot_row_[position] = row;
  pivot_position_[row] = position;
  pivot_value_[row] = value;
}

void MarkowitzElimination::PivotLogicals() {
  for (int position = 0; position < num_rows_; ++position) {
    const int variable = (*basic_)[position];
    if (form_->IsLogical(variable)) RecordPivot(variable - form_->num_columns, position, 1);
  }
}

void MarkowitzElimination::CopyColumns() {
  entry_.clear();
  entry_begin_.assign(1, 0);
  for (int position = 0; position < num_rows_; ++position) {
    const int column = (*basic_)[position];
    if (!form_->IsLogical(column)) {
      for (int k = form_->start[column]; k < form_->start[column + 1]; ++k) {
        entry_.push_back({form_->value[k], form_->index[k]});
      }
    }
    entry_begin_.push_back(entry_.length());
  }
}

/// Counts the entries of the other columns in the rows that are left, and lists the columns of each such row.
void MarkowitzElimination::LoadColumns() {
  column_count_.Assign(num_rows_, 0);
  row_count_.Assign(num_rows_, 0);
  row_begin_.Assign(num_rows_, 0);
  for (int position = 0; position < num_rows_; ++position) {
    for (const ColumnEntry& entry : Column(position)) {
      if (pivot_position_[entry.row] >= 0) continue;
      ++column_count_[position];
      ++row_count_[entry.row];
    }
  }
  int total = 0;
  for (int row = 0; row < num_rows_; ++row) {
    row_begin_[row] = total;
    total += row_count_[row];
  }
  row_index_.Resize(total);
  row_room_ = row_begin_;  // serves as the place of the next entry
  for (int position = 0; position < num_rows_; ++position) {
    for (const ColumnEntry& entry : Column(position)) {
      if (pivot_position_[entry.row] < 0) row_index_[row_room_[entry.row]++] = position;
    }
  }
  work_ += 4 * total;
}

void MarkowitzElimination::PivotSingletons() {
  singleton_columns_.clear();
  singleton_rows_.clear();
  for (int place = 0; place < num_rows_; ++place) {
    if (pivot_row_[place] < 0 && column_count_[place] == 1) singleton_columns_.push_back(place);
    if (pivot_position_[place] < 0 && row_count_[place] == 1) singleton_rows_.push_back(place);
  }
  while (!singleton_columns_.empty() || !singleton_rows_.empty()) {
    if (!singleton_columns_.empty()) {
      const int position = singleton_columns_.back();
      singleton_columns_.pop_back();
      if (pivot_row_[position] < 0 && column_count_[position] == 1) PivotColumnSingleton(position);
    } else {
      const int row = singleton_rows_.back();
      singleton_rows_.pop_back();
      if (pivot_position_[row] < 0 && row_count_[row] == 1) PivotRowSingleton(row);
    }
  }
}

/// The column has one entry in the rows left: no other row is touched, the other columns of its row lose an entry.
void MarkowitzElimination::PivotColumnSingleton(int position) {
  const auto first_upper = upper_.size();
  ColumnEntry pivot{0, -1};
  for (const ColumnEntry& entry : Column(position)) {
    if (pivot_position_[entry.row] >= 0) {
      upper_.push_back({entry.row, position, entry.value});
    } else {
      pivot = entry;
    }
  }
  if (std::abs(pivot.value) < kSmallestPivot) {
    upper_.resize(first_upper);
    return;
  }
  const int row = pivot.row;
  RecordPivot(row, position, pivot.value);
  for (int k = row_begin_[row]; k < row_room_[row]; ++k) {
    const int other = row_index_[k];
    if (pivot_row_[other] < 0 && --column_count_[other] == 1) singleton_columns_.push_back(other);
  }
  work_ += row_room_[row] - row_begin_[row] + static_cast<int64_t>(Column(position).size());
}

/// The row has one entry in the columns left: the other rows of its column get a multiplier but no fill.
void MarkowitzElimination::PivotRowSingleton(int row) {
  int position = -1;
  for (int k = row_begin_[row]; k < row_room_[row]; ++k) {
    if (pivot_row_[row_index_[k]] < 0) position = row_index_[k];
  }
  double pivot = 0;
  for (const ColumnEntry& entry : Column(position)) {
    if (entry.row == row) pivot = entry.value;
  }
  if (std::abs(pivot) < kSmallestPivot) return;
  for (const ColumnEntry& entry : Column(position)) {
    if (entry.row == row) continue;
    if (pivot_position_[entry.row] >= 0) {
      upper_.push_back({entry.row, position, entry.value});
    } else {
      lower_.push_back({entry.row, row, entry.value / pivot});
      if (--row_count_[entry.row] == 1) singleton_rows_.push_back(entry.row);
    }
  }
  RecordPivot(row, position, pivot);
  work_ += row_room_[row] - row_begin_[row] + 2 * static_cast<int64_t>(Column(position).size());
}

/// Copies what is left into the dynamic structure; entries in rows already pivoted go to U.
void MarkowitzElimination::BuildKernel() {
  column_begin_.Assign(num_rows_, 0);
  column_room_.Assign(num_rows_, 0);
  column_largest_.Assign(num_rows_, 0);
  column_index_.clear();
  column_value_.clear();
  row_count_.Assign(num_rows_, 0);
  columns_by_count_.Reset(num_rows_);
  rows_by_count_.Reset(num_rows_);
  touched_.Assign(num_rows_, -1);

  for (int position = 0; position < num_rows_; ++position) {
    if (pivot_row_[position] >= 0) continue;
    column_begin_[position] = column_index_.length();
    for (const ColumnEntry& entry : Column(position)) {
      if (pivot_position_[entry.row] >= 0) {
        upper_.push_back({entry.row, position, entry.value});
        continue;
      }
      column_index_.push_back(entry.row);
      column_value_.push_back(entry.value);
      column_largest_[position] = std::max(column_largest_[position], std::abs(entry.value));
      ++row_count_[entry.row];
    }
    column_count_[position] = column_index_.length() - column_begin_[position];
    column_room_[position] = 2 * column_count_[position] + 4;
    column_index_.Resize(column_begin_[position] + column_room_[position]);
    column_value_.Resize(column_begin_[position] + column_room_[position]);
    columns_by_count_.Insert(position, column_count_[position]);
  }

  int total = 0;
  row_room_.Assign(num_rows_, 0);
  for (int row = 0; row < num_rows_; ++row) {
    if (pivot_position_[row] >= 0) continue;
    row_begin_[row] = total;
    row_room_[row] = 2 * row_count_[row] + 4;
    total += row_room_[row];
    rows_by_count_.Insert(row, row_count_[row]);
    row_count_[row] = 0;
  }
  row_index_.Resize(total);
  for (int position = 0; position < num_rows_; ++position) {
    if (pivot_row_[position] >= 0) continue;
    for (int k = column_begin_[position]; k < column_begin_[position] + column_count_[position]; ++k) {
      const int row = column_index_[k];
      row_index_[row_begin_[row] + row_count_[row]++] = position;
    }
  }
  work_ += 6 * total;
}

void MarkowitzElimination::EliminateKernel() {
  while (order_.length() < num_rows_) {
    const Candidate pivot = ChoosePivot();
    if (pivot.row < 0) return;  // what is left is zero: the basis is singular
    Eliminate(pivot);
  }
}

MarkowitzElimination::Candidate MarkowitzElimination::ChoosePivot() {
  Candidate best;
  int searched = 0;
  for (int count = 1; count <= num_rows_; ++count) {
    const auto least = static_cast<int64_t>(count - 1);
    if (best.merit <= least * least) return best;
    for (int position = columns_by_count_.first(count); position >= 0; position = columns_by_count_.next(position)) {
      searched += ConsiderColumn(position, best) ? 1 : 0;
      if (best.merit <= least * least || (searched >= kSearchLimit && best.row >= 0)) return best;
    }
    if (best.merit <= least * (least + 1)) return best;
    for (int row = rows_by_count_.first(count); row >= 0; row = rows_by_count_.next(row)) {
      searched += ConsiderRow(row, best) ? 1 : 0;
      if (best.merit <= least * (least + 1) || (searched >= kSearchLimit && best.row >= 0)) return best;
    }
  }
  return best;
}

bool MarkowitzElimination::ConsiderColumn(int position, Candidate& best) const {
  const double smallest = std::max(kThreshold * column_largest_[position], kSmallestPivot);
  if (column_largest_[position] < smallest) return false;
  const auto other_rows = static_cast<int64_t>(column_count_[position] - 1);
  for (int k = column_begin_[position]; k < column_begin_[position] + column_count_[position]; ++k) {
    const double size = std::abs(column_value_[k]);
    if (size < smallest) continue;
    const int64_t merit = other_rows * (row_count_[column_index_[k]] - 1);
    if (merit < best.merit || (merit == best.merit && size > best.size)) {
      best = {column_index_[k], position, merit, size};
    }
  }
  return true;
}

bool MarkowitzElimination::ConsiderRow(int row, Candidate& best) const {
  const auto other_columns = static_cast<int64_t>(row_count_[row] - 1);
  bool accepted = false;
  for (int k = row_begin_[row]; k < row_begin_[row] + row_count_[row]; ++k) {
    const int position = row_index_[k];
    const int64_t merit = other_columns * (column_count_[position] - 1);
    if (merit >= best.merit) continue;
    const double size = std::abs(column_value_[FindInColumn(position, row)]);
    if (size < std::max(kThreshold * column_largest_[position], kSmallestPivot)) continue;
    best = {row, position, merit, size};
    accepted = true;
  }
  return accepted;
}

int MarkowitzElimination::FindInColumn(int position, int row) const {
  int k = column_begin_[position];
  while (column_index_[k] != row) ++k;
  return k;
}

void MarkowitzElimination::RemoveFromRow(int row, int position) {
  int k = row_begin_[row];
  while (row_index_[k] != position) ++k;
  row_index_[k] = row_index_[row_begin_[row] + --row_count_[row]];
}

void MarkowitzElimination::Eliminate(const Candidate& pivot) {
  const int pivot_row = pivot.row, pivot_column = pivot.position;
  const double pivot_value = column_value_[FindInColumn(pivot_column, pivot_row)];
  columns_by_count_.Remove(pivot_column);
  rows_by_count_.Remove(pivot_row);

  // the multipliers: a column of L
  pivot_rows_.clear();
  for (int k = column_begin_[pivot_column]; k < column_begin_[pivot_column] + column_count_[pivot_column]; ++k) {
    const int row = column_index_[k];
    if (row == pivot_row) continue;
    multiplier_[row] = column_value_[k] / pivot_value;
    lower_.push_back({row, pivot_row, multiplier_[row]});
    pivot_rows_.push_back(row);
    RemoveFromRow(row, pivot_column);
  }

  // the other columns of the pivot row: their entries there are a row of U
  for (int k = row_begin_[pivot_row]; k < row_begin_[pivot_row] + row_count_[pivot_row]; ++k) {
    const int position = row_index_[k];
    if (position == pivot_column) continue;
    const int entry = FindInColumn(position, pivot_row);
    const double value = column_value_[entry];
    upper_.push_back({pivot_row, position, value});
    const int last = column_begin_[position] + --column_count_[position];
    column_index_[entry] = column_index_[last];
    column_value_[entry] = column_value_[last];
    UpdateColumn(position, value);
  }

  for (int row : pivot_rows_) {
    multiplier_[row] = 0;
    touched_[row] = -1;
    rows_by_count_.Remove(row);
    rows_by_count_.Insert(row, row_count_[row]);
  }
  RecordPivot(pivot_row, pivot_column, pivot_value);
}

/// Subtracts multiples of the pivot row in one column.
void MarkowitzElimination::UpdateColumn(int position, double pivot_row_entry) {
  int k = column_begin_[position];
  size_t num_touched = 0;
  work_ += 2 * column_count_[position] + 8;
  while (k < column_begin_[position] + column_count_[position]) {
    const int row = column_index_[k];
    if (multiplier_[row] != 0) {
      column_value_[k] -= multiplier_[row] * pivot_row_entry;
      touched_[row] = position;
      ++num_touched;
      if (std::abs(column_value_[k]) < kDropped) {
        const int last = column_begin_[position] + --column_count_[position];
        column_index_[k] = column_index_[last];
        column_value_[k] = column_value_[last];
        RemoveFromRow(row, position);
        continue;
      }
    }
    ++k;
  }
  if (num_touched < pivot_rows_.size()) {
    work_ += 4 * pivot_rows_.length();
    for (int row : pivot_rows_) {
      if (touched_[row] != position) AddFill(position, row, -multiplier_[row] * pivot_row_entry);
    }
  }

  double largest = 0;
  for (k = column_begin_[position]; k < column_begin_[position] + column_count_[position]; ++k) {
    largest = std::max(largest, std::abs(column_value_[k]));
  }
  column_largest_[position] = largest;
  columns_by_count_.Remove(position);
  columns_by_count_.Insert(position, column_count_[position]);
}

void MarkowitzElimination::AddFill(int position, int row, double value) {
  if (std::abs(value) < kDropped) return;
  if (column_count_[position] == column_room_[position]) {
    const int from = column_begin_[position], count = column_count_[position];
    const int to = column_index_.length();
    column_room_[position] = 2 * count + 4;
    column_index_.Resize(to + column_room_[position]);
    column_value_.Resize(to + column_room_[position]);
    std::copy_n(column_index_.begin() + from, count, column_index_.begin() + to);
    std::copy_n(column_value_.begin() + from, count, column_value_.begin() + to);
    column_begin_[position] = to;
  }
  const int k = column_begin_[position] + column_count_[position]++;
  column_index_[k] = row;
  column_value_[k] = value;

  if (row_count_[row] == row_room_[row]) {
    const int from = row_begin_[row], count = row_count_[row];
    const int to = row_index_.length();
    row_room_[row] = 2 * count + 4;
    row_index_.Resize(to + row_room_[row]);
    std::copy_n(row_index_.begin() + from, count, row_index_.begin() + to);
    row_begin_[row] = to;
  }
  row_index_[row_begin_[row] + row_count_[row]++] = position;
}

}  // namespace restock::simplex
