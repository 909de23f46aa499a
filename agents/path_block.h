#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>

#include "env/demand_source.h"
#include "env/network_state.h"

namespace restock {

/// Where the demand of a block of training paths stands in a source. Of blocks with equally many periods no two share
/// demand until the source has no more: after the last scenario come the next periods of the first. Paths longer than
/// the source begin again at its start, so its demand must be the same in every period.
struct PathBlock {
  PathBlock(const DemandSource& demand, int64_t number, int num_periods) : length(demand.num_periods()) {
    const int64_t num_blocks = std::max(demand.num_scenarios() / kBlockSize, 1);
    const int64_t num_windows = std::max(demand.num_periods() / num_periods, 1);
    std::iota(scenarios.begin(), scenarios.end(), static_cast<int>(number % num_blocks * kBlockSize));
    for (int& scenario : scenarios) scenario %= demand.num_scenarios();  // fewer than a block
    first_period = static_cast<int>(number / num_blocks % num_windows * num_periods);
  }

  /// Of the source, where the paths are in their `period`.
  int PeriodAt(int period) const { return (first_period + period) % length; }

  std::array<int, kBlockSize> scenarios;
  int first_period = 0;  // of the paths
  int length = 0;        // of the source  [period]
};

}  // namespace restock
