#pragma once

#include <optional>
#include <vector>

#include "optimization/simplex/simplex_state.h"

namespace restock::simplex {

/// Chooses the variable that enters in the dual simplex, by the long-step rule: as the dual step grows, reduced costs
/// reach zero one after the other; a boxed variable can be flipped to its other bound and the step goes on, as long as
/// the infeasibility of the leaving variable is not used up (Maros 2003; Koberstein 2005, section 3.2.2 and 6.2.2).
/// Breakpoints that lie within the dual tolerance of each other form a group (Harris 1973), from which the largest
/// pivot is taken.
class BoundFlippingRatioTest {
 public:
  BoundFlippingRatioTest(const SimplexState& state, double dual_tolerance);

  struct Result {
    int entering;
    double pivot;      // its entry in the pivot row
    double dual_step;  // d_j falls by dual_step * alpha_j; has the sign of the violation
  };

  /// The pivot row is `logical_row` (a row of B^-1) for the logicals and `column_row` for the columns. `violation`: of
  /// the leaving variable.
  std::optional<Result> Choose(const SparseVector& logical_row, const SparseVector& column_row, double violation);

  /// What the last choice flips: boxed variables whose breakpoints were passed.
  const std::vector<int>& flips() const { return flips_; }

 private:
  struct Candidate {
    int variable;
    double alpha;  // > 0: how fast its reduced cost falls to zero
    double slack;  // what its reduced cost is away from zero, a little below zero at the least
  };

  void Collect(const SparseVector& row, int first_variable, double direction);
  void DropFarCandidates(double slope);
  void FormGroups(double slope);
  int ChooseGroup() const;
  int LargestPivot(int begin, int end) const;
  double Range(int variable) const { return state_.upper[variable] - state_.lower[variable]; }

  const SimplexState& state_;
  double dual_tolerance_;
  double pivot_tolerance_ = 0;
  Array<Candidate> candidates_;  // the first `num_candidates_` are in use
  int num_candidates_ = 0;
  Array<int> group_end_;  // group g: candidates group_end_[g] ... group_end_[g + 1] - 1
  std::vector<int> flips_;
};

}  // namespace restock::simplex
