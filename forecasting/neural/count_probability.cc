#include "forecasting/neural/count_probability.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <Eigen/Core>
#include <torch/csrc/autograd/custom_function.h>

namespace restock {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr int64_t kStretch = 512;  // values that are worked on together, in cache

using Values = Eigen::Array<float, Eigen::Dynamic, 1, 0, kStretch, 1>;

/// log Gamma(x) and its derivative for x > 0: x (x + 1) (x + 2) (x + 3) taken out, then Stirling's series (Abramowitz &
/// Stegun 1964, 6.1.41 and 6.3.18).
struct LogGamma {
  explicit LogGamma(const Values& x) {
    const Values z = x + 4, inverse = z.inverse(), square = inverse.square(), log = z.log();
    const Values a = x * (x + 3), product = a * (a + 2);
    const float constant = 0.5f * std::log(2 * std::numbers::pi_v<float>);
    value = (z - 0.5f) * log - z + constant + inverse * (1 / 12.f - square * (1 / 360.f - square * (1 / 1260.f))) -
            product.log();
    derivative = log - 0.5f * inverse - square * (1 / 12.f - square * (1 / 120.f - square * (1 / 252.f))) -
                 (2 * x + 3) * (2 * a + 2) / product;
  }
  Values value, derivative;
};

class CountFunction : public torch::autograd::Function<CountFunction> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& given_target, const Tensor& given_log_mean,
                        const Tensor& given_log_dispersion) {
    const Tensor target = given_target.contiguous(), log_mean = given_log_mean.contiguous();
    const Tensor log_dispersion = given_log_dispersion.contiguous();
    const Tensor result = torch::empty_like(log_mean);
    const Tensor of_mean = torch::empty_like(log_mean), of_dispersion = torch::empty_like(log_mean);
    for (int64_t first = 0; first < result.numel(); first += kStretch) {
      const int64_t count = std::min(kStretch, result.numel() - first);
      const auto stretch = [&](const Tensor& tensor) {
        return Eigen::Map<Eigen::ArrayXf>(tensor.data_ptr<float>() + first, count);
      };
      const Values y = stretch(target), m = stretch(log_mean), a = stretch(log_dispersion);
      const Values r = (-a).exp(), mean = m.exp(), total = r + mean;
      const Values log_total = total.log();
      const LogGamma of_both(y + r), of_r(r), of_y(y + 1);
      stretch(result) = of_both.value - of_r.value - of_y.value - r * (a + log_total) + y * (m - log_total);
      const Values share = (r + y) / total;
      stretch(of_mean) = y - share * mean;
      stretch(of_dispersion) = -r * (of_both.derivative - of_r.derivative - a - log_total + 1 - share);
    }
    context->save_for_backward({of_mean, of_dispersion});
    return result;
  }

  static variable_list backward(AutogradContext* context, variable_list of_outputs) {
    const variable_list saved = context->get_saved_variables();
    return {Tensor(), of_outputs[0] * saved[0], of_outputs[0] * saved[1]};
  }
};

}  // namespace

Tensor LogCountProbability(const Tensor& target, const Tensor& log_mean, const Tensor& log_dispersion) {
  if (log_mean.device().is_cpu()) return CountFunction::apply(target, log_mean, log_dispersion);
  const Tensor r = (-log_dispersion).exp();
  const Tensor log_total = torch::logaddexp(-log_dispersion, log_mean);  // log(r + mean)
  return torch::lgamma(target + r) - torch::lgamma(r) - torch::lgamma(target + 1) + r * (-log_dispersion - log_total) +
         target * (log_mean - log_total);
}

}  // namespace restock
