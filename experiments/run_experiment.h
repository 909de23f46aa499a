#pragma once

#include "experiments/evaluation.h"
#include "experiments/experiment_config.h"
#include "experiments/run_directory.h"

namespace restock {

/// The whole chain, from a sales file to a report: learns the demand, learns to order, compares. Start reading here.
/// A fitted forecaster, checkpoints and trained policies that lie in `run` already are gone on from, so that an
/// interrupted run ends as if nothing had happened.
Evaluation RunExperiment(const ExperimentConfig& config, const RunDirectory& run);

/// The first two thirds: learns the demand and to order, compares nothing.
void TrainPolicies(const ExperimentConfig& config, const RunDirectory& run);

/// The last third, with the forecaster and the policies that `run` holds.
Evaluation EvaluatePolicies(const ExperimentConfig& config, const RunDirectory& run);

/// The first third: fits on everything observed and writes forecasts, and the backtest where one is asked for.
void ForecastDemand(const ExperimentConfig& config, const RunDirectory& run);

}  // namespace restock
