#pragma once

#include "optimization/simplex/sparse_vector.h"

namespace restock::simplex {

/// Devex weights of the dual's edges (Harris 1973; Forrest & Goldfarb 1992, section 5): an edge is measured only along
/// the variables of a reference framework, those that were basic when it was chosen. There all weights are one, without
/// any computing; a step raises them to what the new basis is known to have at least,
///
///   w_r := max(w_r, (alpha_r / alpha_p)^2 w_p),   w_p := max(1, w_p / alpha_p^2),
///
/// which spares the solve that exact norms need. They are good for some hundred steps.

/// `column`: B^-1 a_q, which replaces the one at `row`. `weight`: (num_rows)
void UpdateDevexWeights(int row, const SparseVector& column, Array<double>& weight);

}  // namespace restock::simplex
