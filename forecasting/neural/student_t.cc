// Student's t around the network's forecast, what lies below zero counting as zero: for demand with rare large errors.

#include <algorithm>
#include <cmath>

#include <boost/math/distributions/students_t.hpp>

#include "forecasting/neural/likelihood.h"

namespace restock {
namespace {

using Eigen::ArrayXf;

/// Outputs: log of location over base, log of scale over base + 1, and how the degrees of freedom exceed the fewest.
class StudentT final : public Likelihood {
 public:
  std::vector<float> FirstOutputs() const override { return {0.f, -1.f, 1.f}; }

  void SetDistribution(const Eigen::MatrixXf& outputs, const ArrayXf& log_base, int step,
                       StepDistributions& steps) const override {
    const ArrayXf log_ratio = outputs.row(0).transpose().array().max(-kLargestLogRatio).min(kLargestLogRatio);
    const ArrayXf location = (log_base + log_ratio).exp();
    const ArrayXf log_scale = outputs.row(1).transpose().array().max(kLeastLogScale).min(kLargestLogScale);
    const ArrayXf scale = log_scale.exp() * (log_base.exp() + 1);
    const ArrayXf degrees = kFewestDegrees + (1 + outputs.row(2).transpose().array().min(20.f).exp()).log();
    Parameter(kLocation, steps).col(step) = location;
    Parameter(kScale, steps).col(step) = scale;
    Parameter(kDegrees, steps).col(step) = degrees;
    for (Eigen::Index path = 0; path < location.size(); ++path) {
      SetMoments(location[path], scale[path], degrees[path], steps.mean(path, step), steps.variance(path, step));
    }
  }

  float Quantile(const StepDistributions& steps, int path, int step, float probability) const override {
    const double p = std::clamp(static_cast<double>(probability), 1e-7, 1 - 1e-7);
    const double deviate = boost::math::quantile(Standard(steps, path, step), p);
    return std::max(0.f, steps.parameters[kLocation](path, step) +
                             steps.parameters[kScale](path, step) * static_cast<float>(deviate));
  }

  /// Of demand that is rounded to whole units.
  float Probability(const StepDistributions& steps, int path, int step, float demand) const override {
    if (demand < 0) return 0;
    const double deviate =
        (demand + 0.5f - steps.parameters[kLocation](path, step)) / steps.parameters[kScale](path, step);
    return static_cast<float>(boost::math::cdf(Standard(steps, path, step), deviate));
  }

 private:
  enum : size_t { kLocation, kScale, kDegrees };

  static boost::math::students_t Standard(const StepDistributions& steps, int path, int step) {
    return boost::math::students_t(steps.parameters[kDegrees](path, step));
  }

  /// Mean of max(0, X); the variance is that of X, which is a little more.
  static void SetMoments(double location, double scale, double degrees, float& mean, float& variance) {
    const boost::math::students_t standard(degrees);
    const double zero = -location / scale;  // where the t begins to count
    const double above = boost::math::cdf(boost::math::complement(standard, zero));
    const double tail = (degrees + zero * zero) / (degrees - 1) * boost::math::pdf(standard, zero);
    mean = static_cast<float>(location * above + scale * tail);
    variance = static_cast<float>(scale * scale * degrees / (degrees - 2));
  }
};

}  // namespace

std::unique_ptr<Likelihood> MakeStudentTLikelihood() { return std::make_unique<StudentT>(); }

}  // namespace restock
