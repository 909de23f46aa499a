#pragma once

#include <string_view>

#include <torch/types.h>

namespace restock {

/// The words that a configuration may use: auto (CUDA where there is one), cpu, cuda. Throws ConfigError for any other
/// word and for cuda on a machine without it.
torch::Device ChooseDevice(std::string_view wanted);

/// Lets LibTorch and the BLAS behind it compute on one thread from now on: sums split over threads depend on their
/// number in the last bit. Call it before training; work that should use more cores is split by us, in fixed parts.
void UseOneThread();

}  // namespace restock
