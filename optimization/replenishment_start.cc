#include "optimization/replenishment_start.h"

#include <algorithm>

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

/// Nothing anywhere.
ReplenishmentStart Empty(const Network& network, int phase) {
  int longest_delay = 0;
  for (const OrderDelay& entry : network.order_delays) longest_delay = std::max(longest_delay, entry.periods);
  ReplenishmentStart start;
  start.phase = phase;
  start.on_hand.assign(Index(network.num_sites()), 0);
  start.backorders.assign(Index(network.num_sites()), 0);
  start.in_transit = Eigen::MatrixXd::Zero(network.max_lead_time() + 1, network.num_lanes());
  start.owed.assign(network.unfilled_orders.size(), 0);
  start.delayed_orders = Eigen::MatrixXd::Zero(longest_delay, static_cast<Eigen::Index>(network.order_delays.size()));
  return start;
}

/// Periods until the receipt after `ahead` - 1 others can be sold.
int PeriodsUntilSold(const Network& network, int ahead) { return network.receives_after_shipping ? ahead - 1 : ahead; }

}  // namespace

ReplenishmentStart ReplenishmentStart::Initial(const Network& network, int phase) {
  ReplenishmentStart start = Empty(network, phase);
  std::copy(network.initial_on_hand.begin(), network.initial_on_hand.end(), start.on_hand.begin());
  // what is due in the first period has been received already, or is still to come
  for (int lane = 0; lane < network.num_lanes(); ++lane) {
    for (int periods = network.receives_after_shipping ? 0 : 1; periods < network.lead_time[Index(lane)]; ++periods)
      start.in_transit(periods, lane) = network.initial_in_transit[Index(lane)];
  }
  for (size_t i = 0; i < network.order_delays.size(); ++i) {
    const OrderDelay& entry = network.order_delays[i];
    start.delayed_orders.col(static_cast<Eigen::Index>(i)).head(entry.periods).setConstant(entry.initial);
  }
  return start;
}

ReplenishmentStart ReplenishmentStart::Of(const Network& network, const NetworkState& state, int env, int phase) {
  ReplenishmentStart start = Empty(network, phase);
  for (int site = 0; site < network.num_sites(); ++site) {
    start.on_hand[Index(site)] = state.on_hand(site)[env];
    start.backorders[Index(site)] = state.backorders(site)[env];
  }
  for (int lane = 0; lane < network.num_lanes(); ++lane) {
    for (int ahead = 1; ahead <= network.lead_time[Index(lane)]; ++ahead)
      start.in_transit(PeriodsUntilSold(network, ahead), lane) = state.in_transit(lane, ahead)[env];
  }
  for (size_t i = 0; i < network.unfilled_orders.size(); ++i)
    start.owed[i] = network.unfilled_orders[i].waits ? state.owed(static_cast<int>(i))[env] : 0;
  for (int i = 0; i < start.delayed_orders.cols(); ++i) {
    for (int ahead = 0; ahead < network.order_delays[Index(i)].periods; ++ahead)
      start.delayed_orders(ahead, i) = state.delayed_order(i, ahead)[env];
  }
  return start;
}

}  // namespace restock
