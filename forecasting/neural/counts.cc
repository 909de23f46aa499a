// Likelihoods whose distribution is a negative binomial, with variance mean + dispersion * mean^2, perhaps with extra
// zeros. Those named tweedie and huber learn the mean by the loss of that name, and the dispersion around this mean by
// the negative binomial's likelihood.

#include <algorithm>
#include <cmath>

#include "forecasting/count_quantiles.h"
#include "forecasting/neural/likelihood.h"

namespace restock {
namespace {

using Eigen::ArrayXf;

/// Outputs: log of mean over base, log dispersion, and for extra zeros the logit of their share.
class Counts final : public Likelihood {
 public:
  explicit Counts(bool zero_inflated) : zero_inflated_(zero_inflated) {}

  std::vector<float> FirstOutputs() const override { return {0.f, -1.f, -3.f}; }

  void SetDistribution(const Eigen::MatrixXf& outputs, const ArrayXf& log_base, int step,
                       StepDistributions& steps) const override {
    const ArrayXf log_ratio = outputs.row(0).transpose().array().max(-kLargestLogRatio).min(kLargestLogRatio);
    const ArrayXf mean = (log_base + log_ratio).exp();
    const ArrayXf dispersion =
        outputs.row(1).transpose().array().max(kLeastLogDispersion).min(kLargestLogDispersion).exp();
    if (!zero_inflated_) {
      steps.mean.col(step) = mean;
      steps.variance.col(step) = mean + dispersion * mean.square();
      return;
    }
    const ArrayXf zero_share = (1 + (-outputs.row(2).transpose().array()).exp()).inverse().min(kLargestZeroShare);
    Parameter(kZeroShare, steps).col(step) = zero_share;
    steps.mean.col(step) = (1 - zero_share) * mean;
    steps.variance.col(step) = (1 - zero_share) * (mean + (dispersion + zero_share) * mean.square());
  }

  float Quantile(const StepDistributions& steps, int path, int step, float probability) const override {
    const Moments counts = MomentsOf(steps, path, step);
    if (probability <= counts.zero_share) return 0;
    const double of_counts = (probability - counts.zero_share) / (1 - counts.zero_share);
    return static_cast<float>(CountQuantile(counts.mean, counts.dispersion, of_counts));
  }

  float Probability(const StepDistributions& steps, int path, int step, float demand) const override {
    const Moments counts = MomentsOf(steps, path, step);
    const double of_counts = CountProbability(counts.mean, counts.dispersion, demand);
    return static_cast<float>(counts.zero_share + (1 - counts.zero_share) * of_counts);
  }

 private:
  static constexpr size_t kZeroShare = 0;  // index of the parameter

  /// The negative binomial without the extra zeros, and their share.
  struct Moments {
    double mean, dispersion, zero_share;
  };

  Moments MomentsOf(const StepDistributions& steps, int path, int step) const {
    const double all_mean = steps.mean(path, step), all_variance = steps.variance(path, step);
    const double zero_share = zero_inflated_ ? steps.parameters[kZeroShare](path, step) : 0;
    const double mean = all_mean / (1 - zero_share);
    const double variance = (all_variance + all_mean * all_mean) / (1 - zero_share) - mean * mean;
    return {mean, mean * mean / std::max(variance - mean, 1e-6 * mean), zero_share};
  }

  bool zero_inflated_;
};

}  // namespace

std::unique_ptr<Likelihood> MakeNegativeBinomialLikelihood() { return std::make_unique<Counts>(false); }
std::unique_ptr<Likelihood> MakeZeroInflatedLikelihood() { return std::make_unique<Counts>(true); }
std::unique_ptr<Likelihood> MakeTweedieLikelihood() { return std::make_unique<Counts>(false); }
std::unique_ptr<Likelihood> MakeHuberLikelihood() { return std::make_unique<Counts>(false); }

}  // namespace restock
