#pragma once

#include <map>
#include <vector>

#include "common/demand.h"
#include "forecasting/error_dependence.h"
#include "forecasting/path_model.h"

namespace restock {

/// Mean and standard deviation of the demand of each path and series summed over the first so many periods.
struct SumMoments {
  Eigen::MatrixXf mean;       // (num_paths, num_series)
  Eigen::MatrixXf deviation;  // (num_paths, num_series)
};

/// Writes down what a model knows along the scenarios that share an origin: mean and quantiles of each target's demand,
/// and the mean path ahead. Keeps references to all but the model.
class PathFollower {
 public:
  PathFollower(const DemandHistory& history, const ErrorDependence& dependence, const std::vector<int>& scenarios,
               ScenarioSet& paths);

  /// What `model` knows before `period` of the paths, which is period `absolute` of the history's calendar.
  void WritePeriod(const PathModel& model, int period, int absolute);

 private:
  void WritePathMean(const StepDistributions& steps, int period, int series);
  void WriteTarget(const std::map<int, SumMoments>& sums, int period, int index);

  const DemandHistory& history_;
  const ErrorDependence& dependence_;
  SeriesGroups groups_;
  const std::vector<int>& scenarios_;
  ScenarioSet& paths_;
  int num_planned_ = 0;  // of these scenarios have a path mean
};

}  // namespace restock
