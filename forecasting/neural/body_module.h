#pragma once

#include <memory>
#include <string>

#include <torch/nn/module.h>
#include <torch/types.h>

#include "forecasting/neural/network_body.h"

namespace restock {

/// The part of a network that reads the past, for learning. What it says of a period depends on that period and earlier
/// ones alone; periods before the window count as zeros.
class BodyModule : public torch::nn::Module {
 public:
  /// (num_periods, batch, num_inputs) -> (num_periods, batch, hidden_size)
  virtual torch::Tensor Forward(const torch::Tensor& inputs) = 0;
  /// First values other than uniform matrices and zero vectors.
  virtual void SetFirstValues() {}
};

std::shared_ptr<BodyModule> MakeBodyModule(const std::string& name, BodySize size);

/// The values of `periods` periods before, zero at the beginning.  `values`: (num_periods, ...)
inline torch::Tensor Delayed(const torch::Tensor& values, int64_t periods) {
  if (periods == 0) return values;
  if (periods >= values.size(0)) return torch::zeros_like(values);
  return torch::cat({torch::zeros_like(values.slice(0, 0, periods)), values.slice(0, 0, -periods)}, 0);
}

}  // namespace restock
