#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "agents/policy.h"
#include "common/random.h"
#include "env/demand_source.h"
#include "env/network.h"

namespace restock {

/// What a learner learns in: the network, demand to train on, and demand to choose the best policy by, paths of a
/// forecast or draws from a problem's distribution. Neither is the demand that policies are judged on.
struct TrainingWorld {
  std::shared_ptr<const Network> network;
  std::shared_ptr<const DemandSource> train;
  std::shared_ptr<const DemandSource> select;
  int horizon = 0;  // periods after which all ends, and what is left counts its unit_value; 0: no end is in sight
};

/// What one update reports: goes into metrics.jsonl and TensorBoard under these names.
struct UpdateMetrics {
  int64_t num_periods = 0;                             // environment periods seen so far
  std::vector<std::pair<std::string, double>> values;  // mean_cost, policy_loss, value_loss, entropy, ...
  bool diverged = false;  // a value was not finite; the learner went back to its last good weights
};

/// Learns a policy by trial in the simulator. One algorithm, one .cc. Equal seeds give equal bits, with any number of
/// rollout threads, and so does Save() in the middle followed by Load() and going on.
class Learner {
 public:
  virtual ~Learner() = default;
  virtual const std::string& name() const = 0;
  /// One round: collect, then learn.
  virtual UpdateMetrics Update() = 0;
  virtual int num_updates() const = 0;      // done so far
  virtual int planned_updates() const = 0;  // by its configuration
  /// The best policy so far by the selection scenarios; before the first update the untrained one.
  virtual std::shared_ptr<const Policy> policy() const = 0;
  /// Everything: weights, optimiser, normalisation, random positions, environments, counters.
  virtual void Save(const std::filesystem::path& file) const = 0;
  virtual void Load(const std::filesystem::path& file) = 0;
};

struct AgentConfig;

/// A learner of the configured kind (agents/agent_config.h). `random`: a stream of its own per seed; `num_threads`: 0:
/// one per core. Throws ConfigError in a build without LibTorch.
std::unique_ptr<Learner> MakeLearner(const AgentConfig& config, const TrainingWorld& world, const Random& random,
                                     int num_threads);

/// Whether networks can learn on a GPU here.
bool HasCuda();

}  // namespace restock
