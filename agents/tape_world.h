#pragma once

#include <span>
#include <vector>

#include "agents/tape.h"
#include "env/exogenous.h"
#include "env/network_state.h"
#include "env/network_sums.h"
#include "env/thinning.h"

namespace restock {

/// NetworkState on a tape: what changes, at the moment of decision.
struct TapeState {
  /// Constants on `tape`, all that `state` holds.
  TapeState(const Network& network, const NetworkState& state, Tape& tape);
  /// The numbers, without how they came to be.
  void Write(const Network& network, NetworkState& state) const;

  using Queue = std::vector<TapeValue>;
  std::vector<TapeValue> on_hand, backorders;  // (site)
  std::vector<TapeValue> goodwill, owed;       // (entry)
  std::vector<Queue> in_transit;               // element k: received after k other receipts  [lane]
  std::vector<Queue> age;                      // element k: with k + 1 periods left  [entry]
  std::vector<Queue> delayed_orders;           // element k: take effect in k periods  [entry]
};

/// The vocabulary of period_step.h on a tape. Goods can be divided, and where chance takes a count out of a count, it
/// is the mean: what gradients need. `network` must outlive it.
class TapeNetwork : public NetworkSums<TapeValue> {
 public:
  using NetworkSums::NetworkSums;
  bool SitesStandAlone() const { return false; }
  const Value& Whole(const Value& units) const { return units; }
  const Value& WholeAbove(const Value& units) const { return units; }
  template <class Probability>
  Value Thin(const Value& count, const Probability& probability, const TapeRows&, int /*use*/) const {
    return ThinToMean(count, Value(probability));
  }
};

/// The simulator on a tape: period_step.h for one block of environments, differentiable from end to end. The same as
/// agents/tensor_world.h, which needs LibTorch; on a processor and on networks as small as ours it spares
/// LibTorch's cost of an operation, which is far above that of the numbers.
///
///   Tape tape;
///   TapeWorld world(network);
///   TapeState state(network, start, tape);
///   TapeValue cost = world.Step(orders, {.demand = TapeRows(demand)}, state);
class TapeWorld {
 public:
  explicit TapeWorld(const Network& network);

  /// Moves `state` by one period, as StepPeriod does, and returns its cost.  `orders`: feasible one by one  (lane);
  /// `chance`: its rows as in exogenous.h but the uniform numbers, which are not used
  TapeValue Step(std::span<TapeValue> orders, const Exogenous<TapeRows>& chance, TapeState& state);

 private:
  const Network& network_;
  TapeNetwork vocabulary_;
  std::vector<TapeValue> shipped_, sold_, site_cost_, cost_, share_, shortage_;  // of the period
};

}  // namespace restock
