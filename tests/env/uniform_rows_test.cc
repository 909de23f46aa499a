#include "env/uniform_rows.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

namespace restock {
namespace {

std::vector<int> ScenariosFrom(int first) {
  std::vector<int> scenarios(kBlockSize);
  std::iota(scenarios.begin(), scenarios.end(), first);
  return scenarios;
}

TEST(UniformRowsTest, DependOnTheScenarioAndNotOnItsPlaceInTheBlock) {
  const UniformRows rows(Random(3).Stream("yields"));
  std::vector<float> forward(kBlockSize), backward(kBlockSize);
  std::vector<int> scenarios = ScenariosFrom(10);
  rows.Draw(5, scenarios, 2, forward.data());
  std::reverse(scenarios.begin(), scenarios.end());
  rows.Draw(5, scenarios, 2, backward.data());
  std::reverse(backward.begin(), backward.end());
  EXPECT_EQ(forward, backward);
}

TEST(UniformRowsTest, DifferByPeriodIndexAndStream) {
  const UniformRows rows(Random(3).Stream("yields")), others(Random(3).Stream("returns"));
  const std::vector<int> scenarios = ScenariosFrom(0);
  std::vector<float> one(kBlockSize), another(kBlockSize);
  rows.Draw(5, scenarios, 2, one.data());
  for (const auto& [period, index] : {std::pair{5, 3}, {6, 2}, {2, 5}}) {
    rows.Draw(period, scenarios, index, another.data());
    for (size_t env = 0; env < kBlockSize; ++env) EXPECT_NE(one[env], another[env]);
  }
  others.Draw(5, scenarios, 2, another.data());
  for (size_t env = 0; env < kBlockSize; ++env) EXPECT_NE(one[env], another[env]);
}

// 64 x 4000 numbers: standard errors of mean and second moment are 0.00057 and 0.00059.
TEST(UniformRowsTest, AreUniformAndNeverZeroNorOne) {
  const UniformRows rows(Random(8));
  const std::vector<int> scenarios = ScenariosFrom(0);
  double sum = 0, squares = 0, sum_of_doubles = 0;
  constexpr int kNumPeriods = 4000;
  for (int period = 0; period < kNumPeriods; ++period) {
    std::vector<float> uniform(kBlockSize);
    std::vector<double> fine(kBlockSize);
    rows.Draw(period, scenarios, 0, uniform.data());
    rows.Draw(period, scenarios, 0, fine.data());
    for (size_t env = 0; env < kBlockSize; ++env) {
      ASSERT_GT(uniform[env], 0);
      ASSERT_LT(uniform[env], 1);
      ASSERT_NEAR(uniform[env], fine[env], 0x1p-23);
      sum += uniform[env];
      squares += uniform[env] * uniform[env];
      sum_of_doubles += fine[env];
    }
  }
  EXPECT_NEAR(sum / (kNumPeriods * kBlockSize), 0.5, 4 * 0.00057);
  EXPECT_NEAR(squares / (kNumPeriods * kBlockSize), 1.0 / 3, 4 * 0.00059);
  EXPECT_NEAR(sum_of_doubles / (kNumPeriods * kBlockSize), 0.5, 4 * 0.00057);
}

}  // namespace
}  // namespace restock
