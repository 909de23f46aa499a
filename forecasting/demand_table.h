#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/demand.h"
#include "common/random.h"
#include "forecasting/data_config.h"

namespace restock {

/// The demand behind a configuration: its sales file, or sales generated from `random`, cleaned, with demand estimated
/// where stock ran out; `report` tells what was changed on the way. Throws ConfigError when there is no such file,
/// DataError (file:line) when it is wrong.
DemandHistory ReadDemand(const DataConfig& config, const Random& random, DataReport* report = nullptr);

/// The same configuration on another sales file, for exactly the given series in their order; other series of the file
/// are left out and told in `left_out`, and a series without any row is a DataError. For ordering with a model that was
/// fitted before.
DemandHistory ReadSales(const DataConfig& config, const std::filesystem::path& file, const std::vector<Series>& series,
                        std::vector<Series>* left_out = nullptr);

/// What was observed, and what fitting may see of it.
struct DemandSplit {
  DemandHistory full;
  DemandHistory past;  // without the last `holdout_periods`
  DataReport report;   // what reading has changed
};
/// Throws DataError when fewer than 14 periods (for weeks: 8) would be left, when these hold no known demand above
/// zero, and when the mean sale is less than half a unit.
DemandSplit SplitHoldout(DemandHistory history, int holdout_periods);

/// Where a data file is: absolute, in the working directory, or in the folder that the variable RESTOCK_DATA names.
/// `where` begins the message of the ConfigError when it is in none.
std::filesystem::path FindDataFile(const std::string& path, const std::string& where);

}  // namespace restock
