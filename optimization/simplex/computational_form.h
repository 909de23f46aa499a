#pragma once

#include "optimization/lp_model.h"
#include "optimization/simplex/array.h"

namespace restock::simplex {

/// The model as the simplex sees it: minimise c'x subject to  A x + s = 0,  lower <= (x, s) <= upper.  Variable j <
/// num_columns is a column; variable num_columns + i is the logical of row i, minus its activity. So the basis of all
/// logicals is the identity, and right-hand sides are bounds like others. Everything is scaled: x_j by 1 /
/// column_scale_j, row i by row_scale_i; and all values, all costs by one factor each where they are very large.
struct ComputationalForm {
  ComputationalForm(const LpModel& model, bool scale);

  int num_rows;
  int num_columns;
  int num_variables() const { return num_rows + num_columns; }
  bool IsLogical(int variable) const { return variable >= num_columns; }

  // A by columns
  Array<int> start;      // (num_columns + 1)
  Array<int> index;      // (num_entries)
  Array<double> value;   // (num_entries)
  Array<int> row_width;  // entries  (num_rows)

  Array<double> cost;   // (num_variables)
  Array<double> lower;  // (num_variables)
  Array<double> upper;  // (num_variables)

  Array<double> column_scale;  // powers of two  (num_columns)
  Array<double> row_scale;     // (num_rows)
  double sense;                // 1 minimise, -1 maximise: costs are multiplied by it
  double value_scale = 1;      // powers of two by which values and costs are multiplied
  double cost_scale = 1;

  void SetCost(int column, double model_cost) { cost[column] = sense * cost_scale * model_cost * column_scale[column]; }
  void SetColumnBounds(int column, double model_lower, double model_upper);
  void SetRowBounds(int row, double model_lower, double model_upper);

  /// Chooses the factors of all values and all costs: one, or such that a typical bound (the geometric mean of their
  /// sizes) and a typical cost are near 10,000 where they are above, so that tolerances keep to what a double can tell
  /// apart. To be called when the model has changed and before it is solved.
  void FitSizes();
};

}  // namespace restock::simplex
