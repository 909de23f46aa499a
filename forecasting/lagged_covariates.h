#pragma once

#include <string>
#include <vector>

#include "common/demand.h"

namespace restock {

/// A covariate as of other periods: `lags` of 0 is the covariate itself, of 2 its value two periods before, of -1 that
/// of the period after, which only plans have.
struct CovariateLags {
  std::string name;
  std::vector<int> lags = {0};
};

/// Puts the lagged covariates in the place of each that has lags, called `promo lag 2`, `promo lead 1`. What is not
/// known ahead is known so many periods ahead as it is lagged, and counts as known then. `holiday_lags` adds `holiday
/// lag 1`, the day after a holiday, for each; 0 is the holiday itself, which models know already.
void AddLaggedCovariates(const std::vector<CovariateLags>& covariates, const std::vector<int>& holiday_lags,
                         DemandHistory& history);

}  // namespace restock
