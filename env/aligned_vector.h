#pragma once

#include <cstddef>
#include <new>
#include <vector>

#include <sys/mman.h>

namespace restock {

/// Allocates on 64-byte boundaries, a cache line and the widest vector register, whatever the machine compiled for;
/// large arrays on huge pages where the system has them, since a simulator walks through all its memory in every step.
template <class T>
struct AlignedAllocator {
  using value_type = T;
  static constexpr size_t kHugePage = size_t{1} << 21;

  AlignedAllocator() = default;
  template <class U>
  AlignedAllocator(const AlignedAllocator<U>&) {}

  T* allocate(size_t count) {
    const size_t bytes = count * sizeof(T);
    void* memory = ::operator new(bytes, Alignment(bytes));
    if (bytes >= kHugePage) madvise(memory, bytes, MADV_HUGEPAGE);  // advice: may fail, and nothing is lost
    return static_cast<T*>(memory);
  }
  void deallocate(T* values, size_t count) { ::operator delete(values, Alignment(count * sizeof(T))); }

  static std::align_val_t Alignment(size_t bytes) { return std::align_val_t{bytes >= kHugePage ? kHugePage : 64}; }
  friend bool operator==(AlignedAllocator, AlignedAllocator) { return true; }
};

using AlignedVector = std::vector<float, AlignedAllocator<float>>;

}  // namespace restock
