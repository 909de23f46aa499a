#pragma once

#include <filesystem>

#include "experiments/report_files.h"

namespace restock {

/// Whether the files are those of a run on a problem file.
bool IsProblemRun(const RunFiles& run);

/// report.html of such a run: the optimum beside every rule with its parameters, what costs are made of, how all this
/// was measured.
std::string ProblemReportPage(const RunFiles& run);

}  // namespace restock
