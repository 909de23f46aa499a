#pragma once

#include <vector>

#include <Eigen/Core>

namespace restock {

/// The distributions of one series' next periods on every path, by their moments.
struct StepDistributions {
  Eigen::MatrixXf mean;      // (num_paths, num_steps)
  Eigen::MatrixXf variance;  // (num_paths, num_steps)
  Eigen::MatrixXf point;     // what a model measures its errors from, where it has such  (num_paths, num_steps)
  std::vector<Eigen::MatrixXf> parameters;  // what quantiles need beside the moments, by parameter, where a model has
                                            // such  (num_paths, num_steps)
};

/// What a fitted model knows at one period of many demand paths at once: its state per path and series. Paths share the
/// calendar and the past.
class PathModel {
 public:
  virtual ~PathModel() = default;
  /// Tells what the next period's demand was and moves on by one period.  `demand`: (num_paths, num_series), NaN: not
  /// known
  virtual void Observe(const Eigen::MatrixXf& demand) = 0;
  /// The coming `num_steps` periods of one series. Threads may ask for different series at the same time.
  virtual void Predict(int series, int num_steps, StepDistributions& steps) const = 0;

  /// Quantile and distribution function of a series' demand `step` periods ahead on one path, given what Predict()
  /// said.
  virtual float Quantile(const StepDistributions& steps, int series, int path, int step, float probability) const = 0;
  virtual float Probability(const StepDistributions& steps, int series, int path, int step, float demand) const = 0;
};

}  // namespace restock
