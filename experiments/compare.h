#pragma once

#include <filesystem>
#include <ostream>
#include <vector>

namespace restock {

/// Sets runs side by side: a table on `out`, and a page with intervals, policies and what differs in the
/// configurations. Runs on different data or networks are said to be not comparable; where the sampled demand is the
/// same too, the chosen policies are compared scenario by scenario. Throws DataError when one of them is no run or has
/// no evaluation.
void CompareRuns(const std::vector<std::filesystem::path>& run_dirs, const std::filesystem::path& html,
                 std::ostream& out);

}  // namespace restock
