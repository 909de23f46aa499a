#include "env/count_inversion.h"

#include <array>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "common/distributions.h"
#include "common/random.h"

namespace restock {
namespace {

// Inversion from 0 on must find what the distribution's own quantile function finds, in both tails too.
TEST(CountInversionTest, FindsTheQuantileOfEveryColumn) {
  RandomStream random = Random(5).At(0);
  for (const double dispersion : {0.0, 0.3, 2.0, 40.0}) {
    for (int round = 0; round < 40; ++round) {
      alignas(64) std::array<double, kBlockSize> zero, uniform;
      alignas(64) std::array<float, kBlockSize> mean, counts;
      for (size_t i = 0; i < kBlockSize; ++i) {
        mean[i] = static_cast<float>(i == 0 ? 0 : std::exp(6.5 * random.Uniform() - 2));
        uniform[i] = i % 4 == 1   ? random.Uniform() * 1e-6 + 1e-9
                     : i % 4 == 2 ? 1 - random.Uniform() * 1e-6 - 1e-9
                                  : random.Uniform();
        zero[i] = CountInversion::ProbabilityOfZero(mean[i], dispersion);
      }
      CountInversion{zero.data(), mean.data(), dispersion}.Draw(uniform.data(), counts.data());
      for (size_t i = 0; i < kBlockSize; ++i) {
        const CountDistribution distribution{mean[i], mean[i] > 0 ? dispersion : 0};
        EXPECT_EQ(counts[i], static_cast<float>(distribution.Quantile(uniform[i])))
            << "mean " << mean[i] << ", dispersion " << dispersion << ", uniform " << uniform[i];
      }
    }
  }
}

// The largest uniform number lies above where rounding may let the distribution function end.
TEST(CountInversionTest, EndsForTheLargestUniformNumberAndMean) {
  for (const double dispersion : {0.0, 5.0}) {
    alignas(64) std::array<double, kBlockSize> zero, uniform;
    alignas(64) std::array<float, kBlockSize> mean, counts;
    mean.fill(CountInversion::kLargestMean);
    uniform.fill(1 - 0x1p-53);
    zero.fill(CountInversion::ProbabilityOfZero(mean[0], dispersion));
    CountInversion{zero.data(), mean.data(), dispersion}.Draw(uniform.data(), counts.data());
    EXPECT_GT(counts[0], 800);
  }
}

}  // namespace
}  // namespace restock
