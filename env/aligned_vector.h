#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace restock {

/// Allocates on 64-byte boundaries, a cache line and the widest vector register, whatever the machine compiled for.
template <class T>
struct AlignedAllocator {
  using value_type = T;
  static constexpr std::align_val_t kAlignment{64};

  AlignedAllocator() = default;
  template <class U>
  AlignedAllocator(const AlignedAllocator<U>&) {}

  T* allocate(size_t count) { return static_cast<T*>(::operator new(count * sizeof(T), kAlignment)); }
  void deallocate(T* values, size_t) { ::operator delete(values, kAlignment); }

  friend bool operator==(AlignedAllocator, AlignedAllocator) { return true; }
};

using AlignedVector = std::vector<float, AlignedAllocator<float>>;

}  // namespace restock
