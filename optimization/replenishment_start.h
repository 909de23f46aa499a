#pragma once

#include <vector>

#include <Eigen/Core>

#include "env/network.h"
#include "env/network_state.h"

namespace restock {

/// What a plan starts from: the moment of decision, before the orders of the present period.
struct ReplenishmentStart {
  int period = 0;                  // of the plan that is the present; what lies before it is over
  int phase = 0;                   // of the order calendars in the present period
  std::vector<double> on_hand;     // [unit] (num_sites)
  std::vector<double> backorders;  // [unit] (num_sites)
  Eigen::MatrixXd in_transit;      // that can be sold 0, 1, ... periods from now  [unit] (longest lead time + 1, lanes)
  std::vector<double> owed;        // ordered and not shipped, by entry of Network::unfilled_orders  [unit]
  Eigen::MatrixXd delayed_orders;  // that take effect in 0, 1, ... periods  [unit] (longest delay, entries)

  /// Network::initial_on_hand and what is under way at the start.
  static ReplenishmentStart Initial(const Network& network, int phase);
  /// What one environment of a block looks like now.
  static ReplenishmentStart Of(const Network& network, const NetworkState& state, int env, int phase);
};

}  // namespace restock
