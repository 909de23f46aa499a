#include "experiments/compare_problem.h"

#include <algorithm>
#include <set>

namespace restock {

namespace {

void Flatten(ConfigNode node, const std::string& path, FlatConfig& flat) {
  const auto below = [&](const std::string& key) { return path.empty() ? key : path + "." + key; };
  if (node.IsMap()) {
    for (auto& [key, child] : node.Entries()) Flatten(child, below(key), flat);
  } else if (node.IsList()) {
    int index = 0;
    for (const ConfigNode& child : node.Items()) Flatten(child, below(std::to_string(index++)), flat);
  } else {
    flat[path] = node.IsNull() ? "" : node.AsString();
  }
}

bool IsBelow(const std::string& key, const std::vector<std::string>& blocks) {
  return std::any_of(blocks.begin(), blocks.end(),
                     [&](const std::string& block) { return key == block || key.starts_with(block + "."); });
}

}  // namespace

FlatConfig Flatten(const ConfigNode& root) {
  FlatConfig flat;
  Flatten(root, "", flat);
  return flat;
}

FlatConfig ReadFlatConfig(const std::filesystem::path& config_file) { return Flatten(LoadConfig(config_file)); }

std::vector<ConfigDifference> DifferencesOf(const std::vector<FlatConfig>& configs) {
  std::set<std::string> keys;
  for (const FlatConfig& config : configs) {
    for (const auto& [key, value] : config) keys.insert(key);
  }
  std::vector<ConfigDifference> differences;
  for (const std::string& key : keys) {
    ConfigDifference difference{key, {}};
    for (const FlatConfig& config : configs) {
      const auto found = config.find(key);
      difference.values.push_back(found == config.end() ? "" : found->second);
    }
    const auto& first = difference.values.front();
    if (std::any_of(difference.values.begin(), difference.values.end(),
                    [&](const std::string& value) { return value != first; }))
      differences.push_back(difference);
  }
  return differences;
}

Comparability ComparabilityOf(const std::vector<ConfigDifference>& differences) {
  Comparability comparability;
  for (const ConfigDifference& difference : differences) {
    if (IsBelow(difference.key, {"data", "network"})) comparability.problem_keys.push_back(difference.key);
    if (IsBelow(difference.key, {"seed", "scenarios", "forecaster"})) comparability.is_same_demand = false;
  }
  comparability.is_same_problem = comparability.problem_keys.empty();
  comparability.is_same_demand = comparability.is_same_demand && comparability.is_same_problem;
  return comparability;
}

}  // namespace restock
