#include "optimization/integer_search.h"

#include <atomic>
#include <cmath>

#include <gtest/gtest.h>

namespace restock {
namespace {

double Square(double x) { return x * x; }

TEST(IntegerSearchTest, FindsTheBottomOfABowlWhereverItLies) {
  for (const int bottom : {-40, 0, 7, 99, 1000}) {
    const auto cost = [&](std::span<const int> point) { return Square(point[0] - bottom); };
    const IntegerRange range{.lowest = -100, .low = 0, .start = 10, .high = 30};
    EXPECT_EQ(SearchIntegers(cost, std::vector{range}).best, IntegerPoint({bottom}));
  }
}

// a long narrow valley across the axes: x + y = 30 is cheap, along it (20, 10) is best
TEST(IntegerSearchTest, FollowsAValleyAcrossTheAxes) {
  const auto cost = [](std::span<const int> point) {
    return 100 * Square(point[0] + point[1] - 30) + Square(point[0] - point[1] - 10);
  };
  const IntegerRange range{.lowest = 0, .low = 0, .start = 5, .high = 60};
  EXPECT_EQ(SearchIntegers(cost, std::vector(2, range)).best, IntegerPoint({20, 10}));
}

// two basins: the wide one costs 1 at (10, 10), the narrow one 0 at (50, 52)
TEST(IntegerSearchTest, SeesTheLowerOfTwoBasins) {
  const auto cost = [](std::span<const int> point) {
    const double wide = 1 + 0.01 * (Square(point[0] - 10) + Square(point[1] - 10));
    const double narrow = 0.02 * (Square(point[0] - 50) + Square(point[1] - 52));
    return std::min(wide, narrow);
  };
  const IntegerRange range{.lowest = 0, .low = 0, .start = 10, .high = 64};
  const IntegerSearchResult result = SearchIntegers(cost, std::vector(2, range));
  EXPECT_EQ(result.best, IntegerPoint({50, 52}));
  EXPECT_EQ(result.minima.size(), 2u);
  EXPECT_EQ(SearchIntegers(cost, std::vector(2, range), {.max_grid_points = 1}).best, IntegerPoint({10, 10}));
}

TEST(IntegerSearchTest, NeverGoesBelowTheLowestValue) {
  const auto cost = [](std::span<const int> point) {
    EXPECT_GE(point[0], 3);
    return static_cast<double>(point[0] + std::abs(point[1]));
  };
  const std::vector<IntegerRange> ranges = {{.lowest = 3, .low = 5, .start = 6, .high = 9},
                                            {.lowest = -9, .low = 5, .start = 6, .high = 9}};
  EXPECT_EQ(SearchIntegers(cost, ranges).best, IntegerPoint({3, 0}));
}

TEST(IntegerSearchTest, AsksForNoPointTwiceAndKeepsToItsBudget) {
  std::atomic<int> num_calls = 0;
  const auto cost = [&](std::span<const int> point) {
    ++num_calls;
    double sum = 0;
    for (size_t i = 0; i < point.size(); ++i) sum += Square(point[i] - 30.0 - static_cast<double>(i));
    return sum;
  };
  const IntegerRange range{.lowest = 0, .low = 0, .start = 20, .high = 40};
  const IntegerSearchResult wide =
      SearchIntegers(cost, std::vector(8, range), {.max_evaluations = 2000, .num_threads = 2});
  EXPECT_EQ(num_calls, wide.num_evaluations);
  EXPECT_EQ(wide.best, IntegerPoint({30, 31, 32, 33, 34, 35, 36, 37}));
  num_calls = 0;
  SearchIntegers(cost, std::vector(8, range), {.max_grid_points = 1, .max_evaluations = 40});
  EXPECT_LE(num_calls, 40);
}

TEST(IntegerSearchTest, RefiningBeginsWhereItIsTold) {
  const auto cost = [](std::span<const int> point) { return Square(point[0] - 12) * Square(point[0] - 80) + point[0]; };
  const IntegerRange range{.lowest = 0, .low = 0, .start = 50, .high = 100};
  const std::vector<IntegerPoint> starts = {{78}, {14}};
  const IntegerSearchResult result = RefineIntegers(cost, std::vector{range}, starts);
  EXPECT_EQ(result.best, IntegerPoint({12}));
  EXPECT_EQ(result.minima, std::vector<IntegerPoint>({{12}, {80}}));
}

}  // namespace
}  // namespace restock
