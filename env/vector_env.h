#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "common/demand.h"
#include "common/random.h"
#include "env/demand_source.h"
#include "env/network.h"
#include "env/network_state.h"
#include "env/observation.h"

namespace restock {

/// What a vector environment looks like from outside.
struct EnvSpec {
  int num_envs = 0;
  int num_blocks = 0;  // of kBlockSize environments; the last may hold idle ones
  int num_sites = 0;
  int num_lanes = 0;
  int num_periods = 0;                // of an episode
  std::vector<std::string> features;  // of a site's observation, see observation.h  (num_features)
  float max_order = 0;                // orders lie in [0, max_order], whole units

  int num_features() const { return static_cast<int>(features.size()); }
  /// Rows of a block's matrices: sites x environments, environments innermost.
  int block_rows() const { return num_sites * kBlockSize; }
};

/// When the next episode begins: in the step that ends an episode, or in the one after it (Gymnasium's "same step" and
/// "next step").
enum class AutoReset { kSameStep, kNextStep };

struct VectorEnvConfig {
  int num_envs = kBlockSize;
  int num_periods = 0;  // of an episode; 0: as many as the demand source has
  bool shuffle_scenarios =
      true;  // each reset draws scenarios; otherwise environment e of round r gets r * num_envs + e
  float initial_stock_spread = 0;  // each site's initial stock is multiplied by a draw from [1 - spread, 1 + spread]
  bool credit_leftovers = true;    // what is on hand and in transit at the end pays back its unit_value
  bool keep_outcomes =
      true;  // fill StepBatch::outcome; without it steps are faster, and training needs costs by site only
  bool keep_observations = true;           // fill StepBatch::observation; without it only costs and outcomes are there
  int num_threads = 1;                     // 0: one per core
  std::vector<std::string> features = {};  // which columns an observation has, see observation.h; empty: all
  AutoReset auto_reset = AutoReset::kSameStep;
};

/// What a step returns, one value per environment: Gymnasium's meaning. Blocks outermost, environments innermost. To be
/// read only: columns of observations that never change are written when an environment first sees the batch.
struct StepBatch {
  AlignedVector observation;        // [block][feature][site][env]: per block a matrix (block_rows, num_features)
  AlignedVector final_observation;  // same step auto-reset: of the end of an episode, before the reset  (same shape)
  AlignedVector reward;             // minus the period's cost  [block][env]
  AlignedVector site_cost;          // the same by site, the cost of a lane at its destination  [block][site][env]
  std::vector<uint8_t> terminated;  // (num_blocks * kBlockSize)
  std::vector<uint8_t> truncated;   // the time limit: the value of what follows is not zero
  std::vector<PeriodOutcome>
      outcome;                // by block: costs by kind, units asked, sold, shipped; empty where they are not kept
  uint64_t constants_of = 0;  // the environment whose unchanging columns stand in both observations

  using BlockMatrix = Eigen::Map<const Eigen::MatrixXf>;
  BlockMatrix Observation(const EnvSpec& spec, int block) const;
  BlockMatrix FinalObservation(const EnvSpec& spec, int block) const;
};

/// Many copies of one network stepped as one batch, all with the same clock. With same step auto-reset, when an episode
/// ends, `observation` is already that of the next one and `final_observation` that of the end. With next step
/// auto-reset `observation` is that of the end, and the step after it ignores its orders, costs nothing and gives the
/// first observation of the next episode.
///
///   VectorEnv env(network, MakeScenarioSource(scenarios), {.num_envs = 256});
///   StepBatch batch = env.MakeBatch();
///   env.Reset(seed, batch);
///   while (...) { policy(...); env.Step(orders, batch); }
class VectorEnv {
 public:
  VectorEnv(std::shared_ptr<const Network> network, std::shared_ptr<const DemandSource> demand, VectorEnvConfig config);
  ~VectorEnv();
  VectorEnv(VectorEnv&&) noexcept;

  const EnvSpec& spec() const;
  const Network& network() const;
  StepBatch MakeBatch() const;

  /// Starts an episode in every environment; the same seed gives the same episodes. Only `observation` of the batch is
  /// filled.
  void Reset(uint64_t seed, StepBatch& batch);
  /// `orders`: wanted units per lane, [block][lane][env]; anything not feasible is made so (see order_decoder.h).
  void Step(std::span<const float> orders, StepBatch& batch);

  /// Where the environments are now: the period of the episode (after its end, before the next step resets:
  /// spec().num_periods), the scenario of each environment, the state of a block.
  int period() const;
  std::span<const int> scenarios(int block) const;  // (kBlockSize)
  const NetworkState& state(int block) const;
  const DemandSource& demand() const;
  /// Everything that must be kept to go on exactly from here. Load() throws DataError where it was saved by another
  /// kind of environment; it does not fill a batch: Observe() does.
  std::string Save() const;
  void Load(const std::string& saved);
  /// What the environments look like now, as after the last step. Uses the environment's own threads: not for several
  /// callers at a time.
  void Observe(StepBatch& batch) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace restock
