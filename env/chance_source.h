#pragma once

#include <memory>
#include <span>
#include <vector>

#include "common/random.h"
#include "env/aligned_vector.h"
#include "env/exogenous.h"
#include "env/lead_time_process.h"
#include "env/network.h"
#include "env/row_value.h"
#include "env/supply_process.h"
#include "env/thinning_uses.h"
#include "env/uniform_rows.h"

namespace restock {

/// Draws what chance decides besides demand: lead times, suppliers that are down, numbers for counts out of counts.
/// Those of (random, scenario, period) are the same on any thread, in any order and for every policy.
class ChanceSource {
 public:
  ChanceSource(const Network& network, const Random& random);

  /// There is something to draw.
  bool IsNeeded() const { return !lead_times_.empty() || !supplies_.empty() || uses_.num_uses > 0; }
  /// What a thread needs to keep a block's rows.
  struct Scratch {
    AlignedVector lead_time, supply, uniform;
  };
  Scratch MakeScratch() const;

  /// Fills the scratch for the scenarios of a block, and points `chance` to it; its demand is left as it is.  `phase`:
  /// of the calendars
  void Draw(int period, int phase, std::span<const int> scenarios, Scratch& scratch, Exogenous<Rows>& chance) const;

 private:
  void DrawLeadTime(size_t entry, int period, int phase, std::span<const int> scenarios, float* lead_time) const;

  const Network& network_;
  ThinningUses uses_;
  std::vector<std::unique_ptr<LeadTimeProcess>> lead_times_;  // null where only the calendar decides
  std::vector<SupplyProcess> supplies_;
  UniformRows uniforms_;
};

}  // namespace restock
