#pragma once

#include <memory>
#include <span>

#include <torch/types.h>

#include "agents/tensor_network.h"
#include "agents/tensor_state.h"
#include "env/exogenous.h"
#include "env/network.h"
#include "env/network_state.h"

namespace restock {

/// What a period cost, and units, each by environment.
struct TensorOutcome {
  torch::Tensor cost;       // (kNumCostKinds, environments); no leftover credit
  torch::Tensor site_cost;  // the same sum by site, the cost of a lane at its destination  (sites, environments)
  torch::Tensor demand;     // with goodwill: that came  (sites, environments)
  torch::Tensor sold;       // (sites, environments)
  torch::Tensor shipped;    // (lanes, environments)

  /// (environments)
  torch::Tensor total_cost() const { return cost.sum(0); }
};

/// The simulator on tensors: period_step.h for all environments at once, on a processor or a GPU, differentiable from
/// end to end, so that policies can be trained through it.
///
///   TensorWorld world(network, {.type = torch::kFloat});
///   TensorState state = world.ReadBlocks(env_states);
///   torch::Tensor cost = world.Step(orders, {.demand = demand}, state).total_cost();
///   cost.mean().backward();
///
/// Gradients are those of goods that can be divided; of whole units see TensorWorldConfig. Where a cost jumps (fixed
/// costs, vehicles, goodwill), there is no gradient of the jump.
class TensorWorld {
 public:
  explicit TensorWorld(std::shared_ptr<const Network> network, const TensorWorldConfig& config = {});

  const Network& network() const { return *network_; }

  /// The state of blocks of environments, one after the other; and back.
  TensorState ReadBlocks(std::span<const NetworkState> blocks) const;
  /// As many environments as the blocks hold.
  void WriteBlocks(const TensorState& state, std::span<NetworkState> blocks) const;

  /// Moves `state` by one period, as StepPeriod does.  `orders`: feasible one by one, see order_decoder.h  (lanes,
  /// environments); `chance`: its rows as in exogenous.h, each (rows, environments), those that the network does not
  /// need may be missing
  TensorOutcome Step(const torch::Tensor& orders, const Exogenous<torch::Tensor>& chance, TensorState& state) const;

  /// What is on hand and under way at its `unit_value`: what an episode pays back at its end.  (environments)
  torch::Tensor LeftoverValue(const TensorState& state) const;

 private:
  std::shared_ptr<const Network> network_;
  TensorNetwork tensors_;
};

}  // namespace restock
