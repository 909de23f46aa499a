#pragma once

namespace restock {

/// All that chance decides in a period. The dynamics draw no numbers: the same exogenous values give the same period.
template <class Rows>
struct Exogenous {
  Rows demand;  // units asked for  (site)
};

}  // namespace restock
