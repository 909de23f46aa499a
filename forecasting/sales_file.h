#pragma once

#include <filesystem>

#include "common/demand.h"
#include "forecasting/data_config.h"
#include "forecasting/data_report.h"

namespace restock {

/// Reads a sales file: one row per date, warehouse and SKU, in any order; or wide; or SQLite. Fills all of the history
/// but `demand`; series are sorted by warehouse, then SKU. Rows after the last observed sale give the covariates that
/// are known ahead. Missing rows stay unknown. Throws DataError (file:line) for bad dates, numbers and flags, negative
/// sales, duplicate rows and a file without any sale, as far as the configuration does not say what they mean; what was
/// done with such rows is told in `report`.
DemandHistory ReadSalesFile(const DataConfig& config, const std::filesystem::path& file, DataReport* report = nullptr);

}  // namespace restock
