#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "env/network.h"
#include "experiments/evaluation.h"
#include "experiments/experiment_config.h"
#include "experiments/run_directory.h"
#include "forecasting/forecaster.h"

namespace restock {

/// What a run learned, as it lies in its directory: enough to forecast and to order on new days.
///
///   forecaster/forecaster.bin   the fitted forecaster
///   policy/network.json         the network as the run built it, with the series of its demand
///   policy/policies.json        {"schema": 1, "best": index,
///                                "policies": [{"name", "seed", "file" or "levels" or "scores" or "service_levels"}]}
///   policy/NAME-SEED.bin        weights of a learned policy, see agents/policy_file.h
struct SavedRun {
  ExperimentConfig config;
  std::vector<Series> series;              // columns of the demand
  std::shared_ptr<const Network> network;  // covers and storage as the past demand of the run made them
  std::unique_ptr<Forecaster> forecaster;  // fitted
  std::vector<NamedPolicy> policies;
  size_t best = 0;  // of `policies`: the cheapest on the scenarios kept for choosing

  const NamedPolicy& best_policy() const { return policies[best]; }
};

/// Throws DataError where a part is missing (the run was interrupted: `restock run --resume`) or damaged.
SavedRun LoadRun(const std::filesystem::path& run_dir);

/// The same in parts, as stages of a run need them.
void SaveNetwork(const Network& network, const std::vector<Series>& series, const std::filesystem::path& file);
std::shared_ptr<const Network> LoadNetwork(const std::filesystem::path& file, std::vector<Series>& series);
void SavePolicies(const std::vector<NamedPolicy>& policies, size_t best, const std::filesystem::path& folder);
std::vector<NamedPolicy> LoadPolicies(const std::shared_ptr<const Network>& network,
                                      const std::filesystem::path& folder, size_t& best);

}  // namespace restock
