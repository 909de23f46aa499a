#pragma once

#include "forecasting/data_config.h"

namespace restock {

/// How much of what was hidden the estimate of demand gives back: on days that had stock throughout, the sales after a
/// random hour are hidden with probability 0.4, as if shelves had run empty. `training`: on the days up to 30 April.
void JudgeHiddenDemand(const DataConfig& config, bool training);

}  // namespace restock
