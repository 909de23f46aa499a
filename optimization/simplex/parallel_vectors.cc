#include "optimization/simplex/parallel_vectors.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace restock::simplex {
namespace {

constexpr int kMostCompared = 20;  // vectors that a vector is compared with, of those with the same hash

size_t At(int i) { return static_cast<size_t>(i); }

struct Hashed {
  uint64_t pattern;
  int vector;
};

/// Where the entries stand, in any order.
uint64_t HashPattern(const VectorList& vectors, int vector) {
  uint64_t hash = 0;
  for (int k = vectors.start[At(vector)]; k < vectors.start[At(vector + 1)]; ++k) {
    const int place = vectors.index[At(k)];
    if (!vectors.entry_lives[At(place)]) continue;
    uint64_t mixed = (static_cast<uint64_t>(place) + 1) * 0x9e3779b97f4a7c15u;
    mixed ^= mixed >> 29;
    hash += mixed * 0xbf58476d1ce4e5b9u;
  }
  return hash;
}

/// `dense`: the entries of the first, zero elsewhere. Zero: the second is no multiple of it.
double MultipleOf(const std::vector<double>& dense, const VectorList& vectors, int second) {
  double multiple = 0;
  for (int k = vectors.start[At(second)]; k < vectors.start[At(second + 1)]; ++k) {
    const int place = vectors.index[At(k)];
    if (!vectors.entry_lives[At(place)]) continue;
    if (dense[At(place)] == 0) return 0;
    if (multiple == 0) multiple = vectors.value[At(k)] / dense[At(place)];
    if (multiple * dense[At(place)] != vectors.value[At(k)]) return 0;
  }
  return multiple;
}

}  // namespace

std::vector<ParallelPair> FindParallel(const VectorList& vectors) {
  std::vector<Hashed> hashed;
  for (int vector = 0; vector + 1 < static_cast<int>(vectors.start.size()); ++vector) {
    if (!vectors.lives[At(vector)]) continue;
    const uint64_t pattern = HashPattern(vectors, vector);
    if (pattern != 0) hashed.push_back({pattern, vector});
  }
  std::ranges::sort(hashed, [](const Hashed& a, const Hashed& b) {
    return a.pattern != b.pattern ? a.pattern < b.pattern : a.vector < b.vector;
  });

  std::vector<ParallelPair> pairs;
  std::vector<double> dense(vectors.entry_lives.size(), 0);
  std::vector<bool> is_second(vectors.lives.size(), false);
  for (size_t i = 0; i + 1 < hashed.size(); ++i) {
    if (hashed[i + 1].pattern != hashed[i].pattern || is_second[At(hashed[i].vector)]) continue;
    const int first = hashed[i].vector;
    const auto scatter = [&](bool fill) {
      for (int k = vectors.start[At(first)]; k < vectors.start[At(first + 1)]; ++k) {
        dense[At(vectors.index[At(k)])] = fill ? vectors.value[At(k)] : 0;
      }
    };
    scatter(true);
    for (size_t j = i + 1; j < std::min(hashed.size(), i + 1 + kMostCompared); ++j) {
      if (hashed[j].pattern != hashed[i].pattern) break;
      const int second = hashed[j].vector;
      if (is_second[At(second)]) continue;
      const double multiple = MultipleOf(dense, vectors, second);
      if (multiple == 0) continue;
      pairs.push_back({first, second, multiple});
      is_second[At(second)] = true;
    }
    scatter(false);
  }
  return pairs;
}

}  // namespace restock::simplex
