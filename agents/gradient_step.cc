#include "agents/gradient_step.h"

#include <array>
#include <cmath>

#include <torch/autograd.h>

#include "common/parallel.h"

namespace restock {

bool StepAlongGradient(const std::function<torch::Tensor(int shard)>& loss,
                       const std::vector<torch::Tensor>& parameters, double max_norm, int num_threads,
                       torch::optim::Optimizer& optimizer) {
  std::array<std::vector<torch::Tensor>, kNumShards> gradients;
  ParallelFor(kNumShards, num_threads, [&](int shard) {
    gradients[static_cast<size_t>(shard)] = torch::autograd::grad({loss(shard)}, parameters);
  });

  const torch::NoGradGuard no_grad;
  double squares = 0;
  for (size_t i = 0; i < parameters.size(); ++i) {
    torch::Tensor sum = gradients[0][i];
    for (size_t shard = 1; shard < gradients.size(); ++shard) sum = sum + gradients[shard][i];
    parameters[i].mutable_grad() = sum / kNumShards;
    squares += parameters[i].grad().square().sum().item<double>();
  }
  const double norm = std::sqrt(squares);
  if (!std::isfinite(norm)) return false;
  if (norm > max_norm) {
    for (const torch::Tensor& parameter : parameters) parameter.mutable_grad().mul_(max_norm / norm);
  }
  optimizer.step();
  return true;
}

}  // namespace restock
