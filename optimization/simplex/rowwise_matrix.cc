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
    : num_columns_(form.num_columns),
      row_(form.num_rows + 1, Row{0, 0}),
      entry_(form.index.length()),
      entry_by_rows_(form.index.length()),
      column_start_(form.start),
      row_of_entry_(form.index) {
  for (int row : form.index) ++row_[row + 1].begin;
  for (int row = 0; row < form.num_rows; ++row) {
    row_[row + 1].begin += row_[row].begin;
    row_[row].nonbasic_end = row_[row].begin;  // serves as the place of the next entry
  }
  for (int column = 0; column < form.num_columns; ++column) {
    for (int k = form.start[column]; k < form.start[column + 1]; ++k) {
      const int place = row_[form.index[k]].nonbasic_end++;
      entry_[place] = {form.value[k], column, k};
      entry_by_rows_[k] = place;
    }
  }
}

void RowwiseMatrix::SetBasis(const Array<int>& basic_place) {
  for (int row = 0; row + 1 < row_.length(); ++row) {
    int end = row_[row + 1].begin;
    for (int entry = row_[row].begin; entry < end;) {
      if (basic_place[entry_[entry].column] >= 0) {
        Swap(entry, --end);
      } else {
        ++entry;
      }
    }
    row_[row].nonbasic_end = end;
  }
}

void RowwiseMatrix::Swap(int entry, int other) {
  std::swap(entry_[entry], entry_[other]);
  entry_by_rows_[entry_[entry].by_columns] = entry;
  entry_by_rows_[entry_[other].by_columns] = other;
}

void RowwiseMatrix::MakeBasic(int column) {
  for (int k = column_start_[column]; k < column_start_[column + 1]; ++k) {
    Swap(entry_by_rows_[k], --row_[row_of_entry_[k]].nonbasic_end);
  }
}

void RowwiseMatrix::MakeNonbasic(int column) {
  for (int k = column_start_[column]; k < column_start_[column + 1]; ++k) {
    Swap(entry_by_rows_[k], row_[row_of_entry_[k]].nonbasic_end++);
  }
}

void RowwiseMatrix::Price(const ComputationalForm& form, const Array<int>& basic_place, const SparseVector& multiplier,
                          SparseVector& result) {
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
    for (int entry = row.begin; entry < row.nonbasic_end; ++entry) {
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
    for (int entry = row.begin; entry < row.nonbasic_end; ++entry) {
      value[entry_[entry].column] += factor * entry_[entry].value;
    }
  }
  result.FindNonzeros();
}

}  // namespace restock::simplex
