#pragma once

namespace restock::simplex {

struct ComputationalForm;

/// Chooses row and column scales of a form whose matrix is not scaled yet: geometric means in turn (Fulkerson & Wolfe
/// 1962; a few rounds as in Koberstein 2005, section 8.3), then the largest entry of each column near one, all rounded
/// to powers of two, so that scaling rounds nothing. Leaves them at one where all entries are of like size anyway.
void FindScaling(ComputationalForm& form);

}  // namespace restock::simplex
