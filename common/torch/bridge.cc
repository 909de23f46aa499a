#include "common/torch/bridge.h"

#include "common/check.h"

namespace restock {
namespace {

template <class T>
torch::Tensor Copy(std::span<const T> values, at::IntArrayRef shape, torch::ScalarType type, torch::Device device) {
  int64_t count = 1;
  for (const int64_t size : shape) count *= size;
  RESTOCK_CHECK_EQ(count, static_cast<int64_t>(values.size()));
  // from_blob only borrows and never writes here; `copy` makes the tensor independent of the array
  const torch::Tensor borrowed = torch::from_blob(const_cast<T*>(values.data()), shape, torch::dtype(type));
  return borrowed.to(device, /*non_blocking=*/false, /*copy=*/true);
}

torch::Tensor OnHost(const torch::Tensor& tensor) {
  return tensor.detach().to(torch::kCPU, torch::kFloat).contiguous();
}

}  // namespace

torch::Tensor ToTensor(std::span<const float> values, at::IntArrayRef shape, torch::Device device) {
  return Copy(values, shape, torch::kFloat, device);
}

torch::Tensor ToTensor(std::span<const int64_t> values, at::IntArrayRef shape, torch::Device device) {
  return Copy(values, shape, torch::kLong, device);
}

torch::Tensor ToBoolTensor(std::span<const uint8_t> values, at::IntArrayRef shape, torch::Device device) {
  return Copy(values, shape, torch::kByte, torch::kCPU).to(device, torch::kBool);
}

torch::Tensor ToTensor(const Eigen::Ref<const Eigen::MatrixXf>& matrix, torch::Device device) {
  using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const RowMajor rows = matrix;
  return ToTensor(std::span(rows.data(), static_cast<size_t>(rows.size())), {rows.rows(), rows.cols()}, device);
}

Eigen::MatrixXf ToMatrix(const torch::Tensor& tensor) {
  RESTOCK_CHECK(tensor.dim() == 1 || tensor.dim() == 2);
  using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const torch::Tensor host = OnHost(tensor);
  return Eigen::Map<const RowMajor>(host.data_ptr<float>(), host.size(0), host.dim() == 2 ? host.size(1) : 1);
}

Eigen::VectorXf ToVector(const torch::Tensor& tensor) {
  RESTOCK_CHECK_EQ(tensor.dim(), 1);
  return ToMatrix(tensor);
}

std::vector<float> ToFloats(const torch::Tensor& tensor) {
  const torch::Tensor host = OnHost(tensor);
  return std::vector<float>(host.data_ptr<float>(), host.data_ptr<float>() + host.numel());
}

}  // namespace restock
