#include "env/count_inversion.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace restock {
namespace {

constexpr int kLanes = 8;
constexpr int kNumVectors = 4;        // side by side, so that none waits for itself
constexpr int kRoundsAtOnce = 4;      // between looks whether all are done
constexpr int kMostRounds = 1 << 20;  // where rounding keeps a distribution function below the largest uniform number

using Doubles = double __attribute__((vector_size(kLanes * sizeof(double))));
using Mask = int64_t __attribute__((vector_size(kLanes * sizeof(int64_t))));
using Floats = float __attribute__((vector_size(kLanes * sizeof(float))));

Doubles Load(const double* from) {
  Doubles values;
  std::memcpy(&values, from, sizeof(values));
  return values;
}
Doubles Load(const float* from) {
  Floats values;
  std::memcpy(&values, from, sizeof(values));
  return __builtin_convertvector(values, Doubles);
}

/// Columns whose counts are looked for together.
struct Search {
  Doubles uniform, probability, cumulative, count, growth;

  // p(k) = p(k - 1) a (k - 1 + r) / k for the negative binomial with a = m / (r + m), p(k - 1) m / k for Poisson
  [[gnu::always_inline]] void Advance(double numerator, double inverse) {
    count += uniform >= cumulative ? Doubles{} + 1 : Doubles{};
    probability *= growth * (numerator * inverse);
    cumulative += probability;
  }
  Mask IsOpen() const { return uniform >= cumulative; }
};

bool Any(Mask mask) {
  int64_t any = 0;
  for (int lane = 0; lane < kLanes; ++lane) any |= mask[lane];
  return any != 0;
}

void SearchAll(std::array<Search, kNumVectors>& searches, double dispersion) {
  const bool is_poisson = dispersion == 0;
  for (int k = 1; k < kMostRounds; k += kRoundsAtOnce) {
    Mask open = searches[0].IsOpen();
    for (const Search& search : searches) open |= search.IsOpen();
    if (!Any(open)) return;
    for (int round = k; round < k + kRoundsAtOnce; ++round) {
      const double inverse = 1.0 / round;
      const double numerator = is_poisson ? 1 : round - 1 + dispersion;
      for (Search& search : searches) search.Advance(numerator, inverse);
    }
  }
}

}  // namespace

double CountInversion::ProbabilityOfZero(double mean, double dispersion) {
  return std::exp(dispersion > 0 ? -dispersion * std::log1p(mean / dispersion) : -mean);
}

void CountInversion::Draw(const double* uniform, float* counts) const {
  for (int first = 0; first < kBlockSize; first += kNumVectors * kLanes) {
    std::array<Search, kNumVectors> searches;
    for (int i = 0; i < kNumVectors; ++i) {
      const int column = first + i * kLanes;
      const Doubles means = Load(mean + column);
      Search& search = searches[static_cast<size_t>(i)];
      search.uniform = Load(uniform + column);
      search.probability = Load(zero + column);
      search.growth = dispersion > 0 ? means / (means + dispersion) : means;
      search.cumulative = search.probability;
      search.count = Doubles{};
    }
    SearchAll(searches, dispersion);
    for (int i = 0; i < kNumVectors; ++i) {
      const Floats found = __builtin_convertvector(searches[static_cast<size_t>(i)].count, Floats);
      std::memcpy(counts + first + i * kLanes, &found, sizeof(found));
    }
  }
}

}  // namespace restock
