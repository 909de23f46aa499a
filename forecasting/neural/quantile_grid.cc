// A grid of quantiles, each the one below it times a factor above one (Wen et al. 2017, without crossing), joined by
// straight lines; above the last level demand falls off exponentially, below the first it goes straight to zero.
//   q_k = (base + 1) exp(c_k) - 1, not below 0;   c_0 = u_0 + first,   c_k = c_(k-1) + softplus(u_k)

#include "forecasting/neural/quantile_grid.h"

#include <algorithm>
#include <cmath>

#include "forecasting/neural/likelihood.h"

namespace restock {
namespace {

using Eigen::ArrayXf;

constexpr float kLeastSlope = 1e-3f;

class QuantileGrid final : public Likelihood {
 public:
  /// The grid is spread so at first that the median is the usual demand.
  std::vector<float> FirstOutputs() const override {
    std::vector<float> outputs(kNumGridLevels, -1.5f);  // softplus: 0.2
    outputs[0] = -1;
    return outputs;
  }

  void SetDistribution(const Eigen::MatrixXf& outputs, const ArrayXf& log_base, int step,
                       StepDistributions& steps) const override {
    ArrayXf exponent = ArrayXf::Zero(log_base.size());
    for (int k = 0; k < kNumGridLevels; ++k) {
      const ArrayXf output = outputs.row(k).transpose().array().max(-20.f).min(20.f);
      if (k == 0) {
        exponent = output.max(-2 * kLargestLogRatio).min(kLargestLogRatio);
      } else {
        exponent += (1 + output.exp()).log();
      }
      Parameter(static_cast<size_t>(k), steps).col(step) =
          ((log_base.exp() + 1) * exponent.min(2 * kLargestLogRatio).exp() - 1).max(0.f);
    }
    for (Eigen::Index path = 0; path < log_base.size(); ++path) SetMoments(static_cast<int>(path), step, steps);
  }

  float Quantile(const StepDistributions& steps, int path, int step, float probability) const override {
    const auto at = [&](int k) { return steps.parameters[static_cast<size_t>(k)](path, step); };
    if (probability <= kGridLevels[0]) return at(0) * probability / kGridLevels[0];
    const int last = kNumGridLevels - 1;
    if (probability >= kGridLevels[last]) {
      const float beyond = std::log((1 - kGridLevels[last]) / std::max(1 - probability, 1e-6f));
      return at(last) + Slope(steps, path, step) * beyond;
    }
    int k = 1;
    while (probability > kGridLevels[k]) ++k;
    const float share = (probability - kGridLevels[k - 1]) / (kGridLevels[k] - kGridLevels[k - 1]);
    return at(k - 1) + share * (at(k) - at(k - 1));
  }

  /// Of demand that is rounded to whole units.
  float Probability(const StepDistributions& steps, int path, int step, float demand) const override {
    if (demand < 0) return 0;
    const auto at = [&](int k) { return steps.parameters[static_cast<size_t>(k)](path, step); };
    const float value = demand + 0.5f;
    if (value < at(0)) return kGridLevels[0] * value / at(0);
    const int last = kNumGridLevels - 1;
    if (value >= at(last)) {
      return 1 - (1 - kGridLevels[last]) * std::exp(-(value - at(last)) / Slope(steps, path, step));
    }
    int k = 1;
    while (value >= at(k)) ++k;
    const float share = (value - at(k - 1)) / std::max(at(k) - at(k - 1), 1e-6f);
    return kGridLevels[k - 1] + share * (kGridLevels[k] - kGridLevels[k - 1]);
  }

 private:
  /// Of demand in the logarithm of what lies above it, beyond the last level.
  static float Slope(const StepDistributions& steps, int path, int step) {
    constexpr int kFrom = kNumGridLevels - 3;
    const float rise = steps.parameters[kNumGridLevels - 1](path, step) - steps.parameters[kFrom](path, step);
    return std::max(rise, kLeastSlope) / std::log((1 - kGridLevels[kFrom]) / (1 - kGridLevels[kNumGridLevels - 1]));
  }

  static void SetMoments(int path, int step, StepDistributions& steps) {
    double mean = 0, square = 0, from_level = 0, from = 0;
    const auto add_line = [&](double weight, double a, double b) {
      mean += weight * (a + b) / 2;
      square += weight * (a * a + a * b + b * b) / 3;
    };
    for (int k = 0; k < kNumGridLevels; ++k) {
      const double to = steps.parameters[static_cast<size_t>(k)](path, step);
      add_line(kGridLevels[k] - from_level, from, to);
      from = to;
      from_level = kGridLevels[k];
    }
    // the exponential tail
    const double slope = Slope(steps, path, step), weight = 1 - from_level;
    mean += weight * (from + slope);
    square += weight * (from * from + 2 * from * slope + 2 * slope * slope);
    steps.mean(path, step) = static_cast<float>(mean);
    steps.variance(path, step) = static_cast<float>(std::max(square - mean * mean, 0.0));
  }
};

}  // namespace

std::unique_ptr<Likelihood> MakeQuantileLikelihood() { return std::make_unique<QuantileGrid>(); }

}  // namespace restock
