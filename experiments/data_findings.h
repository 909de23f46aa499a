#pragma once

#include <nlohmann/json.hpp>

#include "experiments/experiment_config.h"
#include "experiments/run_directory.h"
#include "forecasting/demand_table.h"

namespace restock {

/// What there is to tell of a run's data: writes data_changes.csv, one row per value that was changed
/// (date,warehouse,sku,step,before,after in the units of the data, empty: not known; the first 100,000), and
/// assortment.csv, one row per series (warehouse,sku,demand_class,abc_xyz,share,cluster). Returns what summary.json
/// says:
///
///   {"num_series", "unit",
///    "steps": [{"step", "num_values", "num_series", "units"}],    what preparing the data has changed
///    "classes": [{"name": "smooth", "num_series", "share"}],      of all sales
///    "abc_xyz": [{"name": "AX", "num_series", "share"}],
///    "clusters": {"count", "silhouette", "explained": [...], "groups": [{"num_series", "share", NAME OF FEATURE: mean,
///                 ..., "examples": [...]}]},
///    "sold_together": [{"left": [...], "right", "support", "confidence", "lift"}]}     the first 15
nlohmann::ordered_json WriteDataFindings(const ExperimentConfig& config, const DemandSplit& demand,
                                         const RunDirectory& run);

}  // namespace restock
