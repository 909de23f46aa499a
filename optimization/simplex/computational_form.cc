#include "optimization/simplex/computational_form.h"

#include "optimization/simplex/scaling.h"

namespace restock::simplex {

ComputationalForm::ComputationalForm(const LpModel& model, bool scale)
    : num_rows(model.num_rows()),
      num_columns(model.num_columns()),
      start(model.start.begin(), model.start.end()),
      index(model.index.begin(), model.index.end()),
      value(model.value.begin(), model.value.end()),
      cost(num_variables(), 0.0),
      lower(num_variables()),
      upper(num_variables()),
      column_scale(num_columns, 1.0),
      row_scale(num_rows, 1.0),
      sense(model.sense == LpSense::kMaximize ? -1 : 1) {
  if (scale) FindScaling(*this);
  for (int column = 0; column < num_columns; ++column) {
    for (int k = start[column]; k < start[column + 1]; ++k) value[k] *= row_scale[index[k]] * column_scale[column];
    const auto j = static_cast<size_t>(column);
    SetCost(column, model.cost[j]);
    SetColumnBounds(column, model.lower[j], model.upper[j]);
  }
  for (int row = 0; row < num_rows; ++row) {
    const auto i = static_cast<size_t>(row);
    SetRowBounds(row, model.row_lower[i], model.row_upper[i]);
  }
}

void ComputationalForm::SetColumnBounds(int column, double model_lower, double model_upper) {
  lower[column] = model_lower / column_scale[column];
  upper[column] = model_upper / column_scale[column];
}

void ComputationalForm::SetRowBounds(int row, double model_lower, double model_upper) {
  lower[num_columns + row] = -model_upper * row_scale[row];
  upper[num_columns + row] = -model_lower * row_scale[row];
}

}  // namespace restock::simplex
