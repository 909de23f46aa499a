#pragma once

#include "optimization/simplex/simplex_state.h"

namespace restock::simplex {

/// Partial pricing for re-solves: when bounds have moved a little, what enters the basis has as a rule a reduced cost
/// near zero already. Columns with large ones rest: they are left out of the pivot row, and their reduced costs are not
/// updated. Whenever all reduced costs are computed anew, those with the wrong sign wake up, and the primal simplex
/// lets them enter; so the end is the same (sifting: Bixby, Gregory, Lustig, Marsten & Shanno 1992, section 3).

/// Lets columns rest, all but those with the smallest reduced costs, where there are many of them. `state` has the
/// reduced costs of its basis. A choice is kept from one re-solve to the next until too many have woken up.
void RestDearColumns(SimplexState& state);

/// Wakes the columns whose reduced cost has the wrong sign.
void WakeWrongColumns(double dual_tolerance, SimplexState& state);

}  // namespace restock::simplex
