#pragma once

#include <filesystem>

namespace restock {

/// Makes `report.html` in a run directory from the files there: what came out and what it means, for the manager who
/// decides on it. The page is one file under 1 MB, whatever the size of the run, without scripts and without a network.
/// What the run does not have is left out. Throws DataError when `run_dir` is no run or a file in it is damaged.
void WriteReport(const std::filesystem::path& run_dir);

}  // namespace restock
