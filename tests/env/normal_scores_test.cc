#include "env/normal_scores.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/env/chance_tests.h"

namespace restock {
namespace {

// 64 x 4000 numbers of each place: standard error of a correlation at most 0.002, of a variance 0.0028.
TEST(NormalScoresTest, HaveTheGivenCorrelations) {
  const CorrelationMatrix matrix = {{1, 0.25, 0}, {0.25, 1, -0.5}, {0, -0.5, 1}};
  for (const CorrelationMatrix& correlation : {matrix, NormalScores::Equal(3, 0.5), NormalScores::Equal(3, -0.5),
                                               NormalScores::Equal(3, 1), NormalScores::Equal(3, 0)}) {
    ASSERT_TRUE(NormalScores::IsPossible(correlation));
    const NormalScores normal_scores(correlation, Random(41).Stream("scores"));
    constexpr int kNumPeriods = 4000;
    std::vector<double> scores(3 * kBlockSize);
    double products[3][3] = {}, fourth = 0;
    for (int period = 0; period < kNumPeriods; ++period) {
      normal_scores.Draw(period, BlockOfScenarios(0), scores.data());
      for (size_t env = 0; env < kBlockSize; ++env) {
        for (size_t row = 0; row < 3; ++row)
          for (size_t column = 0; column < 3; ++column)
            products[row][column] += scores[row * kBlockSize + env] * scores[column * kBlockSize + env];
        fourth += std::pow(scores[2 * kBlockSize + env], 4);
      }
    }
    for (size_t row = 0; row < 3; ++row) {
      for (size_t column = 0; column < 3; ++column)
        EXPECT_NEAR(products[row][column] / (kNumPeriods * kBlockSize), correlation[row][column], 4 * 0.0028);
    }
    EXPECT_NEAR(fourth / (kNumPeriods * kBlockSize), 3, 4 * 0.02);  // variance of Z^4 is 96
  }
}

TEST(NormalScoresTest, KnowWhatIsPossible) {
  EXPECT_TRUE(NormalScores::IsPossible({{1}}));
  EXPECT_FALSE(NormalScores::IsPossible({}));
  EXPECT_FALSE(NormalScores::IsPossible({{1, 0.5}, {0.4, 1}}));
  EXPECT_FALSE(NormalScores::IsPossible({{1, 0.5}, {0.5}}));
  EXPECT_FALSE(NormalScores::IsPossible({{2, 0}, {0, 1}}));
  EXPECT_FALSE(NormalScores::IsPossible(NormalScores::Equal(3, -0.6)));
  EXPECT_FALSE(NormalScores::IsPossible({{1, 0.9, 0}, {0.9, 1, 0.9}, {0, 0.9, 1}}));
}

}  // namespace
}  // namespace restock
