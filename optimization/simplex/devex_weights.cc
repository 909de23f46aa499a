#include "optimization/simplex/devex_weights.h"

#include <algorithm>

namespace restock::simplex {

void UpdateDevexWeights(int row, const SparseVector& column, Array<double>& weight) {
  const double pivot = column.value[row];
  const double new_weight = weight[row] / (pivot * pivot);
  for (int k = 0; k < column.count; ++k) {
    const int other = column.index[k];
    const double alpha = column.value[other];
    weight[other] = std::max(weight[other], alpha * alpha * new_weight);
  }
  weight[row] = std::max(1.0, new_weight);
}

}  // namespace restock::simplex
