#pragma once

#include <memory>
#include <span>
#include <string>

#include <Eigen/Core>

#include "env/demand_source.h"
#include "env/network.h"
#include "env/network_state.h"
#include "env/vector_env.h"

namespace restock {

/// What a policy may look at when it decides for one block of environments.
struct DecisionContext {
  const Network& network;
  const EnvSpec& spec;
  int period = 0;                                 // of the episode
  int phase = 0;                                  // of the order calendars
  Eigen::Map<const Eigen::MatrixXf> observation;  // (num_sites * kBlockSize, num_features), environments innermost
  const NetworkState& state;
  const DemandSource& demand;      // for its forecasts only
  std::span<const int> scenarios;  // of each environment  (kBlockSize)
  int num_active = kBlockSize;     // environments of this block that count
};

/// What a policy keeps for one block between periods, a linear program's basis say.
class PolicyMemory {
 public:
  virtual ~PolicyMemory() = default;
};

/// Decides how much to order. Base-stock, linear programs and networks alike; const, so that threads may share it.
class Policy {
 public:
  virtual ~Policy() = default;
  /// Starts with the algorithm: ppo, dqn, base_stock, forecast_quantile, lp, ...
  virtual const std::string& name() const = 0;
  virtual std::unique_ptr<PolicyMemory> MakeMemory(const Network&) const { return nullptr; }
  /// `memory` is what MakeMemory gave for this block and episode, or null.  `orders`: wanted units, [lane][env], on
  /// entry zero
  virtual void Act(const DecisionContext& context, PolicyMemory* memory, std::span<float> orders) const = 0;
  /// Solves at every decision a program that costs seconds: evaluated on the first scenarios only.
  virtual bool is_slow() const { return false; }
};

}  // namespace restock
