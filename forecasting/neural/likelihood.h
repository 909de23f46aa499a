#pragma once

#include <memory>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "forecasting/path_model.h"

namespace restock {

/// The distribution of demand that a network's outputs mean, without LibTorch. What is learned from is the loss of the
/// same name (loss.h).
class Likelihood {
 public:
  virtual ~Likelihood() = default;
  /// The outputs of the network before it has learned anything; as many as it has.
  virtual std::vector<float> FirstOutputs() const = 0;
  /// Writes what `outputs` (num_outputs, num_paths) say of `step`. `log_base`: logarithm of the usual demand
  /// (num_paths). Fills mean and variance, and `parameters` where the quantiles need more than these.
  virtual void SetDistribution(const Eigen::MatrixXf& outputs, const Eigen::ArrayXf& log_base, int step,
                               StepDistributions& steps) const = 0;
  virtual float Quantile(const StepDistributions& steps, int path, int step, float probability) const = 0;
  virtual float Probability(const StepDistributions& steps, int path, int step, float demand) const = 0;

 protected:
  /// Makes room for one more parameter of all steps, as mean and variance have it.
  static Eigen::MatrixXf& Parameter(size_t index, StepDistributions& steps) {
    if (steps.parameters.size() <= index) steps.parameters.resize(index + 1);
    if (steps.parameters[index].rows() != steps.mean.rows() || steps.parameters[index].cols() != steps.mean.cols())
      steps.parameters[index].resizeLike(steps.mean);
    return steps.parameters[index];
  }
};

/// Every likelihood: its name in configurations, and the end of the name of the function that makes it. A new one is a
/// line here, a unit such as student_t.cc, and a loss.
#define RESTOCK_LIKELIHOODS(LIKELIHOOD)                              \
  LIKELIHOOD(negative_binomial, NegativeBinomial) /* counts.cc */    \
  LIKELIHOOD(zero_inflated, ZeroInflated)         /* counts.cc */    \
  LIKELIHOOD(tweedie, Tweedie)                    /* counts.cc */    \
  LIKELIHOOD(huber, Huber)                        /* counts.cc */    \
  LIKELIHOOD(student_t, StudentT)                 /* student_t.cc */ \
  LIKELIHOOD(quantile, Quantile)                  /* quantile_grid.cc */

#define RESTOCK_DECLARE_LIKELIHOOD(name, Name) std::unique_ptr<Likelihood> Make##Name##Likelihood();
RESTOCK_LIKELIHOODS(RESTOCK_DECLARE_LIKELIHOOD)
#undef RESTOCK_DECLARE_LIKELIHOOD

std::vector<std::string> LikelihoodNames();
std::unique_ptr<Likelihood> MakeLikelihood(const std::string& name);

// Limits that training and inference share.
inline constexpr float kLargestLogRatio = 3;  // of mean over usual demand
inline constexpr float kLeastLogDispersion = -6, kLargestLogDispersion = 3;
inline constexpr float kLargestZeroShare = 0.99f;
inline constexpr float kLeastLogScale = -4, kLargestLogScale = 3;  // of Student's t
inline constexpr float kFewestDegrees = 2.5f;                      // of freedom
inline constexpr float kTweediePower = 1.5f;                       // variance ~ mean^power (Jorgensen 1987)

}  // namespace restock
