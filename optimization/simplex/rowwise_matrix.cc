#include "optimization/simplex/rowwise_matrix.h"

#include <utility>

namespace restock::simplex {
namespace {

constexpr double kDenseMultiplier = 0.4;  // above this density columns are priced one by one
constexpr double kDenseResult = 0.15;     // above this no list of nonzeros is kept
constexpr double kMemory = 0.95;          // of the average density
constexpr int kFetchAhead = 3;            // rows: their entries lie anywhere in memory

}  // namespace

RowwiseMatrix::RowwiseMatrix(const ComputationalForm& form)
    : entry_by_rows_(form.index.length()),
      column_start_(form.start),
      row_of_entry_(form.index),
      is_shown_(form.num_columns, 1) {
  Load(form, is_shown_);
}

void RowwiseMatrix::Load(const ComputationalForm& form, const Array<char>& is_kept) {
  is_shown_ = is_kept;
  num_shown_ = 0;
  row_.Assign(form.num_rows + 1, Row{0, 0});
  for (int column = 0; column < form.num_columns; ++column) {
    if (!is_kept[column]) continue;
    ++num_shown_;
    for (int k = form.start[column]; k < form.start[column + 1]; ++k) ++row_[form.index[k] + 1].begin;
  }
  for (int row = 0; row < form.num_rows; ++row) {
    row_[row + 1].begin += row_[row].begin;
    row_[row].shown_end = row_[row].begin;  // serves as the place of the next entry
  }
  entry_.Resize(row_[form.num_rows].begin);
  for (int column = 0; column < form.num_columns; ++column) {
    if (!is_kept[column]) continue;
    for (int k = form.start[column]; k < form.start[column + 1]; ++k) {
      const int place = row_[form.index[k]].shown_end++;
      entry_[place] = {form.value[k], column, k};
      entry_by_rows_[k] = place;
    }
  }
}

void RowwiseMatrix::ShowNonbasic(const Array<int>& basic_place) {
  num_shown_ = 0;
  is_shown_.Assign(is_shown_.length(), 0);
  for (int row = 0; row + 1 < row_.length(); ++row) {
    int end = row_[row + 1].begin;
    for (int entry = row_[row].begin; entry < end;) {
      const int column = entry_[entry].column;
      if (basic_place[column] >= 0) {
        Swap(entry, --end);
      } else {
        num_shown_ += is_shown_[column] ? 0 : 1;
        is_shown_[column] = 1;
        ++entry;
      }
    }
    row_[row].shown_end = end;
  }
}

void RowwiseMatrix::Swap(int entry, int other) {
  std::swap(entry_[entry], entry_[other]);
  entry_by_rows_[entry_[entry].by_columns] = entry;
  entry_by_rows_[entry_[other].by_columns] = other;
}

void RowwiseMatrix::Hide(int column) {
  is_shown_[column] = 0;
  --num_shown_;
  for (int k = column_start_[column]; k < column_start_[column + 1]; ++k) {
    Swap(entry_by_rows_[k], --row_[row_of_entry_[k]].shown_end);
  }
}

void RowwiseMatrix::Show(int column) {
  is_shown_[column] = 1;
  ++num_shown_;
  for (int k = column_start_[column]; k < column_start_[column + 1]; ++k) {
    Swap(entry_by_rows_[k], row_[row_of_entry_[k]].shown_end++);
  }
}

void RowwiseMatrix::Price(const ComputationalForm& form, const SparseVector& multiplier, SparseVector& result) {
  result.Clear();
  if (multiplier.density() > kDenseMultiplier) {
    for (int column = 0; column < form.num_columns; ++column) {
      if (!is_shown_[column]) continue;
      double sum = 0;
      for (int k = form.start[column]; k < form.start[column + 1]; ++k) {
        sum += form.value[k] * multiplier.value[form.index[k]];
      }
      if (std::abs(sum) >= kTiny) result.Set(column, sum);
    }
  } else if (expected_density_ > kDenseResult) {
    AddRowsDense(multiplier, result);
  } else {
    AddRows(multiplier, result);
  }
  expected_density_ = kMemory * expected_density_ + (1 - kMemory) * result.density();
}

void RowwiseMatrix::AddRows(const SparseVector& multiplier, SparseVector& result) const {
  for (int k = 0; k < multiplier.count; ++k) {
    if (k + kFetchAhead < multiplier.count) {
      const Entry* const next = entry_.data() + row_[multiplier.index[k + kFetchAhead]].begin;
      __builtin_prefetch(next);
      __builtin_prefetch(next + 4);
    }
    const Row row = row_[multiplier.index[k]];
    const double factor = multiplier.value[multiplier.index[k]];
    for (int entry = row.begin; entry < row.shown_end; ++entry) {
      result.Add(entry_[entry].column, factor * entry_[entry].value);
    }
  }
  result.DropTiny();
}

void RowwiseMatrix::AddRowsDense(const SparseVector& multiplier, SparseVector& result) const {
  double* const value = result.value.data();
  for (int k = 0; k < multiplier.count; ++k) {
    const Row row = row_[multiplier.index[k]];
    const double factor = multiplier.value[multiplier.index[k]];
    for (int entry = row.begin; entry < row.shown_end; ++entry) {
      value[entry_[entry].column] += factor * entry_[entry].value;
    }
  }
  result.FindNonzeros();
}

}  // namespace restock::simplex
