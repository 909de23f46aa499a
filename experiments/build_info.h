#pragma once

#include <map>
#include <string>

#include "common/demand.h"
#include "experiments/experiment_config.h"
#include "experiments/run_directory.h"

namespace restock {

/// `restock 0.1.0 (commit 1a2b3c4)`.
std::string VersionText();

/// Writes build.json: what a run was made with, from which sales, and how long its stages took.
void WriteBuildInfo(const ExperimentConfig& config, const DemandHistory& sales,
                    const std::map<std::string, double>& seconds, const RunDirectory& run);

/// The same of a run without sales and without networks to train.
void WriteBuildInfo(uint64_t seed, int num_threads, const std::map<std::string, double>& seconds,
                    const RunDirectory& run);

}  // namespace restock
