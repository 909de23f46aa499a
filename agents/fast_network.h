#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <Eigen/Core>

namespace restock {

enum class Activation : int32_t { kTanh, kElu, kRelu };

/// A multilayer perceptron evaluated by Eigen: hidden layers with one activation, a linear last layer. It acts where
/// LibTorch would be too slow or is not there; LibTorch learns the same numbers (agents/networks.h), a test holds the
/// two equal.
///
///   FastNetwork network({40, 64, 64, 1}, Activation::kTanh);
///   network.SetParameters(weights);
///   network.Evaluate(inputs, outputs);
class FastNetwork {
 public:
  FastNetwork() = default;
  /// `sizes`: inputs, hidden layers, outputs. All parameters are zero.
  FastNetwork(std::vector<int> sizes, Activation activation);

  /// Per layer the weights as LibTorch's Linear has them (outputs x inputs, row by row), then its bias.
  void SetParameters(std::span<const float> parameters);
  std::span<const float> parameters() const { return parameters_; }

  /// `inputs` (rows, num_inputs) to `outputs` (rows, num_outputs). Equal rows of equally many rows give equal bits;
  /// threads may share the network.
  void Evaluate(const Eigen::Ref<const Eigen::MatrixXf>& inputs, Eigen::Ref<Eigen::MatrixXf> outputs) const;

  const std::vector<int>& sizes() const { return sizes_; }
  Activation activation() const { return activation_; }
  int num_inputs() const { return sizes_.front(); }
  int num_outputs() const { return sizes_.back(); }
  int num_layers() const { return static_cast<int>(sizes_.size()) - 1; }
  static size_t CountParameters(const std::vector<int>& sizes);

  using Weights = Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;
  Weights weights(int layer) const;                            // (outputs, inputs)
  Eigen::Map<const Eigen::RowVectorXf> bias(int layer) const;  // (outputs)

 private:
  std::vector<int> sizes_ = {0, 0};
  Activation activation_ = Activation::kTanh;
  std::vector<float> parameters_;
  std::vector<size_t> first_weight_;  // of each layer in parameters_
};

}  // namespace restock
