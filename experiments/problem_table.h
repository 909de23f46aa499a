#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace restock {

/// One setting and the values that a table gives it: `lead_time=1,2,3,4`.
struct VariedSetting {
  std::string key;
  std::vector<std::string> values;
};

/// Throws ConfigError where the text is no such thing.
VariedSetting ParseVariedSetting(const std::string& text);

/// The instances of a problem file that a table is made of: all combinations of the varied settings, each a run of its
/// own in a folder of `out` that is called after its values (`poisson-4-1`).
struct ProblemTableConfig {
  std::filesystem::path problem;
  std::vector<VariedSetting> varied;
  std::vector<std::string> overrides;  // of every instance: agents, seeds, ...
  std::filesystem::path out;
};

/// Runs every instance that is not finished yet, those that were interrupted from where they stopped; then writes
/// `table.csv` (a row per instance, policy and training seed: instance, policy, seed, cost, gap in per cent, CPU
/// seconds of training) and returns the table for people: each policy's mean gap and worst gap to the least known cost.
std::string RunProblemTable(const ProblemTableConfig& config);

}  // namespace restock
