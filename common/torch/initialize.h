#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include "common/random.h"

namespace restock {

// First weights from our own streams: they depend on the seed and on the parameter's name, not on LibTorch's global
// generator nor on what else was made before.

/// Uniform in [-bound, bound].
void FillUniform(const torch::Tensor& tensor, double bound, RandomStream stream);
/// Orthonormal rows or columns, whichever are fewer, times `gain` (Saxe et al. 2014).  `tensor`: (rows, cols)
void FillOrthogonal(const torch::Tensor& tensor, double gain, RandomStream stream);

/// Every parameter of `module`: matrices uniform with bound 1 / sqrt(columns), vectors zero.
void InitializeModule(torch::nn::Module& module, const Random& random);

}  // namespace restock
