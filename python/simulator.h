#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "env/block_workers.h"
#include "env/vector_env.h"

namespace restock {

/// A problem file as a batch of environments for Python: the same simulator, with the environments outermost in every
/// array, as NumPy and Gymnasium want them. The arrays stay where they are and are written anew by every Reset and
/// Step.
class Simulator {
 public:
  /// `file`: see env/problem_file.h; `overrides`: "name=value". Throws ConfigError.
  Simulator(const std::filesystem::path& file, const std::vector<std::string>& overrides,
            const VectorEnvConfig& config);

  void Reset(uint64_t seed);
  /// `orders`: wanted units (num_envs, num_lanes). Tells whether the episode ended.
  bool Step(std::span<const float> orders);

  std::string Save() const { return env_.Save(); }
  /// Goes on from what Save() gave; `observation` is filled. Throws DataError.
  void Load(const std::string& saved);

  const EnvSpec& spec() const { return env_.spec(); }
  const Network& network() const { return env_.network(); }
  int period() const { return env_.period(); }
  bool keeps_outcomes() const { return !batch_.outcome.empty(); }
  /// What a sensible policy stays within: ten periods of mean demand below the lane, its capacity.  [unit] (num_lanes)
  std::vector<float> MostSensibleOrders() const;

  // what the last Reset or Step gave
  std::span<float> observation() { return observation_; }              // (num_envs, num_sites, num_features)
  std::span<float> final_observation() { return final_observation_; }  // filled where an episode ended  (same shape)
  std::span<float> reward() { return batch_.reward; }                  // (num_envs, ...)
  std::span<uint8_t> terminated() { return batch_.terminated; }        // (num_envs, ...)
  std::span<uint8_t> truncated() { return batch_.truncated; }          // (num_envs, ...)
  // where outcomes are kept, see PeriodOutcome
  std::span<float> demand() { return demand_; }    // (num_envs, num_sites)
  std::span<float> sold() { return sold_; }        // (num_envs, num_sites)
  std::span<float> shipped() { return shipped_; }  // (num_envs, num_lanes)
  std::span<float> cost() { return cost_; }        // (num_envs, kNumCostKinds)

 private:
  void Turn(const AlignedVector& blocks, std::vector<float>& turned);
  void TurnOutcomes();

  VectorEnv env_;
  StepBatch batch_;
  BlockWorkers workers_;
  AlignedVector orders_;  // [block][lane][env]
  std::vector<float> observation_, final_observation_;
  std::vector<float> demand_, sold_, shipped_, cost_;
};

}  // namespace restock
