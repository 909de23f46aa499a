#pragma once

#include <cstdint>
#include <vector>

#include "optimization/lp_model.h"
#include "optimization/lp_solution.h"

namespace restock::simplex {

/// Makes a linear program smaller before it is solved (Brearley, Mitra & Williams 1975; Andersen & Andersen 1995), by
/// rules that leave the coefficients of what remains as they are:
///
///   rows       without entries, with one (a bound of its column), that never bind, that force all their columns,
///              that are multiples of others, that the bounds which other rows imply keep from binding
///   columns    without entries, fixed, that no row keeps from their cheaper bound, those with one entry, which become
///              slacks of their row once its multiple has taken their cost, those that are multiples of others, and
///              those that no prices of the rows could make worth their cost
///
/// What comes back is a basis: the simplex on the whole model starts from it, is done at once or after few steps, and
/// so values, duals and the proof are always those of the model as given.
class Presolve {
 public:
  /// `model` must outlive this.
  explicit Presolve(const LpModel& model);

  /// The model is infeasible or unbounded; the simplex on the whole model tells which, and proves it.
  bool has_no_optimum() const { return has_no_optimum_; }
  /// What is left, a minimisation.
  const LpModel& reduced() const { return reduced_; }
  /// Values and a basis of the whole model from an optimal solution of the reduced one.
  LpSolution Lift(const LpSolution& solution) const;

 private:
  enum class Rule : int8_t { kDropRow, kRowToBound, kFixColumn, kColumnToSlack, kMergeRows, kMergeColumns };

  /// One reduction, with what stood there before it.
  struct Step {
    Rule rule;
    int row = -1;
    int column = -1;
    int other = -1;  // the row or column that was merged with it
    double row_lower = 0, row_upper = 0;
    double lower = 0, upper = 0;              // of the column
    double entry = 0;                         // a_ij; of merged ones, the other's multiple
    double value = 0;                         // kFixColumn
    double other_lower = 0, other_upper = 0;  // of the other column, or row in units of this one
  };

  /// The values that a row can take with its columns within their bounds.
  struct Activity {
    double least = 0;
    double most = 0;
  };

  /// Of a column, and the rows that they come from, -1: none.
  struct ImpliedBounds {
    double lower = -kInfinity, upper = kInfinity;
    int lower_row = -1, upper_row = -1;

    void Narrow(double from, double to, int row) {
      if (from > lower) lower = from, lower_row = row;
      if (to < upper) upper = to, upper_row = row;
    }
  };

  /// act(column, entry) for what is left of a row.
  template <class Act>
  void ForEachEntry(int row, const Act& act) const {
    const auto begin = static_cast<size_t>(row_start_[static_cast<size_t>(row)]);
    const auto end = static_cast<size_t>(row_start_[static_cast<size_t>(row) + 1]);
    for (size_t k = begin; k < end; ++k) {
      const auto column = static_cast<size_t>(row_column_[k]);
      if (column_lives_[column]) act(column, row_value_[k]);
    }
  }

  void BuildRows();
  void ReduceOneByOne();
  bool ReduceRow(int row);
  bool ReduceColumn(int column);
  void DropRow(int row);
  void TurnRowIntoBound(int row);
  void ForceColumns(int row, bool to_least);
  bool TurnColumnIntoSlack(int column);
  bool MoveToCheaperBound(int column);
  void FixColumn(int column, double value);
  void RemoveRow(int row);
  void RemoveColumn(int column);
  void MergeDuplicateRows();     // duplicate_rows.cc
  void MergeDuplicateColumns();  // duplicate_columns.cc
  void MergeColumns(int first, int second, double multiple);
  void FixDearerColumn(int first, int second, double multiple, double excess);
  void FixDominatedColumns();                            // dominated_columns.cc
  std::vector<ImpliedBounds> FindImpliedBounds() const;  // implied_bounds.cc
  void DropImpliedRows();
  Activity ActivityOf(int row, int without_column) const;
  void BuildReduced();

  // undo a step: what was removed comes back, at its value and with its place in the basis
  struct Restored {
    LpBasis basis;
    std::vector<double> value;   // of the columns
    std::vector<bool> is_there;  // the column, at this stage
  };
  void RestoreColumn(const Step& step, Restored& whole) const;
  void RestoreBound(const Step& step, Restored& whole) const;
  void RestoreSlack(const Step& step, Restored& whole) const;
  void RestoreMergedRow(const Step& step, Restored& whole) const;
  void RestoreMergedColumn(const Step& step, Restored& whole) const;

  const LpModel& model_;
  bool has_no_optimum_ = false;
  std::vector<Step> steps_;
  LpModel reduced_;

  // the model row by row
  std::vector<int> row_start_, row_column_;
  std::vector<double> row_value_;

  // what is left
  std::vector<bool> row_lives_, column_lives_;
  std::vector<int> row_count_, column_count_;  // entries
  std::vector<double> cost_, lower_, upper_, row_lower_, row_upper_;
};

}  // namespace restock::simplex
