#pragma once

#include <vector>

#include <Eigen/Core>

namespace restock {

/// What one round of collecting gives PPO. Each row (site, environment) is a trajectory of its own; costs, values and
/// advantages of all rows are kept, network inputs only of a sample of them, which is what is learned from.
struct RolloutBuffer {
  RolloutBuffer(int num_periods, int num_rows, int num_inputs, int samples_per_period);

  int num_periods() const { return static_cast<int>(cost.cols()); }
  int num_samples() const { return static_cast<int>(inputs.rows()); }

  /// Generalised advantage estimation (Schulman et al. 2016, eq. 16) on cost, so that a positive advantage means
  /// cheaper than expected; and `target` for the value network. `ends[t]`: the episode ended after period t by the time
  /// limit, so `next_value` is that of its last state.
  void EstimateAdvantages(const std::vector<bool>& ends, float discount, float lambda);
  /// Takes from each advantage the mean over the `group_size` neighbouring rows of the group: same site, same demand,
  /// other actions.
  void SubtractGroupMeans(int group_size);

  // (num_rows, num_periods)
  Eigen::ArrayXXf cost;
  Eigen::ArrayXXf value;       // expected discounted cost from here on
  Eigen::ArrayXXf next_value;  // of the state that followed
  Eigen::ArrayXXf advantage;
  Eigen::ArrayXXf target;

  // the sample: `samples_per_period` for each period, one after the other
  Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>
      inputs;                          // normalised  (num_samples, num_inputs)
  std::vector<int> row;                // which trajectory  (num_samples)
  std::vector<float> action;           // (num_samples)
  std::vector<float> log_probability;  // of the action when it was taken  (num_samples)
  std::vector<float> decides;          // 1: the lane was open, 0: no order was possible  (num_samples)
};

}  // namespace restock
