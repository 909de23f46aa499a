#pragma once

#include "optimization/lp_model.h"
#include "optimization/lp_solution.h"

namespace restock::simplex {

/// A first basis that is triangular, so never singular. The logicals of inequalities, which can move, are basic; in
/// each equation a column takes the place of the logical, which cannot, if there is one that has no entry in the
/// equations done before: free columns are preferred to those with one bound, and these to boxed ones, then those with
/// few entries (Bixby 1992; rows in the order of their counts as in Maros 2003).
LpBasis TriangularCrash(const LpModel& model);

}  // namespace restock::simplex
