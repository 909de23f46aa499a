#include "optimization/simplex/computational_form.h"

#include <bit>
#include <cmath>
#include <cstdint>

#include "optimization/simplex/scaling.h"

namespace restock::simplex {
namespace {

constexpr double kLargeSize = 1e4;  // typical bounds and costs above are brought down to this

/// Sum and number of the logarithms of what is neither zero nor infinite.
struct LogMean {
  double sum = 0;
  int count = 0;

  void Add(double value) {
    if (value == 0 || !std::isfinite(value)) return;
    // a double's bits are its logarithm, to within a tenth
    sum += static_cast<double>(std::bit_cast<int64_t>(std::abs(value))) * 0x1p-52 - 1023;
    ++count;
  }
  /// The power of two that brings the geometric mean down to a size that is not large.
  double Scale() const {
    const double excess = count == 0 ? 0 : sum / count - std::log2(kLargeSize);
    return excess > 0 ? std::exp2(-std::ceil(excess)) : 1;
  }
};

}  // namespace

ComputationalForm::ComputationalForm(const LpModel& model, bool scale)
    : num_rows(model.num_rows()),
      num_columns(model.num_columns()),
      start(model.start.begin(), model.start.end()),
      index(model.index.begin(), model.index.end()),
      value(model.value.begin(), model.value.end()),
      row_width(num_rows, 0),
      cost(num_variables(), 0.0),
      lower(num_variables()),
      upper(num_variables()),
      column_scale(num_columns, 1.0),
      row_scale(num_rows, 1.0),
      sense(model.sense == LpSense::kMaximize ? -1 : 1) {
  for (const int row : index) ++row_width[row];
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
  lower[column] = model_lower * value_scale / column_scale[column];
  upper[column] = model_upper * value_scale / column_scale[column];
}

void ComputationalForm::SetRowBounds(int row, double model_lower, double model_upper) {
  lower[num_columns + row] = -model_upper * value_scale * row_scale[row];
  upper[num_columns + row] = -model_lower * value_scale * row_scale[row];
}

void ComputationalForm::FitSizes() {
  LogMean bound_size, cost_size;
  for (int variable = 0; variable < num_variables(); ++variable) {
    bound_size.Add(lower[variable]);
    if (upper[variable] != lower[variable]) bound_size.Add(upper[variable]);
    cost_size.Add(cost[variable]);
  }
  // what is scaled already is scaled once more, or back
  const auto refit = [](Array<double>& numbers, double factor) {
    if (factor == 1) return;
    for (double& number : numbers) number *= factor;
  };
  bound_size.sum -= bound_size.count * std::log2(value_scale);
  cost_size.sum -= cost_size.count * std::log2(cost_scale);
  const double value_factor = bound_size.Scale() / value_scale, cost_factor = cost_size.Scale() / cost_scale;
  refit(lower, value_factor);
  refit(upper, value_factor);
  refit(cost, cost_factor);
  value_scale *= value_factor;
  cost_scale *= cost_factor;
}

}  // namespace restock::simplex
