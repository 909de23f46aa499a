#pragma once

#include <vector>

#include "optimization/lp_model.h"
#include "optimization/lp_solution.h"

namespace restock::simplex {

/// Substitutes columns that an equation with two entries, a x + b y = c, gives as a function of another one: the row
/// and the column x go, y takes x's entries, cost and bounds (Bradley, Brown & Graves 1983; Andersen & Andersen 1995,
/// section 3.2). Only columns with few entries, so that the matrix does not fill; every column takes part once.
///
/// As in Presolve, what comes back is a basis of the whole model; the simplex gives values and duals.
class DoubletonEquations {
 public:
  /// `model`: a minimisation; must outlive this.
  explicit DoubletonEquations(const LpModel& model);

  int num_substituted() const { return static_cast<int>(substitutions_.size()); }
  /// What is left.
  const LpModel& reduced() const { return reduced_; }
  /// Values and a basis of the whole model from those of the reduced one.
  LpSolution Lift(const LpSolution& solution) const;

 private:
  /// x = constant + multiple * y, with y's bounds beside those that x had.
  struct Substitution {
    int row;
    int x, y;
    double constant, multiple;
    double y_lower, y_upper;
    double lower, upper;  // of x, in units of y
  };

  void FindSubstitutions();
  void TryRow(int row, int first, int second, double first_entry, double second_entry);
  void BuildReduced();

  const LpModel& model_;
  std::vector<Substitution> substitutions_;
  std::vector<int> substitution_of_row_;     // -1: none  (num_rows)
  std::vector<int> substitution_of_column_;  // in which it is x or y, -1: none  (num_columns)
  LpModel reduced_;
};

}  // namespace restock::simplex
