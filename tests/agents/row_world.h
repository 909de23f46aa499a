#pragma once

#include <vector>

#include <gtest/gtest.h>

#include "common/random.h"
#include "env/exogenous.h"
#include "env/network_state.h"
#include "env/order_decoder.h"
#include "env/period_step.h"
#include "env/row_network.h"
#include "env/row_state.h"
#include "env/thinning_uses.h"

namespace restock {

inline size_t Index(int i) { return static_cast<size_t>(i); }
inline AlignedVector MakeRows(int count) { return AlignedVector(Index(count * kBlockSize)); }

/// A block's state with something of everything that a network can start with.
inline NetworkState FirstState(const Network& network) {
  NetworkState state(network);
  state.Start(network);
  return state;
}

/// All that is decided in a period, by chance and by the one who orders, for one block.
struct Decisions {
  AlignedVector orders, demand, lead_time, supply, uniform;

  Exogenous<Rows> rows() { return {{demand.data()}, {lead_time.data()}, {supply.data()}, {uniform.data()}}; }
};

inline Decisions DrawDecisions(const Network& network, int period, RandomStream& random) {
  Decisions drawn;
  const auto fill = [](AlignedVector& row, int count, auto draw) {
    row = MakeRows(count);
    for (int i = 0; i < count; ++i)
      for (int env = 0; env < kBlockSize; ++env) row[Index(i * kBlockSize + env)] = static_cast<float>(draw(i));
  };
  const auto quantity = [&](int most) {
    return network.is_divisible ? random.Uniform() * most : static_cast<double>(random.UniformInt(most + 1));
  };
  fill(drawn.demand, network.num_sites(),
       [&](int site) { return network.site_series[Index(site)] == kNoSeries ? 0.0 : quantity(6); });
  fill(drawn.lead_time, static_cast<int>(network.variable_lead_times.size()), [&](int entry) {
    return 1 + random.UniformInt(network.lead_time[Index(network.variable_lead_times[Index(entry)].lane)]);
  });
  fill(drawn.supply, static_cast<int>(network.disruptions.size()), [&](int) { return random.UniformInt(3) > 0; });
  fill(drawn.uniform, ThinningUses(network).num_uses, [&](int) { return random.Uniform(); });
  AlignedVector wanted;
  fill(wanted, network.num_lanes(), [&](int) { return random.UniformInt(2) == 0 ? 0.0 : quantity(10); });
  drawn.orders = MakeRows(network.num_lanes());
  OrderDecoder(network).Decode(period, wanted, {drawn.orders.data()});
  return drawn;
}

/// The kernel over rows, with its state.
class RowWorld {
 public:
  RowWorld(const Network& network, const NetworkState& first)
      : network_(network),
        rows_(network),
        state_(first),
        shipped(MakeRows(network.num_lanes())),
        demand(),
        sold(MakeRows(network.num_sites())),
        site_cost(sold),
        cost(MakeRows(kNumCostKinds)),
        share_(sold),
        shortage_(sold) {}

  void Step(Decisions decisions) {
    const RowOutcome outcome{.shipped = {shipped.data()},
                             .sold = {sold.data()},
                             .site_cost = {site_cost.data()},
                             .cost = {cost.data()},
                             .share = {share_.data()},
                             .shortage = {shortage_.data()}};
    StepPeriod(rows_, Rows{decisions.orders.data()}, decisions.rows(), RowState(network_, state_), outcome);
    demand = decisions.demand;
  }
  const NetworkState& state() const { return state_; }

 private:
  const Network& network_;
  RowNetwork rows_;
  NetworkState state_;

 public:
  AlignedVector shipped, demand, sold, site_cost, cost;

 private:
  AlignedVector share_, shortage_;
};

inline void ExpectClose(ConstRow actual, ConstRow expected, double tolerance, const char* what, int which) {
  EXPECT_LE((actual - expected).abs().maxCoeff(), tolerance) << what << " " << which;
}

inline void ExpectEqualStates(const Network& network, const NetworkState& actual, const NetworkState& expected,
                              double tolerance) {
  for (int site = 0; site < network.num_sites(); ++site) {
    ExpectClose(actual.on_hand(site), expected.on_hand(site), tolerance, "on hand", site);
    ExpectClose(actual.backorders(site), expected.backorders(site), tolerance, "backorders", site);
  }
  for (int lane = 0; lane < network.num_lanes(); ++lane)
    for (int ahead = 1; ahead <= network.lead_time[Index(lane)]; ++ahead)
      ExpectClose(actual.in_transit(lane, ahead), expected.in_transit(lane, ahead), tolerance, "in transit", lane);
  for (size_t entry = 0; entry < network.perishables.size(); ++entry)
    for (int left = 1; left <= network.perishables[entry].shelf_life; ++left)
      ExpectClose(actual.age(static_cast<int>(entry), left), expected.age(static_cast<int>(entry), left), tolerance,
                  "age", static_cast<int>(entry));
  for (size_t entry = 0; entry < network.goodwill.size(); ++entry)
    ExpectClose(actual.goodwill(static_cast<int>(entry)), expected.goodwill(static_cast<int>(entry)), 1e-6, "goodwill",
                static_cast<int>(entry));
  for (size_t entry = 0; entry < network.unfilled_orders.size(); ++entry)
    ExpectClose(actual.owed(static_cast<int>(entry)), expected.owed(static_cast<int>(entry)), tolerance, "owed",
                static_cast<int>(entry));
  for (size_t entry = 0; entry < network.order_delays.size(); ++entry)
    for (int ahead = 0; ahead < network.order_delays[entry].periods; ++ahead)
      ExpectClose(actual.delayed_order(static_cast<int>(entry), ahead),
                  expected.delayed_order(static_cast<int>(entry), ahead), tolerance, "delayed order",
                  static_cast<int>(entry));
}

}  // namespace restock
