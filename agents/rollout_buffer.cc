#include "agents/rollout_buffer.h"

#include "common/check.h"

namespace restock {

RolloutBuffer::RolloutBuffer(int num_periods, int num_rows, int num_inputs, int samples_per_period)
    : cost(num_rows, num_periods),
      value(num_rows, num_periods),
      next_value(num_rows, num_periods),
      advantage(num_rows, num_periods),
      target(num_rows, num_periods),
      inputs(num_periods * samples_per_period, num_inputs) {
  const auto num_samples = static_cast<size_t>(inputs.rows());
  row.resize(num_samples);
  action.resize(num_samples);
  log_probability.resize(num_samples);
  decides.resize(num_samples);
}

void RolloutBuffer::EstimateAdvantages(const std::vector<bool>& ends, float discount, float lambda) {
  RESTOCK_CHECK_EQ(static_cast<int>(ends.size()), num_periods());
  Eigen::ArrayXf following = Eigen::ArrayXf::Zero(cost.rows());
  for (int t = num_periods() - 1; t >= 0; --t) {
    if (ends[static_cast<size_t>(t)]) following.setZero();
    // cheaper than expected is an advantage
    const auto surprise = value.col(t) - cost.col(t) - discount * next_value.col(t);
    following = surprise + discount * lambda * following;
    advantage.col(t) = following;
    target.col(t) = value.col(t) - following;
  }
}

void RolloutBuffer::SubtractGroupMeans(int group_size) {
  RESTOCK_CHECK_EQ(advantage.rows() % group_size, 0);
  Eigen::Map<Eigen::ArrayXXf> groups(advantage.data(), group_size, advantage.size() / group_size);
  groups.rowwise() -= groups.colwise().mean().eval();
}

}  // namespace restock
