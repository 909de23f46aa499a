#pragma once

#include <vector>

#include "common/config_node.h"
#include "common/demand.h"
#include "forecasting/data_report.h"

namespace restock {

/// How values that are not known are estimated for the models: not at all, by a straight line between the known ones
/// around, by the same phase one season before and after, or by what similar series did (impute_neighbours.h).
enum class Imputation { kNone, kLine, kSeason, kNeighbours };

/// On which scale outliers are judged: relative changes, counts, or plain units.
enum class OutlierScale { kLog, kSquareRoot, kLinear };

/// The cleaning of demand before models see it: `data.missing` and `data.outliers`.
struct CleaningConfig {
  Imputation imputation = Imputation::kNone;
  int num_neighbours = 10;        // similar series that imputation by neighbours looks at
  int longest_gap = 0;            // periods; longer gaps stay unknown; 0: none is too long
  bool replace_outliers = false;  // by the median of their window (Hampel filter)
  int window = 15;                // periods, odd
  double limit = 3;               // standard deviations from the median
  OutlierScale scale = OutlierScale::kLog;

  bool ChangesAnything() const { return imputation != Imputation::kNone || replace_outliers; }
};

/// Reads the keys `missing` and `outliers` of the `data:` block.
void ReadCleaning(ConfigNode& data, CleaningConfig& config);

/// Cleans `history.demand` (sales stay as recorded) and returns every change. Periods with a promotion or on holidays,
/// where a covariate known ahead is far from its median, are masked: they are no outliers. Outliers are judged on the
/// chosen scale by the median of a window and its median absolute deviation (Hampel 1974; Pearson 2002), not where that
/// is zero, as in intermittent demand. Zeros are demand; closed days stay unknown, and so do periods before the first
/// known and after the last.
std::vector<DataChange> CleanDemand(const CleaningConfig& config, DemandHistory& history);

}  // namespace restock
