#pragma once

#include "common/random.h"
#include "optimization/simplex/simplex_state.h"

namespace restock::simplex {

/// Raises the costs of nonbasic columns at their lower bound and lowers those at their upper bound by small random
/// amounts, so that reduced costs keep their signs and ties in the ratio test become rare: the dual simplex then does
/// not stall on degenerate vertices. Sizes as in HiGHS (Huangfu & Hall 2018, section 4), times ten. Costs of basic
/// variables, and so the duals, stay.
void PerturbCosts(const RandomStream& random, SimplexState& state);

}  // namespace restock::simplex
