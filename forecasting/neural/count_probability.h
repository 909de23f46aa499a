#pragma once

#include <torch/types.h>

namespace restock {

/// Logarithm of the negative binomial's probability of `target` (which need not be whole, an estimate of hidden demand
/// is not), its variance being mean + dispersion * mean^2. All of the same shape; nothing is learned of `target`. On
/// the CPU the value and its gradients come from one pass, with the gamma function by Stirling's series.
torch::Tensor LogCountProbability(const torch::Tensor& target, const torch::Tensor& log_mean,
                                  const torch::Tensor& log_dispersion);

}  // namespace restock
