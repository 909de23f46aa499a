#pragma once

#include <span>
#include <vector>

#include "optimization/simplex/array.h"
#include "optimization/simplex/computational_form.h"
#include "optimization/simplex/count_lists.h"

namespace restock::simplex {

/// Gaussian elimination of a basis, L U = B with rows and columns in the order in which they are pivoted. Logicals and
/// singletons are pivoted first, which leaves a small kernel (inventory bases are nearly triangular). There the pivot
/// is the entry with the least Markowitz count (r - 1)(c - 1) among those of at least a tenth of their column's largest
/// (Markowitz 1957; Suhl & Suhl 1990).
class MarkowitzElimination {
 public:
  explicit MarkowitzElimination(int num_rows);

  /// One entry of a factor: in L the multiplier of `row` when `pivot` is eliminated; in U the entry in `row` of the
  /// column at `pivot`.
  struct Entry {
    int row;
    int pivot;  // L: a row; U: a position in the basis, see pivot_row
    double value;
  };

  /// `basic`: the variable at each position. Columns that depend on the others are left without a pivot.
  void Run(const ComputationalForm& form, const Array<int>& basic);

  const Array<int>& order() const { return order_; }          // rows in the order of elimination  (number of pivots)
  const Array<int>& pivot_row() const { return pivot_row_; }  // of a position, -1: none  (num_rows)
  const Array<int>& pivot_position() const { return pivot_position_; }  // of a row, -1: none  (num_rows)
  const Array<double>& pivot_value() const { return pivot_value_; }     // by row  (num_rows)
  const std::vector<Entry>& lower() const { return lower_; }            // grouped by pivot, in the order of elimination
  const std::vector<Entry>& upper() const { return upper_; }
  int64_t work() const { return work_; }  // operations of the last run

 private:
  struct Candidate {
    int row = -1;
    int position = -1;
    int64_t merit = INT64_MAX;  // Markowitz count
    double size = 0;            // |entry|, breaks ties
  };

  struct [[gnu::packed]] ColumnEntry {
    double value;
    int row;
  };

  void PivotLogicals();
  void CopyColumns();
  void LoadColumns();
  void PivotSingletons();
  void PivotColumnSingleton(int position);
  void PivotRowSingleton(int row);
  void RecordPivot(int row, int position, double value);
  void BuildKernel();
  void EliminateKernel();
  Candidate ChoosePivot();
  bool ConsiderColumn(int position, Candidate& best) const;
  bool ConsiderRow(int row, Candidate& best) const;
  void Eliminate(const Candidate& pivot);
  void UpdateColumn(int position, double pivot_row_entry);
  void AddFill(int position, int row, double value);
  void RemoveFromRow(int row, int position);
  int FindInColumn(int position, int row) const;

  /// The entries of a column as they were before elimination.
  std::span<const ColumnEntry> Column(int position) const {
    return {entry_.data() + entry_begin_[position], entry_.data() + entry_begin_[position + 1]};
  }

  const ComputationalForm* form_ = nullptr;
  const Array<int>* basic_ = nullptr;
  int num_rows_;

  // result
  Array<int> order_, pivot_row_, pivot_position_;
  Array<double> pivot_value_;
  std::vector<Entry> lower_, upper_;
  int64_t work_ = 0;

  // the columns of the basis that are not logicals, close together in memory
  Array<int> entry_begin_;  // by position  (num_rows + 1)
  Array<ColumnEntry> entry_;

  // active submatrix: columns with values, rows with positions only; each has room to grow and moves to the end when it
  // is full
  Array<int> column_begin_, column_count_, column_room_;
  Array<int> column_index_;
  Array<double> column_value_;
  Array<double> column_largest_;
  Array<int> row_begin_, row_count_, row_room_;
  Array<int> row_index_;
  CountLists columns_by_count_, rows_by_count_;  // of the kernel, by their number of entries
  Array<int> singleton_columns_, singleton_rows_;
  Array<double> multiplier_;  // of the pivot in hand, by row  (num_rows)
  Array<int> touched_;        // last column updated in a row  (num_rows)
  Array<int> pivot_rows_;     // rows with a multiplier
};

}  // namespace restock::simplex
