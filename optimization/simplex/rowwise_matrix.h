#pragma once

#include <cstdint>

#include "optimization/simplex/computational_form.h"
#include "optimization/simplex/sparse_vector.h"

namespace restock::simplex {

/// The columns of A row by row, in each row those that are shown first, so that pricing (a row of B^-1 times the shown
/// columns) touches only what it needs: Hall & McKinnon 2005, section 4. Basic columns are hidden, and of the others
/// those that rest (partial_pricing.h).
class RowwiseMatrix {
 public:
  explicit RowwiseMatrix(const ComputationalForm& form);

  /// Keeps some columns only, close together in memory; the others can be neither shown nor hidden. All kept columns
  /// are shown.  `is_kept`: (num_columns)
  void Load(const ComputationalForm& form, const Array<char>& is_kept);

  /// Of the kept columns, shows those that are nonbasic. `basic_place`: of each variable, -1 where it is nonbasic.
  void ShowNonbasic(const Array<int>& basic_place);
  void Hide(int column);
  void Show(int column);
  int num_shown() const { return num_shown_; }  // columns

  /// result_j = sum_i multiplier_i a_ij over the shown columns: by rows where the multipliers are sparse, else by
  /// columns; with a list of nonzeros from the start where the result, too, is likely to be sparse.
  void Price(const ComputationalForm& form, const SparseVector& multiplier, SparseVector& result);

 private:
  struct Entry {
    double value;
    int column;
    int by_columns;  // where the entry stands in the column-wise matrix
  };
  struct Row {
    int begin;
    int shown_end;
  };

  void Swap(int entry, int other);
  void AddRows(const SparseVector& multiplier, SparseVector& result) const;
  void AddRowsDense(const SparseVector& multiplier, SparseVector& result) const;

  Array<Row> row_;            // and one more, of which only `begin` counts  (num_rows + 1)
  Array<Entry> entry_;        // (num_entries)
  Array<int> entry_by_rows_;  // where an entry of the column-wise matrix stands in entry_  (num_entries)
  Array<int> column_start_;   // (num_columns + 1)
  Array<int> row_of_entry_;   // of the column-wise matrix  (num_entries)
  Array<char> is_shown_;      // (num_columns)
  int num_shown_ = 0;
  double expected_density_ = 0;  // average of the results so far
};

}  // namespace restock::simplex
