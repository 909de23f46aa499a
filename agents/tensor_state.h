#pragma once

#include <cstdint>
#include <vector>

#include <torch/types.h>

namespace restock {

/// NetworkState as tensors: what changes, at the moment of decision, for any number of environments. A copy is a branch
/// of the simulation: a step replaces tensors and writes to none.
struct TensorState {
  torch::Tensor on_hand;     // (sites, environments)
  torch::Tensor backorders;  // (sites, environments)
  torch::Tensor goodwill;    // (entries of Network::goodwill, environments)
  torch::Tensor owed;        // (entries of Network::unfilled_orders, environments)
  /// Element k: what is received at the receipt after k others  (lanes, environments); not defined, or beyond the end:
  /// nothing.
  std::vector<torch::Tensor> in_transit;
  std::vector<torch::Tensor> age;  // element k: with k + 1 periods left  (perishables, environments)
  /// Element k: orders that take effect in k periods  (entries of Network::order_delays, environments); not defined, or
  /// beyond the end: none.
  std::vector<torch::Tensor> delayed_orders;

  int64_t num_envs() const { return on_hand.size(1); }
};

}  // namespace restock
