#pragma once

#include <string>
#include <vector>

#include "common/config_node.h"
#include "common/random.h"
#include "forecasting/forecast_comparison.h"
#include "forecasting/forecaster_config.h"

namespace restock {

enum class RetrainOn { kNever, kSchedule, kAlarm, kBoth };

/// The `retrain:` block of a configuration: walks over the last periods of the sales as if they came one by one, and
/// tells when a model that is fitted anew would have replaced the one in use, and what that would have gained.
struct RetrainConfig {
  RetrainOn on = RetrainOn::kNever;
  int schedule = 28;        // periods from one try to the next
  int walk_periods = 84;    // over which is walked, a horizon at a time
  int judged_periods = 28;  // the last so many, which the challenger has not seen, decide
  double confidence = 0.9;  // with which the challenger must be better
};

RetrainConfig ReadRetrainConfig(ConfigNode retrain);

/// A challenger was fitted.
struct RetrainTry {
  int period = 0;      // when, in periods of the history
  std::string reason;  // schedule, or the alarms: "error: relative error of the mean"
  bool replaced = false;
  ForecastComparison comparison;  // challenger against champion on the judged periods
};

/// One forecast of the walk, with the model in use.
struct WalkStep {
  int origin = 0;            // periods before the forecast
  int fitted_on = 0;         // periods that the model in use was fitted on
  double demand = 0;         // what came, summed over periods and series
  double loss = 0;           // weighted quantile loss of the model in use
  double loss_of_first = 0;  // of the one that is never replaced
};

struct WalkForwardResult {
  std::vector<WalkStep> steps;
  std::vector<RetrainTry> tries;
  ForecastComparison gain;  // of the models in use against the first one
};

/// Where the walk begins. Throws DataError when `num_periods` are too few for it.
int FirstOriginOfWalk(const RetrainConfig& config, int num_periods);

/// A challenger is fitted on all but the judged periods when it is time by the schedule, or when FindDrift() raises an
/// alarm on inputs, or on errors and coverage of the champion's own forecasts; it takes over if it beats the champion
/// on the judged periods (CompareLosses()). After a try there is none for as many periods.
WalkForwardResult WalkForward(const RetrainConfig& config, const ForecasterConfig& forecaster, int horizon,
                              const DemandHistory& history, const Random& random);

}  // namespace restock
