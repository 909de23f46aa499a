#pragma once

#include <cstdint>
#include <span>

#include "common/random.h"
#include "env/philox_rows.h"

namespace restock {

/// Uniform numbers for a block of environments, addressed by (random, scenario, period, index): the same on any thread
/// and in any order. `index`: what they are for, such as a site or a lane.
class UniformRows {
 public:
  explicit UniformRows(const Random& random) : key_(random.key()) {}

  /// Odd multiples of 2^-24: never 0 nor 1, and 1 - uniform is exact.  `uniform`: [env]
  void Draw(int period, std::span<const int> scenarios, int index, float* uniform) const {
    PhiloxWords words;
    DrawWords(period, scenarios, index, words);
    for (size_t env = 0; env < kBlockSize; ++env)
      uniform[env] = static_cast<float>(static_cast<int32_t>(words[0][env] >> 9) * 2 + 1) * 0x1p-24f;
  }
  /// The same with 52 bits; half a step above their multiples.
  void Draw(int period, std::span<const int> scenarios, int index, double* uniform) const {
    PhiloxWords words;
    DrawWords(period, scenarios, index, words);
    for (size_t env = 0; env < kBlockSize; ++env) {
      const uint64_t bits = uint64_t{words[0][env]} << 32 | words[1][env];
      uniform[env] = (static_cast<double>(static_cast<int64_t>(bits >> 12)) + 0.5) * 0x1p-52;
    }
  }

 private:
  void DrawWords(int period, std::span<const int> scenarios, int index, PhiloxWords& words) const {
    std::array<uint64_t, kBlockSize> scenario;
    for (size_t env = 0; env < kBlockSize; ++env) scenario[env] = static_cast<uint32_t>(scenarios[env]);
    PhiloxRows(scenario, static_cast<uint32_t>(period), static_cast<uint32_t>(index), 0, key_, words);
  }

  uint64_t key_;
};

}  // namespace restock
