#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "common/config_node.h"

namespace restock {

/// A configuration as `network.lanes.0.lead_time` -> `3`.
using FlatConfig = std::map<std::string, std::string>;
FlatConfig Flatten(const ConfigNode& root);
FlatConfig ReadFlatConfig(const std::filesystem::path& config_file);

/// A key that not all runs agree on, and its value in each; empty where a run does not have it.
struct ConfigDifference {
  std::string key;
  std::vector<std::string> values;  // (num_runs)
};
std::vector<ConfigDifference> DifferencesOf(const std::vector<FlatConfig>& configs);

/// Runs can be compared when they solve the same problem: equal data and network. Their sampled scenarios are the same
/// when the forecaster, the scenarios and the seed are equal too.
struct Comparability {
  bool is_same_problem = true;
  bool is_same_demand = true;
  std::vector<std::string> problem_keys;  // of data and network that differ
};
Comparability ComparabilityOf(const std::vector<ConfigDifference>& differences);

}  // namespace restock
