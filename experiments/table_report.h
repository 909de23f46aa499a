#pragma once

#include <string>
#include <vector>

#include "experiments/problem_table.h"
#include "experiments/table_rows.h"

namespace restock {

/// report.html of a table: for each block the interquartile mean of every policy's gap with its interval, the
/// performance profile, the difference to the best rule (Agarwal et al. 2021).
std::string TableReportPage(const ProblemTableConfig& config, const std::vector<TableRow>& rows);

}  // namespace restock
