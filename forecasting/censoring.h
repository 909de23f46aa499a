#pragma once

#include "common/demand.h"
#include "forecasting/data_config.h"

namespace restock {

/// Share of a day's usual sales that falls into its hours with stock, 0 ... 1. The hours without stock are taken as the
/// last of the day, which is when shelves run empty; with an even profile it does not matter which they are.
double InStockShare(double stockout_hours, double open_hours, const std::vector<double>& hourly_profile);

/// Fills `history.demand` from `sales` and `in_stock_share`, to whole units where the sales are whole: sale / share, at
/// most `cap` times the sale; or, by the method "expected", the sale and the mean of what the rest of the day would
/// have sold, given what sold that day and on the days before (a Poisson count whose rate has a gamma distribution
/// around the series' level), at most `cap` times the sale on the first days, whose level is not known. No later day
/// changes an earlier one. Not known (NaN) where there is no record, where the
/// day was out of stock throughout, and on closed days.
void EstimateDemand(const CensoringConfig& config, DemandHistory& history);

}  // namespace restock
