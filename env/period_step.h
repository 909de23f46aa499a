#pragma once

#include "env/exogenous.h"
#include "env/network_state.h"

namespace restock {

/// Whole units times a share are rounded down; this keeps 49 * (1 / 49) at 1. Exact for stocks up to 2^20 units.
inline constexpr float kJustAboveOne = 1 + 0x1p-22f;

/// One period of the dynamics, docs/model.md. Pure: draws no random numbers, allocates nothing; `orders` are feasible
/// (whole units, open lanes, within capacity; order_decoder.h) and `state` is at the moment of decision, before and
/// after.
///
/// Written once over a small vocabulary: arithmetic, Min, Max, Floor, IsPositive, loops and sums over sites and lanes.
template <class Net, class Orders, class Demand, class State, class Outcome>
[[gnu::flatten]] inline void StepPeriod(const Net& net, const Orders& orders, const Exogenous<Demand>& chance,
                                        const State& state, const Outcome& outcome) {
  using Value = typename Net::Value;
  typename Net::Total holding, stockout, purchase, order, overflow;

  // ration: where more is ordered from a site than it has, every lane gets the same share
  net.ForEachSupplier([&](auto site) {
    const Value ordered = net.SumOverLanesOutOf(site, [&](auto lane) -> Value { return orders(lane); });
    outcome.share(site) = Min(state.on_hand(site) / Max(ordered, 1.f), 1.f);
  });

  // ship whole units
  net.ForEachLane([&](auto lane) {
    const Value share = net.AtOrigin(outcome.share, lane, /*outside=*/1.f);
    outcome.shipped(lane) = Floor(orders(lane) * share * kJustAboveOne);
  });

  net.ForEachSite([&](auto site) {
    const auto shipped = [&](auto lane) -> Value { return outcome.shipped(lane); };
    const Value stock =
        state.on_hand(site) - net.SumOverLanesOutOf(site, shipped) + net.SumOverImmediateLanesInto(site, shipped);

    // meet demand, the longest waiting first
    const Value waiting = state.backorders(site);
    const Value served_late = Min(stock, waiting);
    const Value sold = Min(stock - served_late, chance.demand(site));
    const Value unmet = chance.demand(site) - sold;
    const Value on_hand = stock - served_late - sold;
    const Value still_waiting = waiting - served_late;
    state.on_hand(site) = on_hand;
    state.backorders(site) = still_waiting + net.backorder_share(site) * unmet;
    outcome.sold(site) = sold;

    // what the period costs, by kind and by site
    const Value held = net.holding_cost(site) * on_hand;
    const Value short_of = net.stockout_cost(site) * (still_waiting + unmet);
    const Value bought =
        net.SumOverLanesInto(site, [&](auto lane) -> Value { return net.unit_cost(lane) * outcome.shipped(lane); });
    const Value ordered = net.SumOverLanesInto(
        site, [&](auto lane) -> Value { return net.order_cost(lane) * IsPositive(outcome.shipped(lane)); });
    outcome.site_cost(site) = held + short_of + bought + ordered;
    holding.Add(held);
    stockout.Add(short_of);
    purchase.Add(bought);
    order.Add(ordered);
  });

  // storage: what does not fit is charged to all that is stored there, by volume
  net.ForEachLimitedLocation([&](auto location) {
    const auto volume = [&](auto site) -> Value { return net.volume(site) * state.on_hand(site); };
    const Value used = net.SumOverSitesAt(location, volume);
    const Value excess_cost = net.overflow_cost(location) * Max(used - net.storage_capacity(location), 0.f);
    const Value rate = excess_cost / Max(used, 1e-6f);
    net.ForEachSiteAt(location, [&](auto site) { outcome.site_cost(site) += rate * volume(site); });
    overflow.Add(excess_cost);
  });

  // the clock moves: what is due is received
  net.ForEachSite([&](auto site) {
    state.on_hand(site) += net.SumOverLanesInto(
        site, [&](auto lane) -> Value { return state.SendAndReceive(lane, outcome.shipped(lane)); });
  });
  state.MoveClock();

  outcome.cost(kHolding) = holding.sum();
  outcome.cost(kStockout) = stockout.sum();
  outcome.cost(kPurchase) = purchase.sum();
  outcome.cost(kOrder) = order.sum();
  outcome.cost(kOverflow) = overflow.sum();
}

}  // namespace restock
