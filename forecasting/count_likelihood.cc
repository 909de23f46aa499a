#include "forecasting/count_likelihood.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <Eigen/Cholesky>
#include <boost/math/special_functions/digamma.hpp>

#include "common/check.h"

namespace restock {
namespace {

constexpr int kMostSteps = 60;
constexpr double kLeastGain = 1e-7;  // of the likelihood per observation

/// log Gamma(y + r) - log Gamma(r) and its derivative in r; small counts by adding up.
struct Rising {
  double log = 0, derivative = 0;
  Rising(double count, double dispersion) {
    if (count > 30) {
      log = std::lgamma(count + dispersion) - std::lgamma(dispersion);
      derivative = boost::math::digamma(count + dispersion) - boost::math::digamma(dispersion);
      return;
    }
    double product = 1;
    for (double i = 0; i < count; ++i) {
      product *= dispersion + i;
      derivative += 1 / (dispersion + i);
      if (product > 1e200) log += std::log(std::exchange(product, 1.0));
    }
    log += std::log(product);
  }
};

/// Log likelihood of all counts, with gradient and the outer product of each one's gradient.
class Likelihood {
 public:
  Likelihood(const Eigen::MatrixXf& regressors, const Eigen::VectorXf& counts, double penalty)
      : regressors_(regressors), counts_(counts), penalty_(penalty) {}

  double At(const CountWeights& weights, Eigen::VectorXf* of_mean = nullptr, Eigen::VectorXf* of_dispersion = nullptr) {
    const Eigen::VectorXf log_mean = regressors_ * weights.mean.cast<float>();
    const Eigen::VectorXf log_dispersion = regressors_ * weights.dispersion.cast<float>();
    double sum = 0;
    for (Eigen::Index i = 0; i < counts_.size(); ++i) {
      const double y = counts_[i], m = CountMean(log_mean[i]), r = CountDispersion(log_dispersion[i]);
      const Rising rising(y, r);
      const double share = std::log1p(m / r);  // -log(r / (r + m))
      sum += rising.log - r * share + y * (std::log(m / r) - share);
      if (of_mean == nullptr) continue;
      (*of_mean)[i] = static_cast<float>((y - m) * r / (r + m));
      (*of_dispersion)[i] = static_cast<float>(r * (rising.derivative - share + (m - y) / (r + m)));
    }
    return sum - penalty_ * (Slopes(weights.mean).squaredNorm() + Slopes(weights.dispersion).squaredNorm());
  }

  double penalty() const { return penalty_; }
  static Eigen::VectorXd Slopes(const Eigen::VectorXd& weights) { return weights.head(weights.size() - 1); }

 private:
  const Eigen::MatrixXf& regressors_;
  const Eigen::VectorXf& counts_;
  double penalty_;
};

}  // namespace

double CountMean(double log_mean) { return std::exp(std::clamp(log_mean, -14.0, 25.0)); }
double CountDispersion(double log_dispersion) { return std::exp(std::clamp(log_dispersion, -5.0, 7.0)); }

CountWeights FitCountWeights(const Eigen::MatrixXf& regressors, const Eigen::VectorXf& counts, double penalty) {
  const Eigen::Index size = regressors.cols();
  RESTOCK_CHECK_EQ(regressors.rows(), counts.size());
  CountWeights weights = {Eigen::VectorXd::Zero(size), Eigen::VectorXd::Zero(size)};
  weights.mean[size - 1] = std::log(counts.size() == 0 ? 1e-4 : std::max(1e-4, static_cast<double>(counts.mean())));
  if (counts.size() == 0) return weights;

  Likelihood likelihood(regressors, counts, penalty);
  Eigen::VectorXf of_mean(counts.size()), of_dispersion(counts.size());
  double value = likelihood.At(weights, &of_mean, &of_dispersion);
  double damping = 1e-3;
  for (int step = 0; step < kMostSteps; ++step) {
    // gradient and curvature, of the penalty too
    Eigen::MatrixXf scores(counts.size(), 2 * size);
    scores << of_mean.asDiagonal() * regressors, of_dispersion.asDiagonal() * regressors;
    Eigen::VectorXd gradient = scores.cast<double>().colwise().sum();
    Eigen::MatrixXd curvature = Eigen::MatrixXd::Zero(2 * size, 2 * size);
    curvature.selfadjointView<Eigen::Lower>().rankUpdate(scores.cast<double>().transpose());
    gradient.head(size - 1) -= 2 * penalty * Likelihood::Slopes(weights.mean);
    gradient.segment(size, size - 1) -= 2 * penalty * Likelihood::Slopes(weights.dispersion);
    curvature.diagonal().array() += 2 * penalty;

    // a step, damped until it gains
    double gain = 0;
    for (int attempt = 0; attempt < 12 && gain <= 0; ++attempt, damping *= 6) {
      Eigen::MatrixXd damped = curvature.selfadjointView<Eigen::Lower>();
      damped.diagonal() *= 1 + damping;
      const Eigen::VectorXd move = damped.ldlt().solve(gradient);
      const CountWeights moved = {weights.mean + move.head(size), weights.dispersion + move.tail(size)};
      const double moved_value = likelihood.At(moved, &of_mean, &of_dispersion);
      if (!(moved_value > value)) continue;
      gain = moved_value - value;
      value = moved_value;
      weights = moved;
      damping = std::max(1e-6, damping / 60);
    }
    if (gain < kLeastGain * static_cast<double>(counts.size())) break;
  }
  return weights;
}

}  // namespace restock
