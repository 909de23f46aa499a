#pragma once

#include <functional>

namespace restock {

/// The number of threads that a setting stands for: `wanted`, or for 0 one per core.
int NumberOfThreads(int wanted);

/// Runs `work(i)` for i in 0 ... count - 1 on up to `num_threads` threads (0: one per core), the caller among them.
/// Which thread runs which index is open, so the work must not depend on it; an exception is passed on to the caller.
void ParallelFor(int count, int num_threads, const std::function<void(int)>& work);

}  // namespace restock
