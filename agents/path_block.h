#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>

#include "env/demand_source.h"
#include "env/network_state.h"

namespace restock {

/// Where the demand of a block of training paths stands in a source. Blocks are numbered over all of training; no two
/// share demand until the source has no more: after the last scenario come the next periods of the first.
struct PathBlock {
  PathBlock(const DemandSource& demand, int64_t number, int num_periods) {
    const int64_t num_blocks = std::max(demand.num_scenarios() / kBlockSize, 1);
    const int64_t num_windows = std::max(demand.num_periods() / num_periods, 1);
    std::iota(scenarios.begin(), scenarios.end(), static_cast<int>(number % num_blocks * kBlockSize));
    first_period = static_cast<int>(number / num_blocks % num_windows * num_periods);
  }

  std::array<int, kBlockSize> scenarios;
  int first_period = 0;  // of the paths
};

}  // namespace restock
