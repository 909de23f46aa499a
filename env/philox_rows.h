#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__AVX512F__)
#include <immintrin.h>
#endif

#include "env/network_state.h"

namespace restock {

/// Four random words for each environment of a block, words[i][env].
using PhiloxWords = std::array<std::array<uint32_t, kBlockSize>, 4>;

namespace philox_rows {

inline constexpr int kLanes = 8;
using U64 =
    uint64_t __attribute__((vector_size(kLanes * sizeof(uint64_t))));  // a 32-bit word in the low half of each lane
using U32 = uint32_t __attribute__((vector_size(kLanes * sizeof(uint32_t))));

/// 64-bit products of a 32-bit multiplier with the low halves.
inline U64 Multiply(uint32_t multiplier, U64 words) {
#if defined(__AVX512F__)
  return reinterpret_cast<U64>(
      _mm512_maskz_mul_epu32(0xff, reinterpret_cast<__m512i>(words), _mm512_set1_epi64(multiplier)));
#else
  return (words & 0xffffffffu) * uint64_t{multiplier};
#endif
}

inline void Store(U64 words, uint32_t* to) {
  const U32 low = __builtin_convertvector(words, U32);
  std::memcpy(to, &low, sizeof(low));
}

}  // namespace philox_rows

/// Philox (common/random.h) of the counters (first[env], second, third, fourth): the same words, eight environments at
/// a time. Only the low half of a lane counts; what a product leaves in the high half is never looked at.
inline void PhiloxRows(const std::array<uint64_t, kBlockSize>& first, uint32_t second, uint32_t third, uint32_t fourth,
                       uint64_t key, PhiloxWords& words) {
  using namespace philox_rows;
  for (size_t env = 0; env < kBlockSize; env += kLanes) {
    U64 a;
    std::memcpy(&a, &first[env], sizeof(a));
    U64 b = U64{} + second;
    U64 c = U64{} + third;
    U64 d = U64{} + fourth;
    auto k0 = static_cast<uint32_t>(key);
    auto k1 = static_cast<uint32_t>(key >> 32);
    for (int round = 0; round < 10; ++round) {
      const U64 left = Multiply(0xD2511F53u, a);
      const U64 right = Multiply(0xCD9E8D57u, c);
      a = (right >> 32) ^ b ^ k0;
      b = right;
      c = (left >> 32) ^ d ^ k1;
      d = left;
      k0 += 0x9E3779B9u;
      k1 += 0xBB67AE85u;
    }
    Store(a, &words[0][env]);
    Store(b, &words[1][env]);
    Store(c, &words[2][env]);
    Store(d, &words[3][env]);
  }
}

}  // namespace restock
