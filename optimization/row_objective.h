#pragma once

#include <algorithm>
#include <span>

#include "optimization/simplex/simplex_solver.h"

namespace restock {

/// Makes the sum of some rows' activities the objective.
inline void MinimizeRows(std::span<const int> rows, SimplexSolver& solver) {
  const LpModel& model = solver.model();
  for (int column = 0; column < model.num_columns(); ++column) {
    const auto j = static_cast<size_t>(column);
    double cost = 0;
    for (auto k = static_cast<size_t>(model.start[j]); k < static_cast<size_t>(model.start[j + 1]); ++k)
      if (std::ranges::find(rows, model.index[k]) != rows.end()) cost += model.value[k];
    solver.SetCost(column, cost);
  }
}

}  // namespace restock
