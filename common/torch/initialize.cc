#include "common/torch/initialize.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <Eigen/QR>

#include "common/check.h"
#include "common/torch/bridge.h"

namespace restock {

void FillUniform(const torch::Tensor& tensor, double bound, RandomStream stream) {
  std::vector<float> values(static_cast<size_t>(tensor.numel()));
  for (float& value : values) value = static_cast<float>(bound * (2 * stream.Uniform() - 1));
  const torch::NoGradGuard no_grad;
  tensor.detach().copy_(ToTensor(values, tensor.sizes()));
}

void FillOrthogonal(const torch::Tensor& tensor, double gain, RandomStream stream) {
  RESTOCK_CHECK_EQ(tensor.dim(), 2);
  const int64_t rows = tensor.size(0);
  const int64_t cols = tensor.size(1);

  // Q of a Gaussian matrix, its signs fixed by R's diagonal so that Q is uniformly distributed
  Eigen::MatrixXd gaussian(std::max(rows, cols), std::min(rows, cols));
  for (double& value : gaussian.reshaped()) value = stream.Normal();
  const Eigen::HouseholderQR<Eigen::MatrixXd> qr(gaussian);
  Eigen::MatrixXd q = qr.householderQ() * Eigen::MatrixXd::Identity(gaussian.rows(), gaussian.cols());
  for (Eigen::Index i = 0; i < q.cols(); ++i) {
    if (qr.matrixQR()(i, i) < 0) q.col(i) = -q.col(i);
  }
  if (rows < cols) q.transposeInPlace();
  const torch::NoGradGuard no_grad;
  tensor.detach().copy_(ToTensor((gain * q).cast<float>()));
}

void InitializeModule(torch::nn::Module& module, const Random& random) {
  for (const auto& entry : module.named_parameters()) {
    const torch::Tensor& parameter = entry.value();
    const double bound = parameter.dim() >= 2 ? 1 / std::sqrt(static_cast<double>(parameter.size(1))) : 0;
    FillUniform(parameter, bound, random.Stream(entry.key()).At(0));
  }
}

}  // namespace restock
