#pragma once

#include <functional>
#include <vector>

#include <torch/optim/optimizer.h>
#include <torch/types.h>

namespace restock {

/// Parts of a minibatch whose gradients are computed side by side; fixed, so that sums do not depend on the number of
/// threads.
inline constexpr int kNumShards = 2;

/// One step of `optimizer` along the mean gradient of loss(0) ... loss(kNumShards - 1), its norm clipped to `max_norm`.
/// False, and no step, where the gradient is not finite.
bool StepAlongGradient(const std::function<torch::Tensor(int shard)>& loss,
                       const std::vector<torch::Tensor>& parameters, double max_norm, int num_threads,
                       torch::optim::Optimizer& optimizer);

}  // namespace restock
