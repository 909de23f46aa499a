#pragma once

#include "env/exogenous.h"
#include "env/network_state.h"

namespace restock {

inline constexpr float kTiny = 1e-6f;  // keeps quotients finite where nothing is asked for

/// One period of the dynamics, docs/model.md: each event is a function, Step() tells their order. Pure: draws no random
/// numbers, allocates nothing. `orders(lane)` is feasible by itself (order_decoder.h); `outcome.shipped` begins as what
/// is ordered and is reduced to what leaves, with goodwill the demand to what comes. `state` is at the moment of
/// decision, before and after.
///
/// Written once over a small vocabulary: arithmetic, Min, Max, IsPositive, whole units and thinned counts, loops and
/// sums over sites, lanes and the entries of a feature. A loop over what a network does not have costs nothing. What
/// is shared (limits, vehicles, storage) is `auto`: a Value, or one number for all columns where these share it too.
template <class Net, class Orders, class Chance, class State, class Outcome>
class Period {
 public:
  using Value = typename Net::Value;

  Period(const Net& net, const Orders& orders, const Chance& chance, const State& state, const Outcome& outcome)
      : net_(net), orders_(orders), chance_(chance), state_(state), outcome_(outcome) {}

  void Step() {
    if (net_.SitesStandAlone()) return StepSiteBySite();
    SendAndSell();
    Share();
    MoveClock();
  }

  // where sites have nothing to do with each other, all that happens at one happens in one pass through memory
  void StepSiteBySite() {
    net_.ForEachSite([&](auto site) {
      net_.ForEachLaneInto(site, [&](auto lane) { TakeOrder(lane); });
      SellAt(site);
      SendAndReceiveAt(site);
    });
    state_.MoveClock();
    WriteCosts();
  }

  void SendAndSell() {
    // goods leave
    CallCustomers();
    TakeOrders();
    LimitOrders();
    PlaceOrders();
    RationInTurn();
    RationByShortage();
    RationProportionally();
    Ship();
    // customers are served
    Sell();
    SellInChannels();
    SendEmergencies();
    LetSomeWait();
    TakeReturns();
    // what is left costs money
    ThrowAway();
    PayForUnfilledOrders();
    PayForPipelines();
    SendAsChanceDecides();
  }

  // the costs of what is shared, and what does not fit
  void Share() {
    PayForVehicles();
    PayForOverflow();
    RefuseWhatDoesNotFit();
  }

  void MoveClock() {
    SendAndReceive();
    RememberStockouts();
    WriteCosts();
  }

  // of the demand that could be comes a share that depends on past stock-outs
  void CallCustomers() {
    net_.ForEachGoodwill([&](auto entry, auto use, auto site, const auto& rule) {
      const Value share = state_.goodwill(entry) / rule.most;
      chance_.demand(site) = net_.Thin(chance_.demand(site), share, chance_.uniform, use);
    });
  }

  void TakeOrder(auto lane) { outcome_.shipped(lane) = Value(orders_(lane)); }
  void TakeOrders() {
    net_.ForEachLane([&](auto lane) { TakeOrder(lane); });
  }

  // capacities that lanes share, and budgets
  void LimitOrders() {
    net_.ForEachJointLimit([&](auto group, const auto& limit) {
      const auto weigh = [&](auto lane, const auto& weight) -> Value { return weight * outcome_.shipped(lane); };
      const auto share = Min(limit / Max(net_.SumOverGroup(group, weigh), kTiny), 1.f);
      net_.ForEachLaneOf(
          group, [&](auto lane, const auto&) { outcome_.shipped(lane) = net_.Whole(outcome_.shipped(lane) * share); });
    });
  }

  // orders of earlier periods take effect, what was not filled is still wanted, suppliers that are down send nothing
  void PlaceOrders() {
    net_.ForEachOrderDelay(
        [&](auto entry, auto lane) { outcome_.shipped(lane) = state_.Delay(entry, outcome_.shipped(lane)); });
    net_.ForEachUnfilled([&](auto entry, auto lane, const auto&) {
      const Value wanted = state_.owed(entry) + outcome_.shipped(lane);
      state_.owed(entry) = wanted;
      outcome_.shipped(lane) = wanted;
    });
    net_.ForEachDisruptedLane(
        [&](auto supplier, auto lane) { outcome_.shipped(lane) = outcome_.shipped(lane) * chance_.supply(supplier); });
  }

  Value Shippable(auto site) { return Min(Value(state_.on_hand(site)), net_.shipping_capacity(site)); }

  // where more is ordered from a site than it can ship: one lane after the other, as long as there is something ...
  void RationInTurn() {
    const auto& left = outcome_.share;
    net_.ForEachSupplierInTurn([&](auto site) { left(site) = Shippable(site); });
    net_.ForEachLaneInTurn([&](auto lane, auto origin) {
      const Value granted = Min(Value(outcome_.shipped(lane)), Value(left(origin)));
      outcome_.shipped(lane) = granted;
      left(origin) -= granted;
    });
  }

  // ... or so that nobody is short of more than a level (found as in Michelot 1986), and what then remains of whole
  // units goes to those who are short of just that, one each ...
  void RationByShortage() {
    const auto& left = outcome_.share;
    const auto& level = outcome_.shortage;
    net_.ForEachSupplierByShortage([&](auto site, int num_rounds) {
      const Value shippable = Shippable(site);
      const auto short_of = [&](auto lane) -> Value { return outcome_.shipped(lane) - level(net_.Origin(lane)); };
      level(site) = shippable * 0.f;
      for (int round = 0; round < num_rounds; ++round) {
        const Value number =
            net_.SumOverLanesOutOf(site, [&](auto lane) -> Value { return IsPositive(short_of(lane)); });
        const Value wanted = net_.SumOverLanesOutOf(
            site, [&](auto lane) -> Value { return outcome_.shipped(lane) * IsPositive(short_of(lane)); });
        level(site) = Max((wanted - shippable) / Max(number, 1.f), Value(level(site)));
      }
      level(site) = net_.WholeAbove(level(site));
      left(site) =
          shippable - net_.SumOverLanesOutOf(site, [&](auto lane) -> Value { return Max(short_of(lane), 0.f); });
    });
    net_.ForEachLaneByShortage([&](auto lane, auto origin) {
      const Value short_of = level(origin);
      const Value wants_more = IsPositive(outcome_.shipped(lane) - short_of + 0.5f) * Min(short_of, 1.f);
      const Value extra = Min(wants_more, Value(left(origin)));
      outcome_.shipped(lane) = Max(outcome_.shipped(lane) - short_of, 0.f) + extra;
      left(origin) -= extra;
    });
  }

  // ... or every lane gets the same share
  void RationProportionally() {
    net_.ForEachSupplier([&](auto site) {
      const Value ordered = net_.SumOverLanesOutOf(site, [&](auto lane) -> Value { return outcome_.shipped(lane); });
      outcome_.share(site) = Min(Shippable(site) / Max(ordered, kTiny), 1.f);
    });
  }

  // whole units leave; of what outside supply sends a part may be good
  void Ship() {
    net_.ForEachLaneFromSites([&](auto lane, auto origin) {
      outcome_.shipped(lane) = net_.Whole(outcome_.shipped(lane) * Value(outcome_.share(origin)));
    });
    net_.ForEachUnfilled([&](auto entry, auto lane, const auto&) { state_.owed(entry) -= outcome_.shipped(lane); });
    net_.ForEachYield([&](auto use, auto lane, const auto& share) {
      outcome_.shipped(lane) = net_.Thin(outcome_.shipped(lane), share, chance_.uniform, use);
    });
  }

  void Sell() {
    net_.ForEachSite([&](auto site) { SellAt(site); });
  }

  void SellAt(auto site) {
    const auto shipped = [&](auto lane) -> Value { return outcome_.shipped(lane); };
    Value stock =
        state_.on_hand(site) - net_.SumOverLanesOutOf(site, shipped) + net_.SumOverImmediateLanesInto(site, shipped);
    if (net_.ReceivesAfterShipping())
      stock = stock + net_.SumOverLanesInto(site, [&](auto lane) -> Value { return state_.Receive(lane); });
    const Served served = Serve(site, stock);
    state_.on_hand(site) = served.left;

    // what the period costs, by kind and by site
    const Value held = net_.holding_cost(site) * served.left;
    const Value bought =
        net_.SumOverLanesInto(site, [&](auto lane) -> Value { return net_.unit_cost(lane) * outcome_.shipped(lane); });
    holding_.Add(held);
    purchase_.Add(bought);
    const Value cost = held + served.cost + bought;
    if (!net_.HasOrderCosts()) {
      outcome_.site_cost(site) = cost;
      return;
    }
    const Value ordered = net_.SumOverLanesInto(site, [&](auto lane) -> Value {
      return net_.order_cost(lane) * IsPositive(outcome_.shipped(lane) - kRoundingError);
    });
    outcome_.site_cost(site) = cost + ordered;
    order_.Add(ordered);
  }

  struct Served {
    Value left;  // of the stock
    Value cost;
  };

  // customers who wait are served first, then the period's demand
  Served Serve(auto site, const Value& stock) {
    const Value demand = chance_.demand(site);
    if (!net_.HasBackorders()) {
      const Value sold = Min(stock, demand);
      outcome_.sold(site) = sold;
      return Account(site, stock - sold, demand - sold, sold);
    }
    const Value waiting = state_.backorders(site);
    const Value served_late = Min(stock, waiting);
    const Value sold = Min(stock - served_late, demand);
    const Value unmet = demand - sold;
    const Value still_waiting = waiting - served_late;
    state_.backorders(site) = still_waiting + net_.backorder_share(site) * unmet;
    outcome_.sold(site) = sold;
    return Account(site, stock - served_late - sold, still_waiting + unmet, served_late + sold);
  }

  Served Account(auto site, const Value& left, const Value& units_short, const Value& units_sold) {
    const Value short_of = net_.stockout_cost(site) * units_short;
    stockout_.Add(short_of);
    if (!net_.HasPrices()) return {left, short_of};
    const Value earned = net_.price(site) * units_sold;
    revenue_.Subtract(earned);
    return {left, short_of - earned};
  }

  // channels sell what their host has left
  void SellInChannels() {
    net_.ForEachChannel([&](auto site, auto host) {
      const Value stock = state_.on_hand(host);
      const Served served = Serve(site, stock);
      outcome_.site_cost(site) = served.cost;
      Take(host, stock - served.left);
    });
  }

  // leaves a site after its holding cost was counted
  void Take(auto site, const Value& units) {
    state_.on_hand(site) -= units;
    const Value not_held = net_.holding_cost(site) * units;
    outcome_.site_cost(site) -= not_held;
    holding_.Subtract(not_held);
  }

  void Charge(auto& kind, auto site, const Value& cost) {
    outcome_.site_cost(site) += cost;
    kind.Add(cost);
  }

  // of those who were not served, some accept to be served from elsewhere at once
  void SendEmergencies() {
    net_.ForEachEmergencyLane([&](auto use, auto lane, auto origin, auto site, const auto& acceptance) {
      const Value unmet = chance_.demand(site) - outcome_.sold(site);
      const Value accepted = net_.Thin(unmet, acceptance, chance_.uniform, use);
      const Value sent = Min(accepted, Value(state_.on_hand(origin)));
      Take(origin, sent);
      outcome_.shipped(lane) = sent;
      outcome_.sold(site) += sent;
      state_.backorders(site) -= net_.backorder_share(site) * sent;
      Charge(purchase_, site, net_.unit_cost(lane) * sent);
      Charge(stockout_, site, net_.stockout_cost(site) * sent * -1.f);
      if (net_.HasPrices()) Charge(revenue_, site, net_.price(site) * sent * -1.f);
    });
  }

  // where a part of the shortage waits
  void LetSomeWait() {
    net_.ForEachPartialBackorder([&](auto use, auto site, const auto& share) {
      const Value unmet = chance_.demand(site) - outcome_.sold(site);
      state_.backorders(site) += net_.Thin(unmet, share, chance_.uniform, use);
    });
  }

  void TakeReturns() {
    net_.ForEachReturnLane([&](auto use, auto lane, auto site, const auto& share) {
      const Value returned = net_.Thin(outcome_.sold(site), share, chance_.uniform, use);
      outcome_.shipped(lane) = returned;
      Charge(purchase_, site, net_.unit_cost(lane) * returned);
    });
  }

  // stock by age: what has left took the oldest or the newest units; those that have no period left are wasted
  void ThrowAway() {
    net_.ForEachPerishable([&](auto entry, auto site, int shelf_life, const auto& rule) {
      const auto shipped = [&](auto lane) -> Value { return outcome_.shipped(lane); };
      state_.age(entry, shelf_life) += net_.SumOverImmediateLanesInto(site, shipped);
      Value left = state_.age(entry, 1) - state_.on_hand(site);
      for (int age = 2; age <= shelf_life; ++age) left = left + state_.age(entry, age);
      const Value sold_newest =
          rule.sells_newest * (outcome_.sold(site) - net_.SumOverEmergencyLanesInto(site, shipped)) +
          net_.SumOverChannelsThatSellNewest(entry, outcome_.sold);
      Value newest = Min(sold_newest, left);
      Value oldest = left - newest;
      for (int age = 1; age <= shelf_life; ++age) oldest = oldest - TakeAge(entry, age, oldest);
      for (int age = shelf_life; age >= 1; --age) newest = newest - TakeAge(entry, age, newest);

      const Value wasted = state_.age(entry, 1);
      Take(site, wasted);
      Charge(waste_, site, rule.waste_cost * wasted);
      for (int age = 1; age < shelf_life; ++age) state_.age(entry, age) = Value(state_.age(entry, age + 1));
    });
  }

  Value TakeAge(auto entry, int age, const Value& wanted) {
    const Value taken = Min(Value(state_.age(entry, age)), wanted);
    state_.age(entry, age) -= taken;
    return taken;
  }

  void PayForUnfilledOrders() {
    net_.ForEachUnfilled([&](auto entry, auto lane, const auto& rule) {
      Charge(unfilled_, net_.Destination(lane), rule.cost * state_.owed(entry));
      state_.owed(entry) = rule.waits * state_.owed(entry);
    });
  }

  // each vehicle that is begun
  void PayForVehicles() {
    net_.ForEachVehicles([&](auto group, const auto& vehicles) {
      const auto weigh = [&](auto lane, const auto& weight) -> Value { return weight * outcome_.shipped(lane); };
      const auto load = net_.SumOverGroup(group, weigh);
      const auto cost = vehicles.cost * Ceil(load / vehicles.size - kRoundingError);
      const auto rate = cost / Max(load, kTiny);
      net_.ForEachLaneOf(group, [&](auto lane, const auto& weight) {
        outcome_.site_cost(net_.Destination(lane)) += rate * (weight * outcome_.shipped(lane));
      });
      order_.Add(cost);
    });
  }

  void PayForPipelines() {
    net_.ForEachPipelineCost([&](auto lane, const auto& cost) {
      Charge(pipeline_, net_.Destination(lane), cost * (outcome_.shipped(lane) + state_.UnderWay(lane)));
    });
  }

  // what does not fit is charged to all that is stored there, by volume
  void PayForOverflow() {
    net_.ForEachLimitedLocation([&](auto location) {
      const auto volume = [&](auto site) -> Value { return net_.volume(site) * state_.on_hand(site); };
      const auto used = net_.SumOverSitesAt(location, volume);
      const auto excess_cost = net_.overflow_cost(location) * Max(used - net_.storage_capacity(location), 0.f);
      const auto rate = excess_cost / Max(used, kTiny);
      net_.ForEachSiteAt(location, [&](auto site) { outcome_.site_cost(site) += rate * volume(site); });
      overflow_.Add(excess_cost);
    });
  }

  // lead times that are not always the same
  void SendAsChanceDecides() {
    net_.ForEachVariableLeadTime(
        [&](auto entry, auto lane) { state_.SendAt(lane, outcome_.shipped(lane), chance_.lead_time(entry)); });
  }

  // of what is due each site refuses the same share
  void RefuseWhatDoesNotFit() {
    net_.ForEachRefusingLocation([&](auto location) {
      const auto due = [&](auto site) -> Value {
        return net_.SumOverLanesInto(site,
                                     [&](auto lane) -> Value { return state_.Due(lane, outcome_.shipped(lane)); });
      };
      const auto free_volume =
          Max(net_.storage_capacity(location) -
                  net_.SumOverSitesAt(location,
                                      [&](auto site) -> Value { return net_.volume(site) * state_.on_hand(site); }),
              0.f);
      const auto due_volume =
          net_.SumOverSitesAt(location, [&](auto site) -> Value { return net_.volume(site) * due(site); });
      const auto share = Min(free_volume / Max(due_volume, kTiny), 1.f);
      net_.ForEachSiteAt(location, [&](auto site) {
        const Value refused = due(site) - net_.Whole(due(site) * share);
        state_.on_hand(site) -= refused;  // before it comes
        Charge(overflow_, site, net_.overflow_cost(location) * (net_.volume(site) * refused));
      });
    });
  }

  void SendAndReceive() {
    net_.ForEachSite([&](auto site) { SendAndReceiveAt(site); });
    state_.MoveClock();
    net_.ForEachPerishable([&](auto entry, auto site, int shelf_life, const auto&) {
      Value older = Value(state_.on_hand(site)) * 0.f;
      for (int age = 1; age < shelf_life; ++age) older = older + state_.age(entry, age);
      state_.age(entry, shelf_life) = state_.on_hand(site) - older;
    });
  }

  void SendAndReceiveAt(auto site) {
    const auto pass = [&](auto lane) -> Value { return state_.SendAndReceive(lane, outcome_.shipped(lane)); };
    state_.on_hand(site) += net_.SumOverLanesInto(site, pass);
  }

  void RememberStockouts() {
    net_.ForEachGoodwill([&](auto entry, auto, auto site, const auto& rule) {
      const Value is_short = IsPositive(chance_.demand(site) - outcome_.sold(site) - kRoundingError);
      const Value factor = rule.otherwise + (rule.after_stockout - rule.otherwise) * is_short;
      state_.goodwill(entry) = Min(Max(state_.goodwill(entry) * factor, rule.least), rule.most);
    });
  }

  void WriteCosts() {
    outcome_.cost(kHolding) = holding_.sum();
    outcome_.cost(kStockout) = stockout_.sum();
    outcome_.cost(kPurchase) = purchase_.sum();
    outcome_.cost(kOrder) = order_.sum();
    outcome_.cost(kOverflow) = overflow_.sum();
    outcome_.cost(kWaste) = waste_.sum();
    outcome_.cost(kPipeline) = pipeline_.sum();
    outcome_.cost(kUnfilled) = unfilled_.sum();
    outcome_.cost(kRevenue) = revenue_.sum();
  }

 private:
  const Net& net_;
  const Orders& orders_;
  const Chance& chance_;
  const State& state_;
  const Outcome& outcome_;
  typename Net::Total holding_, stockout_, purchase_, order_, overflow_, waste_, pipeline_, unfilled_, revenue_;
};

/// Moves `state` by one period; see Period.
template <class Net, class Orders, class Chance, class State, class Outcome>
[[gnu::flatten]] inline void StepPeriod(const Net& net, const Orders& orders, const Chance& chance, const State& state,
                                        const Outcome& outcome) {
  Period(net, orders, chance, state, outcome).Step();
}

}  // namespace restock
