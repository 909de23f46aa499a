#pragma once

#include <memory>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "agents/fast_network.h"
#include "agents/policy.h"
#include "env/demand_source.h"
#include "env/network.h"
#include "env/row_value.h"

namespace restock {

/// What a network that decides for all sites at once reads: something of the state, of time or of demand to come, less
/// its mean and over its spread. Plain data.
struct JointInput {
  enum Kind : int32_t {
    kLevel,      // on hand minus backorders of a site
    kArriving,   // what comes to a site in `ahead` periods, on all its lanes
    kAge,        // units of an entry of Network::perishables with `ahead` periods left
    kOwed,       // of an entry of Network::unfilled_orders
    kDelayed,    // orders of an entry of Network::order_delays that take effect in `ahead` periods
    kGoodwill,   // of an entry of Network::goodwill
    kTimeSince,  // exp(-periods since the start of the episode / ahead)
    kTimeLeft,   // exp(-periods to the end of the episode / ahead)
    kExpected,   // mean demand of a site in the period `ahead` periods after the coming one, as forecasters know it
    kNumKinds
  };
  int32_t kind = kLevel;
  int32_t place = 0;  // site or entry
  int32_t ahead = 0;  // [period]
  float mean = 0;
  float scale = 1;  // 1 / spread

  bool IsOfState() const { return kind < kTimeSince; }
};

/// A policy that decides for all lanes at once, from the state of the whole network: as plain data.
struct JointModel {
  std::string name;  // pathwise
  std::vector<JointInput> inputs;
  FastNetwork network = {};             // inputs to one output z per lane
  std::vector<int> lanes = {};          // that it orders on, rising
  std::vector<float> order_scale = {};  // an order is softplus(z) times this  [unit] (lanes of the list)
  std::vector<float> rounding = {};     // whole units: rounded down after this is added  [unit] (lanes of the list)
  int horizon = 0;                      // periods of an episode; 0: it has no end
};

/// A policy whose network reads what matters of `network`: weights zero. Spreads are told from demand in the first
/// `horizon` periods, where there is one.
JointModel MakeJointModel(const std::string& name, const Network& network, const DemandSource& demand, int horizon,
                          std::vector<int> hidden_layers, Activation activation);

/// Orders with such a network.
class JointPolicy : public Policy {
 public:
  /// Throws DataError when the parts do not fit together.
  explicit JointPolicy(JointModel model);

  const std::string& name() const override { return model_.name; }
  const JointModel& model() const { return model_; }
  void Act(const DecisionContext& context, PolicyMemory* memory, std::span<float> orders) const override;

 private:
  JointModel model_;
};

/// The value of an input that is not of the state, normalised, by environment.
RowValue MomentInput(const JointInput& input, int horizon, int period, std::span<const int> scenarios,
                     const DemandSource& demand, const Network& network);

/// The value of an input of the state, not normalised. `State` tells rows by place: on_hand(site), backorders(site),
/// in_transit(lane, ahead), age(entry, left), owed(entry), delayed_order(entry, ahead), goodwill(entry).
template <class Value, class State>
Value StateInput(const JointInput& input, const Network& network, const State& state) {
  const int place = input.place;
  switch (input.kind) {
    case JointInput::kLevel:
      return state.on_hand(place) - state.backorders(place);
    case JointInput::kArriving: {
      Value sum{};
      for (const int lane : network.lanes_into[static_cast<size_t>(place)])
        if (input.ahead <= network.lead_time[static_cast<size_t>(lane)])
          sum = sum + state.in_transit(lane, input.ahead);
      return sum;
    }
    case JointInput::kAge:
      return state.age(place, input.ahead);
    case JointInput::kOwed:
      return state.owed(place);
    case JointInput::kDelayed:
      return state.delayed_order(place, input.ahead);
    default:
      return state.goodwill(place);
  }
}

}  // namespace restock
