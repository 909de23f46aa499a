#include "optimization/simplex/scaling.h"

#include <algorithm>
#include <cmath>

#include "optimization/simplex/computational_form.h"

namespace restock::simplex {
namespace {

constexpr double kSmallEnough = 0.2;  // entries between these need no scaling
constexpr double kLargeEnough = 5;
constexpr int kRounds = 4;
constexpr double kLargestScale = 0x1p20;

double NearestPowerOfTwo(double scale) {
  return std::clamp(std::exp2(std::round(std::log2(scale))), 1 / kLargestScale, kLargestScale);
}

}  // namespace

void FindScaling(ComputationalForm& form) {
  double smallest = kInfinity, largest = 0;
  for (double entry : form.value) {
    smallest = std::min(smallest, std::abs(entry));
    largest = std::max(largest, std::abs(entry));
  }
  if (smallest >= kSmallEnough && largest <= kLargeEnough) return;

  // geometric means of the smallest and the largest entry, rows and columns in turn
  Array<double> row_smallest(form.num_rows), row_largest(form.num_rows);
  for (int round = 0; round < kRounds; ++round) {
    row_smallest.Assign(form.num_rows, kInfinity);
    row_largest.Assign(form.num_rows, 0);
    for (int column = 0; column < form.num_columns; ++column) {
      for (int k = form.start[column]; k < form.start[column + 1]; ++k) {
        const double size = std::abs(form.value[k]) * form.column_scale[column];
        const int row = form.index[k];
        row_smallest[row] = std::min(row_smallest[row], size);
        row_largest[row] = std::max(row_largest[row], size);
      }
    }
    for (int row = 0; row < form.num_rows; ++row) {
      if (row_largest[row] > 0) form.row_scale[row] = 1 / std::sqrt(row_smallest[row] * row_largest[row]);
    }
    for (int column = 0; column < form.num_columns; ++column) {
      double low = kInfinity, high = 0;
      for (int k = form.start[column]; k < form.start[column + 1]; ++k) {
        const double size = std::abs(form.value[k]) * form.row_scale[form.index[k]];
        low = std::min(low, size);
        high = std::max(high, size);
      }
      const bool last_round = round + 1 == kRounds;
      if (high > 0) form.column_scale[column] = 1 / (last_round ? high : std::sqrt(low * high));
    }
  }
  for (double& scale : form.row_scale) scale = NearestPowerOfTwo(scale);
  for (double& scale : form.column_scale) scale = NearestPowerOfTwo(scale);
}

}  // namespace restock::simplex
