#pragma once

#include <ctime>

namespace restock {

/// CPU seconds of this process so far: what a busy machine takes from it does not count.
inline double CpuSeconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace restock
