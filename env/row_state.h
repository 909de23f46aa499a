#pragma once

#include <algorithm>

#include "env/network.h"
#include "env/network_state.h"
#include "env/row_value.h"

namespace restock {

/// The state as the kernel sees it, over the rows of a block.
class RowState {
 public:
  RowState(const Network& network, NetworkState& state) : network_(network), state_(state) {}

  RowRef on_hand(int site) const { return RowRef(state_.on_hand(site).data()); }
  RowRef backorders(int site) const { return RowRef(state_.backorders(site).data()); }
  RowRef goodwill(int entry) const { return RowRef(state_.goodwill(entry).data()); }
  RowRef owed(int unfilled) const { return RowRef(state_.owed(unfilled).data()); }
  RowRef age(int perishable, int periods_left) const { return RowRef(state_.age(perishable, periods_left).data()); }

  /// Files an order, and takes out the one that takes effect now.
  RowValue Delay(int delay, const RowValue& order) const {
    const RowRef place(state_.delayed_order(delay, 0).data());
    const RowValue due = place;
    place = order;
    return due;
  }

  /// Sends units on their way, and takes off the lane what arrives at the start of the next period. Those of a lane
  /// without lead time have arrived already, those of a variable lead time are on their way.
  [[gnu::always_inline]] RowValue SendAndReceive(int lane, const RowValue& units) const {
    const int lead_time = LeadTime(lane);
    if (lead_time == 0) return RowValue();
    if (network_.receives_after_shipping) {
      if (!network_.HasVariableLeadTime(lane)) RowRef(state_.in_transit(lane, 1).data()) = units;  // empty
      return RowValue();
    }
    if (!network_.HasVariableLeadTime(lane)) RowRef(state_.in_transit(lane, lead_time).data()) = units;  // empty
    return Receive(lane);
  }
  /// Takes off the lane what arrives at the next receipt.
  [[gnu::always_inline]] RowValue Receive(int lane) const {
    if (LeadTime(lane) == 0) return RowValue();
    float* const row = state_.in_transit(lane, 1).data();
    AskForLaterRow(row);
    const RowValue received = RowValue::Load(row);
    RowValue().Store(row);
    return received;
  }
  /// Sends units on their way, each environment for its own number of periods.
  void SendAt(int lane, const RowValue& units, const RowValue& periods) const {
    const int longest = LeadTime(lane);
    for (int ahead = 1; ahead <= longest; ++ahead) {
      const int receipt = network_.receives_after_shipping ? ahead % longest + 1 : ahead;
      RowRef(state_.in_transit(lane, receipt).data()) += units * IsEqual(periods, static_cast<float>(ahead));
    }
  }
  /// What SendAndReceive() would take off the lane now.
  RowValue Due(int lane, const RowValue& units) const {
    const int lead_time = LeadTime(lane);
    if (lead_time == 0) return RowValue();
    const RowValue due = RowRef(state_.in_transit(lane, 1).data());
    return lead_time == 1 && !network_.HasVariableLeadTime(lane) ? due + units : due;
  }
  /// All that was sent before.
  RowValue UnderWay(int lane) const {
    RowValue sum;
    for (int slot = 0; slot < LeadTime(lane); ++slot) sum = sum + RowValue::Load(state_.ring(lane, slot).data());
    return sum;
  }
  void MoveClock() const { state_.MoveClock(); }

 private:
  int LeadTime(int lane) const { return network_.lead_time[static_cast<size_t>(lane)]; }

  const Network& network_;
  NetworkState& state_;
};

/// Where a period of a block is written down.
struct RowOutcome {
  Rows shipped;    // (lane)
  Rows sold;       // (site)
  Rows site_cost;  // (site)
  Rows cost;       // (kind)
  Rows share;      // of what is ordered from a site, what it can ship: between two passes  (site)
  Rows shortage;   // what each lane may be short of, where the largest shortage is made least  (site)
};

}  // namespace restock
