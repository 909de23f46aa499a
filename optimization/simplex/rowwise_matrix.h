#pragma once

#include <cstdint>

#include "optimization/simplex/computational_form.h"
#include "optimization/simplex/sparse_vector.h"

namespace restock::simplex {

/// The columns of A row by row, in each row those of nonbasic variables first, so that pricing (a row of B^-1 times the
/// nonbasic columns) touches only what it needs: Hall & McKinnon 2005, section 4.
class RowwiseMatrix {
 public:
  explicit RowwiseMatrix(const ComputationalForm& form);

  /// `basic_place`: of each variable, -1 where it is nonbasic.
  void SetBasis(const Array<int>& basic_place);
  void MakeBasic(int column);
  void MakeNonbasic(int column);

  int num_entries() const { return entry_.length(); }
  int Width(int row) const { return row_[row + 1].begin - row_[row].begin; }  // entries

  /// result_j = sum_i multiplier_i a_ij over the nonbasic columns: by rows where the multipliers are sparse, else by
  /// columns; with a list of nonzeros from the start where the result, too, is likely to be sparse.
  void Price(const ComputationalForm& form, const Array<int>& basic_place, const SparseVector& multiplier,
             SparseVector& result);

 private:
  struct Entry {
    double value;
    int column;
    int by_columns;  // where the entry stands in the column-wise matrix
  };
  struct Row {
    int begin;
    int nonbasic_end;
  };

  void Swap(int entry, int other);
  void AddRows(const SparseVector& multiplier, SparseVector& result) const;
  void AddRowsDense(const SparseVector& multiplier, SparseVector& result) const;

  int num_columns_;
  Array<Row> row_;               // and one more, of which only `begin` counts  (num_rows + 1)
  Array<Entry> entry_;           // (num_entries)
  Array<int> entry_by_rows_;     // where an entry of the column-wise matrix stands in entry_  (num_entries)
  Array<int> column_start_;      // (num_columns + 1)
  Array<int> row_of_entry_;      // of the column-wise matrix  (num_entries)
  double expected_density_ = 0;  // average of the results so far
};

}  // namespace restock::simplex
