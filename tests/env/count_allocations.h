#pragma once

// Counts allocations of the whole program; for one file of a test program.

#include <atomic>
#include <cstdint>
#include <cstdlib>

namespace {
std::atomic<int64_t> num_allocations = 0;
}

// Eigen allocates by malloc and the rest by operator new, which calls malloc as well: counting malloc counts all.
// Sanitizers bring their own.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kCountsAllocations = false;
#else
constexpr bool kCountsAllocations = true;
extern "C" {
void* __libc_malloc(size_t);            // NOLINT: glibc's own
void* __libc_memalign(size_t, size_t);  // NOLINT
void* malloc(size_t size) {
  ++num_allocations;
  return __libc_malloc(size);
}
void* aligned_alloc(size_t alignment, size_t size) {
  ++num_allocations;
  return __libc_memalign(alignment, size);
}
}
#endif
