#include "optimization/simplex/rowwise_matrix.h"

#include <utility>

namespace restock::simplex {
namespace {

constexpr double kDenseMultiplier = 0.4;  // above this density columns are priced one by one

}  // namespace

RowwiseMatrix::RowwiseMatrix(const ComputationalForm& form)
    : num_columns_(form.num_columns),
      row_begin_(form.num_rows + 1, 0),
      nonbasic_end_(form.num_rows),
      column_(form.index.length()),
      value_(form.index.length()),
      entry_by_columns_(form.index.length()),
      entry_by_rows_(form.index.length()),
      column_start_(form.start),
      row_of_entry_(form.index) {
  for (int row : form.index) ++row_begin_[row + 1];
  for (int row = 0; row < form.num_rows; ++row) row_begin_[row + 1] += row_begin_[row];
  Array<int> next(row_begin_);
  for (int column = 0; column < form.num_columns; ++column) {
    for (int k = form.start[column]; k < form.start[column + 1]; ++k) {
      const int entry = next[form.index[k]]++;
      column_[entry] = column;
      value_[entry] = form.value[k];
      entry_by_columns_[entry] = k;
      entry_by_rows_[k] = entry;
    }
  }
  for (int row = 0; row < form.num_rows; ++row) nonbasic_end_[row] = row_begin_[row + 1];
}

void RowwiseMatrix::SetBasis(const Array<int>& basic_place) {
  for (int row = 0; row < nonbasic_end_.length(); ++row) {
    int end = row_begin_[row + 1];
    for (int entry = row_begin_[row]; entry < end;) {
      if (basic_place[column_[entry]] >= 0) {
        Swap(entry, --end);
      } else {
        ++entry;
      }
    }
    nonbasic_end_[row] = end;
  }
}

void RowwiseMatrix::Swap(int entry, int other) {
  std::swap(column_[entry], column_[other]);
  std::swap(value_[entry], value_[other]);
  std::swap(entry_by_columns_[entry], entry_by_columns_[other]);
  entry_by_rows_[entry_by_columns_[entry]] = entry;
  entry_by_rows_[entry_by_columns_[other]] = other;
}

void RowwiseMatrix::MakeBasic(int column) {
  for (int k = column_start_[column]; k < column_start_[column + 1]; ++k) {
    Swap(entry_by_rows_[k], --nonbasic_end_[row_of_entry_[k]]);
  }
}

void RowwiseMatrix::MakeNonbasic(int column) {
  for (int k = column_start_[column]; k < column_start_[column + 1]; ++k) {
    Swap(entry_by_rows_[k], nonbasic_end_[row_of_entry_[k]]++);
  }
}

void RowwiseMatrix::Price(const ComputationalForm& form, const Array<int>& basic_place, const SparseVector& multiplier,
                          SparseVector& result) const {
  result.Clear();
  if (multiplier.density() > kDenseMultiplier) {
    for (int column = 0; column < num_columns_; ++column) {
      if (basic_place[column] >= 0) continue;
      double sum = 0;
      for (int k = form.start[column]; k < form.start[column + 1]; ++k) {
        sum += form.value[k] * multiplier.value[form.index[k]];
      }
      if (std::abs(sum) >= kTiny) result.Set(column, sum);
    }
    return;
  }
  for (int k = 0; k < multiplier.count; ++k) {
    const int row = multiplier.index[k];
    const double factor = multiplier.value[row];
    for (int entry = row_begin_[row]; entry < nonbasic_end_[row]; ++entry) {
      result.Add(column_[entry], factor * value_[entry]);
    }
  }
  result.DropTiny();
}

}  // namespace restock::simplex
