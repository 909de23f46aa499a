#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "experiments/table_file.h"

namespace restock {

/// Many instances of classic problems, each a run of its own in a folder of `out` that is called after it.
struct ProblemTableConfig {
  std::string title;  // of the report
  std::vector<TableBlock> blocks;
  std::vector<std::string> overrides;  // of every instance: agents, seeds, ...
  std::filesystem::path out;
};

/// Runs every instance that is not finished yet, those that were interrupted from where they stopped; then writes
/// `table.csv` and `report.html` and returns the table for people.
std::string RunProblemTable(const ProblemTableConfig& config);

}  // namespace restock
