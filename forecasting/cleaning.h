#pragma once

#include <string>
#include <vector>

#include "common/demand.h"

namespace restock {

enum class Imputation { kNone, kLine, kSeason };

/// The cleaning of demand before models that need it.
struct CleaningConfig {
  Imputation imputation = Imputation::kNone;  // of gaps between known periods: a straight line, or the mean of the same
                                              // phase one season before and after
  bool replace_outliers = false;              // by the median of their window
  int window = 15;                            // of the Hampel filter, odd
  double limit = 3;                           // standard deviations from the median
};

/// What was changed.
struct CleaningChange {
  int series = 0;
  int period = 0;
  float before = 0;  // NaN: was not known
  float after = 0;
  enum class Reason { kImputed, kOutlier } reason = Reason::kImputed;
};

/// Cleans `history.demand` (sales stay as recorded) and reports every change. Periods with a promotion or on holidays,
/// where a covariate known ahead differs from its median, are masked: they are no outliers. Outliers are judged on
/// log(1 + demand) by the median of a window and its median absolute deviation (Hampel 1974; Pearson 2002), not where
/// that is zero, as in intermittent demand. Zeros are demand; closed days stay unknown, and so do periods before the
/// first known and after the last.
std::vector<CleaningChange> CleanDemand(const CleaningConfig& config, DemandHistory& history);

/// `12 values imputed and 3 outliers replaced in 5 of 80 series.`
std::string DescribeChanges(const std::vector<CleaningChange>& changes, int num_series);

}  // namespace restock
