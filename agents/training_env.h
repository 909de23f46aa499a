#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "agents/learner.h"
#include "common/random.h"
#include "env/vector_env.h"

namespace restock {

struct TrainingEnvConfig {
  int num_envs = kBlockSize;  // whole groups
  int group_size = 16;        // neighbouring environments that share demand; divides kBlockSize
  float shared_charge = 1.f;  // share in which a site also answers for what its supplier's other customers pay
  int num_threads = 1;
};

/// The simulator as a learner sees it: one row per site and environment, each deciding for its first inbound lane and
/// charged for what its decision can change.
///
/// A site is charged its own cost in accounts where goods are paid for when they are sold, not when they are bought:
/// what it holds is an asset at unit_value, what it gets from another site is paid at that site's unit_value, and
/// demand that is lost saves the purchase. Summed over sites and time this is the true cost but for demand times
/// unit_value, which no decision changes, and for the value of the stock at the end, which is credited; from period to
/// period it varies far less. A site that feeds others is charged the accounts of its whole echelon.
class TrainingEnv {
 public:
  TrainingEnv(const TrainingWorld& world, const TrainingEnvConfig& config, const Random& random);

  const EnvSpec& spec() const { return env_.spec(); }
  const Network& network() const { return env_.network(); }
  int group_size() const { return config_.group_size; }
  int num_threads() const { return config_.num_threads; }
  int num_rows() const { return spec().num_blocks * spec().block_rows(); }

  StepBatch::BlockMatrix observation(int block) const { return batch_.Observation(spec(), block); }
  /// The state that the last step led to; where the episode ended, not that of the next one's start.
  StepBatch::BlockMatrix next_observation(int block) const;
  /// The last step was the last of the episode.
  bool truncated() const { return batch_.truncated.front() != 0; }

  /// `orders`: wanted units on each site's first lane  [block][site][env]
  void Step(std::span<const float> orders);
  /// What each row is charged for the last step.  [money] [block][site][env]
  std::span<const float> charge() const { return charge_; }
  /// Mean true cost of the last step over the environments, as in evaluation but for the credit of leftovers.
  /// [money/period]
  double mean_cost() const;

  std::string Save() const { return env_.Save(); }
  void Load(const std::string& saved);

 private:
  void ChargeBlock(int block, const Eigen::Ref<const Eigen::VectorXf>& position_before);

  TrainingEnvConfig config_;
  VectorEnv env_;
  StepBatch batch_;
  AlignedVector lane_orders_;  // [block][lane][env]
  std::vector<float> charge_;
  std::vector<int> root_;  // the site that a site's goods come to first  (num_sites)
};

/// A row by chance from the `part`-th of `num_parts` equal parts of `num_rows` rows: all parts together draw no row
/// twice.
int DrawRow(int part, int num_parts, int num_rows, RandomStream& stream);

/// Next to each row's network inputs those of the site that supplies it, its own again where that is outside: what a
/// value network may look at beyond what the policy sees.  `inputs`: of a block  (block_rows, num_inputs) to
/// (block_rows, 2 * num_inputs)
Eigen::MatrixXf WithSupplierInputs(const Network& network, const Eigen::MatrixXf& inputs);

}  // namespace restock
