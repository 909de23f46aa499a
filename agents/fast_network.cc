#include "agents/fast_network.h"

#include <algorithm>

#include "common/check.h"

namespace restock {
namespace {

constexpr Eigen::Index kRowsAtATime = 256;  // layers of a chunk stay in the second-level cache

void Activate(Activation activation, Eigen::Ref<Eigen::MatrixXf> values) {
  switch (activation) {
    case Activation::kTanh:
      values = values.array().tanh();
      break;
    case Activation::kElu:
      values = (values.array() > 0).select(values.array(), values.array().min(0.f).exp() - 1.f);
      break;
    case Activation::kRelu:
      values = values.array().max(0.f);
      break;
  }
}

}  // namespace

FastNetwork::FastNetwork(std::vector<int> sizes, Activation activation)
    : sizes_(std::move(sizes)), activation_(activation), parameters_(CountParameters(sizes_), 0.f) {
  size_t first = 0;
  for (size_t layer = 0; layer + 1 < sizes_.size(); ++layer) {
    first_weight_.push_back(first);
    first += (static_cast<size_t>(sizes_[layer]) + 1) * static_cast<size_t>(sizes_[layer + 1]);
  }
}

size_t FastNetwork::CountParameters(const std::vector<int>& sizes) {
  RESTOCK_CHECK_GE(sizes.size(), 2u);
  size_t count = 0;
  for (size_t layer = 0; layer + 1 < sizes.size(); ++layer) {
    count += (static_cast<size_t>(sizes[layer]) + 1) * static_cast<size_t>(sizes[layer + 1]);
  }
  return count;
}

void FastNetwork::SetParameters(std::span<const float> parameters) {
  RESTOCK_CHECK_EQ(parameters.size(), parameters_.size());
  std::copy(parameters.begin(), parameters.end(), parameters_.begin());
}

FastNetwork::Weights FastNetwork::weights(int layer) const {
  const auto index = static_cast<size_t>(layer);
  return {parameters_.data() + first_weight_[index], sizes_[index + 1], sizes_[index]};
}

Eigen::Map<const Eigen::RowVectorXf> FastNetwork::bias(int layer) const {
  const auto index = static_cast<size_t>(layer);
  const size_t num_weights = static_cast<size_t>(sizes_[index]) * static_cast<size_t>(sizes_[index + 1]);
  return {parameters_.data() + first_weight_[index] + num_weights, sizes_[index + 1]};
}

void FastNetwork::Evaluate(const Eigen::Ref<const Eigen::MatrixXf>& inputs, Eigen::Ref<Eigen::MatrixXf> outputs) const {
  RESTOCK_CHECK_EQ(inputs.cols(), num_inputs());
  RESTOCK_CHECK_EQ(outputs.cols(), num_outputs());
  RESTOCK_CHECK_EQ(outputs.rows(), inputs.rows());
  Eigen::MatrixXf values, next;
  for (Eigen::Index first = 0; first < inputs.rows(); first += kRowsAtATime) {
    const Eigen::Index rows = std::min(kRowsAtATime, inputs.rows() - first);
    values = inputs.middleRows(first, rows);
    for (int layer = 0; layer < num_layers(); ++layer) {
      next.noalias() = values * weights(layer).transpose();
      next.rowwise() += bias(layer);
      if (layer + 1 < num_layers()) Activate(activation_, next);
      values.swap(next);
    }
    outputs.middleRows(first, rows) = values;
  }
}

}  // namespace restock
