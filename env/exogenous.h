#pragma once

namespace restock {

/// All that chance decides in a period. The dynamics draw no numbers: the same exogenous values give the same period.
/// Rows but the first are there only where a network has the feature.
template <class Rows, class Demand = Rows>
struct Exogenous {
  Demand demand;        // units asked for; with goodwill: those that could be  (site)
  Rows lead_time = {};  // of what is shipped now  [period] (entry of Network::variable_lead_times)
  Rows supply = {};     // 1, or 0 while a supplier is down  (entry of Network::disruptions)
  Rows uniform = {};    // in [0, 1), for counts out of counts  (use, see thinning_uses.h)
};

}  // namespace restock
