#pragma once

#include <string>
#include <vector>

#include <torch/types.h>

#include "common/random.h"
#include "forecasting/neural/batch.h"
#include "forecasting/neural/module.h"

namespace restock {

/// What learning makes small, value by value, for the likelihood of that name (likelihood.h). `outputs`: (...,
/// num_outputs); `log_base`, `target`: (...).
torch::Tensor LossOf(const std::string& likelihood, const torch::Tensor& outputs, const torch::Tensor& log_base,
                     const torch::Tensor& target);

/// Which targets count: periods in [from, until).
struct TargetRange {
  int from = 0;
  int until = 0;
};

struct LossSum {
  torch::Tensor loss;    // weighted sum
  torch::Tensor weight;  // sum of weights
};

/// The loss of forecasts `steps` periods ahead (0: the coming one) from the origins of a window, `first_origin` being
/// the first. `mask`: see NeuralModule::SharedUnits().
LossSum LossOver(NeuralModule& net, const NeuralBatch& window, torch::Device device, const std::vector<int>& steps,
                 int first_origin, TargetRange range, const torch::Tensor& mask);

}  // namespace restock
