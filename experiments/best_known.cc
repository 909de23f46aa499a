#include "experiments/best_known.h"

#include <vector>

#include "common/error.h"
#include "common/text.h"
#include "env/problem_file.h"
#include "experiments/compare_problem.h"

namespace restock {
namespace {

// What makes a problem: not how it is run, nor, for an average, how long it is measured.
FlatConfig Essence(const ConfigNode& problem) {
  FlatConfig flat = Flatten(problem);
  const bool is_average = flat["protocol.kind"] == "average";
  std::erase_if(flat, [&](const auto& entry) {
    const std::string& key = entry.first;
    if (key.starts_with("protocol.")) return key == "protocol.runs" || (is_average && key != "protocol.kind");
    return !key.starts_with("network.") && !key.starts_with("demand");
  });
  return flat;
}

bool AreSame(const FlatConfig& a, const FlatConfig& b) {
  if (a.size() != b.size()) return false;
  for (const auto& [key, value] : a) {
    const auto other = b.find(key);
    if (other == b.end()) return false;
    const auto number = ParseNumber(value), other_number = ParseNumber(other->second);
    if (number && other_number ? *number != *other_number : value != other->second) return false;
  }
  return true;
}

/// The problem that an entry speaks of.
ConfigNode ProblemWhen(const ConfigNode& entry, const std::filesystem::path& file,
                       const std::vector<std::string>& overrides) try {
  ConfigNode config = LoadConfig(file, overrides);
  ReadProblem(config);  // fills in what is not said
  return config;
} catch (const ConfigError& error) {
  throw ConfigError(entry.Where() + ": best_known.when: " + error.what());
}

}  // namespace

std::optional<BestKnown> FindBestKnown(const std::filesystem::path& file, const ConfigNode& problem) {
  const FlatConfig wanted = Essence(problem);
  ConfigNode root = LoadConfig(file);
  if (!root.Has("best_known")) return std::nullopt;
  for (ConfigNode& entry : root.Child("best_known").Items()) {
    BestKnown known;
    if (!entry.Has("cost")) entry.Fail("needs a cost");
    entry.Read("cost", known.cost);
    entry.Read("source", known.source);
    std::vector<std::string> overrides;
    for (auto& [key, value] : entry.Child("when").Entries()) overrides.push_back(key + "=" + value.AsString());
    entry.ExpectNoMoreKeys();

    if (AreSame(wanted, Essence(ProblemWhen(entry, file, overrides)))) return known;
  }
  return std::nullopt;
}

}  // namespace restock
