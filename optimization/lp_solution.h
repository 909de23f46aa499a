#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "optimization/lp_model.h"

namespace restock {

enum class LpStatus { kOptimal, kInfeasible, kUnbounded, kTimeLimit, kIterationLimit, kNumericalTrouble };

/// optimal, infeasible, unbounded, time_limit, iteration_limit, numerical_trouble
std::string_view LpStatusName(LpStatus status);

/// Where a variable stands. A row's variable is its activity. Free variables that are not basic stand at zero.
enum class BasisStatus : int8_t { kBasic, kAtLower, kAtUpper, kFree };

struct LpBasis {
  std::vector<BasisStatus> column;  // (num_columns)
  std::vector<BasisStatus> row;     // (num_rows)
};

/// The answer to a linear program. Duals and reduced costs are derivatives of the model's own objective: `duals[i]` by
/// the bound that row i stands at, `reduced_costs[j]` = c_j - sum_i a_ij duals[i] by the bound that column j stands at.
/// When minimising, a reduced cost is >= 0 at a lower and <= 0 at an upper bound; when maximising, the reverse.
struct LpSolution {
  LpStatus status = LpStatus::kNumericalTrouble;
  double objective = 0;               // of `values`, offset included
  std::vector<double> values;         // x  (num_columns)
  std::vector<double> row_activity;   // A x  (num_rows)
  std::vector<double> duals;          // y  (num_rows)
  std::vector<double> reduced_costs;  // c - A'y  (num_columns)
  LpBasis basis;
  /// The proof. Infeasible: row multipliers w with which the sum of the rows, sum_i w_i (A x)_i, can never be what the
  /// bounds of rows and columns ask of it (num_rows); all zero where the bounds of a column cross. Unbounded: a
  /// direction of `values` in which the objective improves for ever (num_columns).
  std::vector<double> ray;
  int64_t iterations = 0;
  double seconds = 0;

  // by CheckSolution, on the model as given; absolute for numbers up to 10,000, relative to them above (see there)
  double primal_infeasibility = 0;  // largest violation of a bound, by a row or a column
  double dual_infeasibility = 0;    // largest reduced cost or dual of the wrong sign
  double gap = 0;                   // |primal - dual objective| / max(1, |primal objective|)
};

/// Fills primal_infeasibility, dual_infeasibility and gap from `values` and `duals` alone; row activities, reduced
/// costs and the objective are computed anew. Knows nothing of how the solution was found.
///
/// A double holds sixteen digits, so what a sum misses its bound by means little without the size of its terms: a
/// violation is divided by max(1, size / 10,000), where size is the bound's own or that of all terms of the sum,
/// sum_j |a_ij x_j|, whichever is larger (of a reduced cost: |c_j| + sum_i |a_ij y_i|; of a dual: the largest such size
/// in its row, over |a_ij|). Up to 10,000 that is the absolute violation; 1e-7 then means 1e-11 of the size.
void CheckSolution(const LpModel& model, LpSolution& solution);

/// True when `ray` proves that the model has no feasible point: the range of values that sum_i ray_i (A x)_i can take
/// with x within its column bounds lies apart from the range that the row bounds allow, by more than rounding. Where
/// the bounds of a column cross any ray will do.
bool ProvesInfeasible(const LpModel& model, const std::vector<double>& ray);

/// True when going along `ray` from any feasible point keeps feasible and improves the objective without end.
bool ProvesUnbounded(const LpModel& model, const std::vector<double>& ray);

}  // namespace restock
