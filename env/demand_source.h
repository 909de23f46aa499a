#pragma once

#include <memory>
#include <span>

#include "common/demand.h"
#include "env/network.h"
#include "env/network_state.h"

namespace restock {

/// Where demand comes from, and what is known of it ahead: recorded or sampled paths, or a distribution drawn on the fly.
class DemandSource {
 public:
  virtual ~DemandSource() = default;
  virtual int num_scenarios() const = 0;  // environments may be given scenarios 0 ... num_scenarios - 1
  virtual int num_periods() const = 0;    // longest episode
  /// Phase of a lane's order calendar in the episode's first period: week day for days.
  virtual int first_phase() const = 0;
  /// Demand of `period` in each environment's scenario.  `demand`: [site][env], zero where a site has none
  virtual void Demand(int period, std::span<const int> scenarios, const Network& network, float* demand) const = 0;
  /// What a forecaster knew before `period`.  `forecast`: [feature][site][env], features as in common/demand.h
  virtual void Forecast(int period, std::span<const int> scenarios, const Network& network, float* forecast) const = 0;
  /// The paths behind it, where there are any: policies that plan ahead read `path_mean` there.
  virtual const ScenarioSet* scenario_set() const { return nullptr; }
};

/// Paths of a ScenarioSet whose targets are the network's sites.
std::unique_ptr<DemandSource> MakeScenarioSource(std::shared_ptr<const ScenarioSet> scenarios);

}  // namespace restock
