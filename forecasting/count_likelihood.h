#pragma once

#include <Eigen/Core>

namespace restock {

/// Weights of two log-linear models of counts.
struct CountWeights {
  Eigen::VectorXd mean;        // log mean = regressors * mean
  Eigen::VectorXd dispersion;  // log r = regressors * dispersion; variance = mean + mean^2 / r
};

/// Mean and dispersion stay within these.
double CountMean(double log_mean);
double CountDispersion(double log_dispersion);

/// Maximum likelihood with a ridge of `penalty` on all weights but the last, the constant's (Lawless 1987): steps of
/// scoring with the outer product of gradients (Berndt, Hall, Hall & Hausman 1974), damped until the likelihood grows.
/// `regressors`: (num_observations, num_regressors), the last 1; `counts`: (num_observations)
CountWeights FitCountWeights(const Eigen::MatrixXf& regressors, const Eigen::VectorXf& counts, double penalty);

}  // namespace restock
