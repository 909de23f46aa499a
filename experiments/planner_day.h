#pragma once

#include <memory>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "agents/policy.h"
#include "common/demand.h"
#include "env/network_state.h"
#include "env/observation.h"
#include "forecasting/forecaster.h"

namespace restock {

/// What planning needs of a run.
struct PlanModel {
  std::shared_ptr<const Network> network;
  std::shared_ptr<const Forecaster> forecaster;  // fitted
  std::shared_ptr<const Policy> policy;
  std::string policy_name;  // ppo-2: with its training seed
  int path_horizon = 0;     // periods of mean demand that a policy plans ahead on, 0: none
};

/// The day on which orders are planned: the forecasts that are known then, and what a policy says to them.
class PlanningDay {
 public:
  /// Decisions may be asked for `num_gap_periods` after the end of `history` (sales in between are not known yet), and
  /// for the `num_periods` - 1 periods after that one.
  PlanningDay(const PlanModel& model, const DemandHistory& history, int num_gap_periods, int num_periods);

  /// What the policy answers to one state of the network.
  struct Answer {
    std::vector<float>
        wanted;  // feasible on each lane, before sources that are short share what they have  [unit] (num_lanes)
    std::vector<float> shipped;  // what they can ship  [unit] (num_lanes)
    Eigen::MatrixXf features;    // as in observation.h  (num_sites, num_features)
  };
  /// `period`: 0 is the first one that decisions may be asked for.
  Answer Ask(const NetworkState& state, int period) const;

  /// Mean demand of a site, or of all that it feeds, `step` periods after that first one.  [unit]
  double MeanDemand(int site, int step) const;
  /// Phase of the order calendars in the first period.
  int phase() const { return demand_->first_phase() + num_gap_periods_; }

 private:
  std::shared_ptr<const Network> network_;
  std::shared_ptr<const Policy> policy_;
  std::shared_ptr<const ScenarioSet> paths_;
  std::unique_ptr<DemandSource> demand_;
  Eigen::MatrixXf mean_;  // from the end of the history  (num_periods, num_series)
  int num_gap_periods_;
};

/// What is on hand shared out where a source is asked for more: whole units, the same share for each lane, as in the
/// simulator. `wanted`: [unit] (num_lanes)
std::vector<float> Ration(const Network& network, const NetworkState& state, const std::vector<float>& wanted);

}  // namespace restock
