#pragma once

#include <torch/types.h>

namespace restock {

/// One layer of long short-term memory over whole sequences on the CPU, with its gradients written out by hand: one
/// product and one pass over the gates a period, where LibTorch's own takes some fifteen operations. The equations and
/// the order of the gates are those of lstm.cc; state begins as zeros.
///
/// `inputs`: (num_periods, batch, num_inputs); `input`: (4 hidden_size, num_inputs); `recurrent`: (4 hidden_size,
/// hidden_size); `bias`: (4 hidden_size), the sum of both. Returns (num_periods, batch, hidden_size).
torch::Tensor LstmLayer(const torch::Tensor& inputs, const torch::Tensor& input, const torch::Tensor& recurrent,
                        const torch::Tensor& bias);

}  // namespace restock
