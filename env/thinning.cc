#include "env/thinning.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

#if defined(__AVX512F__)
#include <immintrin.h>
#endif

#include <boost/math/distributions/binomial.hpp>

namespace restock {
namespace {

constexpr int kLanes = 8;
using Floats = float __attribute__((vector_size(kLanes * sizeof(float))));
using Doubles = double __attribute__((vector_size(kLanes * sizeof(double))));
using Counts = int32_t __attribute__((vector_size(kLanes * sizeof(int32_t))));
using Mask = int64_t __attribute__((vector_size(kLanes * sizeof(int64_t))));

// P(X = 0) of such a mean is e^-555 or more: far from what a double cannot tell from zero.
constexpr double kLargestMeanFromNothing = 400;

Doubles LoadDoubles(const float* from) {
  Floats values;
  std::memcpy(&values, from, sizeof(values));
  return __builtin_convertvector(values, Doubles);
}

void StoreFloats(Doubles values, float* to) {
  const Floats floats = __builtin_convertvector(values, Floats);
  std::memcpy(to, &floats, sizeof(floats));
}

bool AnyOf(Mask mask) {
#if defined(__AVX512F__)
  const auto bits = reinterpret_cast<__m512i>(mask);
  return _mm512_test_epi64_mask(bits, bits) != 0;
#else
  int64_t any = 0;
  for (int lane = 0; lane < kLanes; ++lane) any |= mask[lane];
  return any != 0;
#endif
}

// base^exponent by squaring, for whole exponents >= 0
Doubles Power(Doubles base, Doubles exponent) {
  Counts left = __builtin_convertvector(exponent, Counts);
  Doubles power = Doubles{} + 1;
  for (int most = std::max({left[0], left[1], left[2], left[3], left[4], left[5], left[6], left[7]}); most > 0;
       most >>= 1) {
    const Mask odd = __builtin_convertvector(left & 1, Mask) != 0;
    power = odd ? power * base : power;
    base = base * base;
    left >>= 1;
  }
  return power;
}

// The smaller part, of those that stay or of those that go, is counted by adding up its probabilities. Those that go
// follow from 1 - uniform, and their distribution function must only reach it.
void ThinLanes(const float* count, const float* probability, const float* uniform, float* thinned) {
  const Doubles n = LoadDoubles(count);
  if (!AnyOf(n > 0)) return StoreFloats(n, thinned);
  Doubles stay = LoadDoubles(probability);
  stay = stay < 0 ? Doubles{} : stay;
  stay = stay > 1 ? Doubles{} + 1 : stay;
  const Doubles u = LoadDoubles(uniform);
  const Mask count_those_that_go = stay > 0.5;
  const Doubles p = count_those_that_go ? 1 - stay : stay;
  const Doubles target = count_those_that_go ? 1 - u : u;

  // from nothing on, or where the mean is large from so far below it that nothing that counts is left out
  Doubles start = {};
  Doubles term = Power(1 - p, n);  // P(X = units)
  const Mask is_large = n * p > kLargestMeanFromNothing;
  const bool some_are_large = AnyOf(is_large);
  for (int lane = 0; some_are_large && lane < kLanes; ++lane) {
    if (!is_large[lane]) continue;
    start[lane] = std::floor(n[lane] * p[lane] - 9 * std::sqrt(n[lane] * p[lane] * (1 - p[lane])));
    term[lane] = boost::math::pdf(boost::math::binomial_distribution<>(n[lane], p[lane]), start[lane]);
  }

  Doubles units = start;
  Doubles left = n - start;
  Doubles sum = term;  // P(X <= units)
  const Doubles odds = p / (1 - p);
  for (double step = 1;; ++step) {
    const Mask short_of = count_those_that_go ? sum < target : sum <= target;
    const Mask goes_on = short_of & (left > 0);
    if (!AnyOf(goes_on)) break;
    units = goes_on ? units + 1 : units;
    const Doubles inverse = some_are_large ? 1 / (start + step) : Doubles{} + 1 / step;
    term = term * (left * odds * inverse);
    left = left - 1;
    sum = sum + term;
  }
  StoreFloats(count_those_that_go ? n - units : units, thinned);
}

}  // namespace

RowValue Thin(const RowValue& count, const RowValue& probability, const RowValue& uniform) {
  float counts[kBlockSize], probabilities[kBlockSize], uniforms[kBlockSize], thinned[kBlockSize];
  count.Store(counts);
  probability.Store(probabilities);
  uniform.Store(uniforms);
  for (int env = 0; env < kBlockSize; env += kLanes)
    ThinLanes(counts + env, probabilities + env, uniforms + env, thinned + env);
  return RowValue::Load(thinned);
}

RowValue Thin(const RowValue& count, float probability, const RowValue& uniform) {
  return Thin(count, RowValue(probability), uniform);
}

}  // namespace restock
