#pragma once

#include "common/demand.h"

namespace restock {

/// How much more frequent zeros are than negative binomials with each series' mean and variance would have them, as a
/// mean over series.
double ExcessOfZeros(const DemandHistory& history);

}  // namespace restock
