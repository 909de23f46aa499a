#include "optimization/policy_search.h"

#include <cmath>

#include <gtest/gtest.h>

namespace restock {
namespace {

// cost of level s: h max(s - x, 0) + p max(x - s, 0) around its own best x
LevelCosts Newsvendors(std::span<const double> levels, std::span<const double> best) {
  LevelCosts cost;
  for (size_t i = 0; i < levels.size(); ++i) {
    cost.by_level.push_back(std::max(levels[i] - best[i], 0.0) + 4 * std::max(best[i] - levels[i], 0.0));
    cost.total += cost.by_level.back();
  }
  return cost;
}

TEST(PolicySearchTest, FindsTheBestLevelOfEverySiteAtOnce) {
  const std::vector<double> best = {0, 3, 17, 120, 1000};
  const LevelSearchResult result =
      SearchLevels([&](std::span<const double> levels) { return Newsvendors(levels, best); }, {20, 20, 20, 100, 300});
  EXPECT_EQ(result.levels, best);
  EXPECT_EQ(result.cost.total, 0);
  EXPECT_LE(result.num_evaluations, 80);
}

TEST(PolicySearchTest, SearchesGroupsOneAfterTheOther) {
  // the second level's cost contains the first's, as a central warehouse's contains its stores'
  const std::vector<double> best = {40, 90};
  const LevelSearchResult result = SearchLevels(
      [&](std::span<const double> levels) {
        LevelCosts cost = Newsvendors(levels, best);
        cost.by_level[1] += cost.by_level[0];
        return cost;
      },
      {10, 10}, {{0}, {1}}, {.max_evaluations = 200});
  EXPECT_EQ(result.levels, best);
}

TEST(PolicySearchTest, NeverRaisesTheTotal) {
  // each level alone would rather be large, together they are not
  const LevelSearchResult result = SearchLevels(
      [](std::span<const double> levels) {
        const double sum = levels[0] + levels[1];
        return LevelCosts{{-levels[0], -levels[1]}, (sum - 10) * (sum - 10)};
      },
      {4, 4});
  EXPECT_LE(result.cost.total, 4);
}

TEST(PolicySearchTest, KeepsToItsBudget) {
  int num_calls = 0;
  const LevelSearchResult result = SearchLevels(
      [&](std::span<const double> levels) {
        ++num_calls;
        return LevelCosts{std::vector<double>(levels.size(), -levels[0]), -levels[0]};
      },
      {1}, {}, {.max_evaluations = 20});
  EXPECT_LE(num_calls, 20);
  EXPECT_EQ(result.num_evaluations, num_calls);
}

TEST(PolicySearchTest, FindsTheBestScalar) {
  const auto cost = [](double x) { return std::pow(x - 0.937, 2); };
  EXPECT_DOUBLE_EQ(SearchScalar(cost, 0, 1, 11).value, 0.9);
  EXPECT_NEAR(SearchScalar(cost, 0, 1, 11, 1e-4).value, 0.937, 1e-4);
}

}  // namespace
}  // namespace restock
