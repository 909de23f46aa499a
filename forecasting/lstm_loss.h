#pragma once

#include <vector>

#include <torch/types.h>

#include "forecasting/lstm_batch.h"
#include "forecasting/lstm_module.h"

namespace restock {

/// Which targets count: periods in [from, until).
struct TargetRange {
  int from = 0;
  int until = 0;
};

struct LossSum {
  torch::Tensor loss;    // weighted sum
  torch::Tensor weight;  // sum of weights
};

/// The negative log-likelihood of forecasts `steps` periods ahead (0: the coming one) from the origins of a window,
/// `first_origin` being the first.
LossSum LossOver(LstmModule& net, const LstmBatch& window, torch::Device device, const std::vector<int>& steps,
                 int first_origin, TargetRange range, bool zero_inflated);

}  // namespace restock
