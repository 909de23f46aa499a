#pragma once

#include <vector>

#include <Eigen/Core>

#include "agents/learner.h"
#include "agents/network_policy.h"
#include "common/random.h"

namespace restock {

/// What a learner must know of its world before it starts: the size of the network's inputs and of each site's costs.
struct WarmUp {
  Eigen::RowVectorXf input_mean;   // (num_inputs)
  Eigen::RowVectorXf input_scale;  // 1 / standard deviation, 1 where an input never varies  (num_inputs)
  std::vector<int> varying;        // inputs that vary
  Eigen::ArrayXf
      cost_scale;  // mean charge of a period, at least a hundredth of the average site's  [money/period] (num_sites)
};

/// The service levels, as normal scores in `model`, of the constant rule that costs least on the first scenarios of the
/// training demand, by common random numbers: where learning starts from.
void TuneStartScores(const TrainingWorld& world, int num_threads, NetworkModel& model);

/// Runs `start`, its actions scattered with standard deviation `noise` (grid steps), for one episode of the training
/// demand.
WarmUp RunWarmUp(const TrainingWorld& world, const NetworkPolicy& start, float noise, const Random& random,
                 int num_threads);

}  // namespace restock
