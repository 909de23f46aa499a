#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <Eigen/Core>
#include <torch/types.h>

namespace restock {

// The only place where arrays of Eigen and the standard library become tensors, and tensors become arrays. Every
// function copies; the element type is that of the array (float, int64_t, uint8_t as bool).

/// A tensor of the given shape, last index innermost in `values`.
torch::Tensor ToTensor(std::span<const float> values, at::IntArrayRef shape, torch::Device device = torch::kCPU);
torch::Tensor ToTensor(std::span<const int64_t> values, at::IntArrayRef shape, torch::Device device = torch::kCPU);
torch::Tensor ToBoolTensor(std::span<const uint8_t> values, at::IntArrayRef shape, torch::Device device = torch::kCPU);
/// (rows, cols), contiguous.
torch::Tensor ToTensor(const Eigen::Ref<const Eigen::MatrixXf>& matrix, torch::Device device = torch::kCPU);

/// A tensor of floats with two dimensions as a matrix, with one as a column.
Eigen::MatrixXf ToMatrix(const torch::Tensor& tensor);
Eigen::VectorXf ToVector(const torch::Tensor& tensor);
/// All floats of a tensor, last index innermost.
std::vector<float> ToFloats(const torch::Tensor& tensor);

}  // namespace restock
