#include "env/thinning.h"

#include <cmath>
#include <vector>

#include <boost/math/distributions/binomial.hpp>
#include <gtest/gtest.h>

#include "common/random.h"

namespace restock {
namespace {

using Values = std::vector<float>;

Values Thinned(const Values& count, const Values& probability, const Values& uniform) {
  Values thinned(kBlockSize);
  Thin(RowValue::Load(count.data()), RowValue::Load(probability.data()), RowValue::Load(uniform.data()))
      .Store(thinned.data());
  return thinned;
}

float ThinOne(float count, float probability, float uniform) {
  return Thinned(Values(kBlockSize, count), Values(kBlockSize, probability), Values(kBlockSize, uniform))[0];
}

// odd multiples of 2^-24, as UniformRows gives them
float NextUniform(RandomStream& random) { return static_cast<float>((random.NextBits() >> 9) * 2 + 1) * 0x1p-24f; }

float QuantileByBoost(float count, float probability, float uniform) {
  using RoundUp =
      boost::math::policies::policy<boost::math::policies::discrete_quantile<boost::math::policies::integer_round_up>>;
  const boost::math::binomial_distribution<double, RoundUp> binomial(count, probability);
  return static_cast<float>(boost::math::quantile(binomial, static_cast<double>(uniform)));
}

// P(X <= units), by adding up from the mode in both directions: nothing underflows
double DistributionFunction(double count, double probability, double units) {
  const double mode = std::floor((count + 1) * probability);
  const double odds = probability / (1 - probability);
  double total = 1, below = mode <= units ? 1 : 0;
  double term = 1;
  for (double k = mode; k > 0 && term > 1e-18; --k) {
    term *= k / (count - k + 1) / odds;
    total += term;
    if (k - 1 <= units) below += term;
  }
  term = 1;
  for (double k = mode; k < count && term > 1e-18; ++k) {
    term *= (count - k) / (k + 1) * odds;
    total += term;
    if (k + 1 <= units) below += term;
  }
  return below / total;
}

TEST(ThinningTest, GivesTheQuantilesOfTheBinomial) {
  constexpr uint64_t kSeed = 4;
  RandomStream random = Random(kSeed).At(0);
  for (const int largest : {1, 3, 20, 100, 700, 3000}) {
    for (int round = 0; round < 40; ++round) {
      Values count(kBlockSize), probability(kBlockSize), uniform(kBlockSize);
      for (size_t env = 0; env < kBlockSize; ++env) {
        count[env] = static_cast<float>(random.UniformInt(largest + 1));
        probability[env] = NextUniform(random);
        uniform[env] = NextUniform(random);
      }
      const Values thinned = Thinned(count, probability, uniform);
      for (size_t env = 0; env < kBlockSize; ++env) {
        ASSERT_EQ(thinned[env], count[env] == 0 ? 0 : QuantileByBoost(count[env], probability[env], uniform[env]))
            << count[env] << " units, probability " << probability[env] << ", uniform " << uniform[env] << ", seed "
            << kSeed;
      }
    }
  }
}

TEST(ThinningTest, IsExactForAMillionUnitsAndInTheTails) {
  RandomStream random = Random(5).At(0);
  for (const float count : {2000.f, 50000.f, 1048576.f}) {
    for (const float probability : {1e-5f, 0.01f, 0.3f, 0.5f, 0.8f, 0.999f}) {
      for (const float uniform : {0x1p-24f, 0.001f, NextUniform(random), NextUniform(random), 1 - 0x1p-24f}) {
        const double thinned = ThinOne(count, probability, uniform);
        ASSERT_GE(DistributionFunction(count, probability, thinned), uniform - 1e-12)
            << count << " " << probability << " " << uniform;
        ASSERT_LE(DistributionFunction(count, probability, thinned - 1), uniform + 1e-12)
            << count << " " << probability << " " << uniform;
      }
    }
  }
}

// The rule is the smallest number whose distribution function exceeds the uniform number, also where they meet.
TEST(ThinningTest, WorkedByHand) {
  // two units, each stays with probability 1/2: P(0) = 1/4, P(0 or 1) = 3/4
  EXPECT_EQ(ThinOne(2, 0.5f, 0.2499f), 0);
  EXPECT_EQ(ThinOne(2, 0.5f, 0.25f), 1);
  EXPECT_EQ(ThinOne(2, 0.5f, 0.7499f), 1);
  EXPECT_EQ(ThinOne(2, 0.5f, 0.75f), 2);
  // one unit that stays with probability 3/4
  EXPECT_EQ(ThinOne(1, 0.75f, 0.2499f), 0);
  EXPECT_EQ(ThinOne(1, 0.75f, 0.25f), 1);
}

TEST(ThinningTest, NothingStaysOfNothingAndAllOrNoneWhereItIsCertain) {
  for (const float count : {0.f, 1.f, 17.f, 100000.f}) {
    for (const float uniform : {0x1p-24f, 0.5f, 1 - 0x1p-24f}) {
      EXPECT_EQ(ThinOne(count, 0, uniform), 0);
      EXPECT_EQ(ThinOne(count, 1, uniform), count);
      EXPECT_EQ(ThinOne(count, -0.1f, uniform), 0);
      EXPECT_EQ(ThinOne(count, 1.1f, uniform), count);
    }
  }
}

TEST(ThinningTest, IsMonotoneInCountAndUniform) {
  constexpr uint64_t kSeed = 6;
  RandomStream random = Random(kSeed).At(0);
  for (int round = 0; round < 300; ++round) {
    const float probability = NextUniform(random);
    const float first_count = static_cast<float>(random.UniformInt(round % 3 == 0 ? 2000 : 60));
    const float uniform = NextUniform(random);
    Values count(kBlockSize), uniforms(kBlockSize);
    for (size_t env = 0; env < kBlockSize; ++env) {
      count[env] = first_count + static_cast<float>(env);
      uniforms[env] = (static_cast<float>(env) + 0.5f) / kBlockSize;
    }
    const Values of_counts = Thinned(count, Values(kBlockSize, probability), Values(kBlockSize, uniform));
    const Values of_uniforms = Thinned(Values(kBlockSize, first_count), Values(kBlockSize, probability), uniforms);
    for (size_t env = 1; env < kBlockSize; ++env) {
      ASSERT_GE(of_counts[env], of_counts[env - 1]) << "seed " << kSeed << ", round " << round;
      ASSERT_LE(of_counts[env], of_counts[env - 1] + 1) << "seed " << kSeed << ", round " << round;
      ASSERT_GE(of_uniforms[env], of_uniforms[env - 1]) << "seed " << kSeed << ", round " << round;
    }
  }
}

TEST(ThinningTest, OneProbabilityForAllIsTheSame) {
  RandomStream random = Random(7).At(0);
  Values count(kBlockSize), uniform(kBlockSize), thinned(kBlockSize), mean(kBlockSize);
  for (size_t env = 0; env < kBlockSize; ++env) {
    count[env] = static_cast<float>(random.UniformInt(50));
    uniform[env] = NextUniform(random);
  }
  Thin(RowValue::Load(count.data()), 0.8f, RowValue::Load(uniform.data())).Store(thinned.data());
  EXPECT_EQ(thinned, Thinned(count, Values(kBlockSize, 0.8f), uniform));
  ThinToMean(RowValue::Load(count.data()), 0.8f).Store(mean.data());
  for (size_t env = 0; env < kBlockSize; ++env) EXPECT_EQ(mean[env], count[env] * 0.8f);
}

}  // namespace
}  // namespace restock
