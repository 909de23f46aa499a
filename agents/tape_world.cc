#include "agents/tape_world.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "env/period_step.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

RowValue Load(ConstRow row) { return RowValue::Load(row.data()); }
void Store(const TapeValue& value, Row row) { value.row().Store(row.data()); }

/// The state as the kernel sees it, as in env/row_state.h.
class TapeStateView {
 public:
  TapeStateView(const Network& network, TapeState& state) : network_(network), state_(state) {}

  TapeRef on_hand(int site) const { return TapeRef(state_.on_hand[Index(site)]); }
  TapeRef backorders(int site) const { return TapeRef(state_.backorders[Index(site)]); }
  TapeRef goodwill(int entry) const { return TapeRef(state_.goodwill[Index(entry)]); }
  TapeRef owed(int entry) const { return TapeRef(state_.owed[Index(entry)]); }
  TapeRef age(int entry, int periods_left) const { return TapeRef(state_.age[Index(entry)][Index(periods_left - 1)]); }

  TapeValue Delay(int entry, const TapeValue& order) const {
    return std::exchange(state_.delayed_orders[Index(entry)].front(), order);
  }
  TapeValue SendAndReceive(int lane, const TapeValue& units) const {
    TapeState::Queue& queue = state_.in_transit[Index(lane)];
    if (queue.empty()) return {};
    const bool is_sent_now = !network_.HasVariableLeadTime(lane);
    if (network_.receives_after_shipping) {
      if (is_sent_now) queue.front() = units;  // was just received; the clock moves it to the end
      return {};
    }
    if (is_sent_now) queue.back() = units;  // empty
    return Receive(lane);
  }
  TapeValue Receive(int lane) const {
    TapeState::Queue& queue = state_.in_transit[Index(lane)];
    return queue.empty() ? TapeValue() : std::exchange(queue.front(), TapeValue());
  }
  void SendAt(int lane, const TapeValue& units, const TapeValue& periods) const {
    TapeState::Queue& queue = state_.in_transit[Index(lane)];
    const auto longest = static_cast<int>(queue.size());
    for (int ahead = 1; ahead <= longest; ++ahead) {
      const int receipt = network_.receives_after_shipping ? ahead % longest + 1 : ahead;
      TapeRef(queue[Index(receipt - 1)]) += units * IsEqual(periods, static_cast<float>(ahead));
    }
  }
  TapeValue Due(int lane, const TapeValue& units) const {
    const TapeState::Queue& queue = state_.in_transit[Index(lane)];
    if (queue.empty()) return {};
    return queue.size() == 1 && !network_.HasVariableLeadTime(lane) ? queue.front() + units : queue.front();
  }
  TapeValue UnderWay(int lane) const {
    const TapeState::Queue& queue = state_.in_transit[Index(lane)];
    return std::accumulate(queue.begin(), queue.end(), TapeValue());
  }
  void MoveClock() const {
    for (auto* queues : {&state_.in_transit, &state_.delayed_orders})
      for (TapeState::Queue& queue : *queues)
        if (!queue.empty()) std::rotate(queue.begin(), queue.begin() + 1, queue.end());
  }

 private:
  const Network& network_;
  TapeState& state_;
};

/// Where a period is written down, as the kernel sees it.
struct TapeOutcome {
  TapeRows shipped, sold, site_cost, cost, share, shortage;
};

}  // namespace

TapeState::TapeState(const Network& network, const NetworkState& state, Tape& tape) {
  const auto read = [&](size_t count, auto row_of) {
    std::vector<TapeValue> values;
    for (int i = 0; i < static_cast<int>(count); ++i) values.push_back(tape.Constant(Load(row_of(i))));
    return values;
  };
  on_hand = read(network.site_sku.size(), [&](int site) { return state.on_hand(site); });
  backorders = read(network.site_sku.size(), [&](int site) { return state.backorders(site); });
  goodwill = read(network.goodwill.size(), [&](int entry) { return state.goodwill(entry); });
  owed = read(network.unfilled_orders.size(), [&](int entry) { return state.owed(entry); });
  for (int lane = 0; lane < network.num_lanes(); ++lane)
    in_transit.push_back(
        read(Index(network.lead_time[Index(lane)]), [&](int k) { return state.in_transit(lane, k + 1); }));
  for (int entry = 0; entry < std::ssize(network.perishables); ++entry)
    age.push_back(
        read(Index(network.perishables[Index(entry)].shelf_life), [&](int k) { return state.age(entry, k + 1); }));
  for (int entry = 0; entry < std::ssize(network.order_delays); ++entry)
    delayed_orders.push_back(
        read(Index(network.order_delays[Index(entry)].periods), [&](int k) { return state.delayed_order(entry, k); }));
}

void TapeState::Write(const Network& network, NetworkState& state) const {
  const auto write = [](const std::vector<TapeValue>& values, auto row_of) {
    for (int i = 0; i < std::ssize(values); ++i) Store(values[Index(i)], row_of(i));
  };
  write(on_hand, [&](int site) { return state.on_hand(site); });
  write(backorders, [&](int site) { return state.backorders(site); });
  write(goodwill, [&](int entry) { return state.goodwill(entry); });
  write(owed, [&](int entry) { return state.owed(entry); });
  for (int lane = 0; lane < network.num_lanes(); ++lane)
    write(in_transit[Index(lane)], [&](int k) { return state.in_transit(lane, k + 1); });
  for (int entry = 0; entry < std::ssize(age); ++entry)
    write(age[Index(entry)], [&](int k) { return state.age(entry, k + 1); });
  for (int entry = 0; entry < std::ssize(delayed_orders); ++entry)
    write(delayed_orders[Index(entry)], [&](int k) { return state.delayed_order(entry, k); });
}

TapeWorld::TapeWorld(const Network& network)
    : network_(network),
      vocabulary_(network),
      shipped_(Index(network.num_lanes())),
      sold_(Index(network.num_sites())),
      site_cost_(sold_),
      cost_(kNumCostKinds),
      share_(sold_),
      shortage_(sold_) {}

TapeValue TapeWorld::Step(std::span<TapeValue> orders, const Exogenous<TapeRows>& chance, TapeState& state) {
  for (auto* rows : {&shipped_, &sold_, &site_cost_, &cost_, &share_, &shortage_})
    std::fill(rows->begin(), rows->end(), TapeValue());
  const TapeOutcome outcome{TapeRows(shipped_), TapeRows(sold_),  TapeRows(site_cost_),
                            TapeRows(cost_),    TapeRows(share_), TapeRows(shortage_)};
  const TapeStateView view(network_, state);
  const TapeRows order_rows(orders);
  Period(vocabulary_, order_rows, chance, view, outcome).Step();
  return std::accumulate(cost_.begin(), cost_.end(), TapeValue());
}

}  // namespace restock
