#include "common/parallel.h"

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace restock {
namespace {

TEST(ParallelForTest, RunsEveryIndexOnceOnAnyNumberOfThreads) {
  for (const int num_threads : {0, 1, 2, 3, 8}) {
    std::vector<int> runs(1000, 0);
    ParallelFor(1000, num_threads, [&](int i) { ++runs[static_cast<size_t>(i)]; });
    EXPECT_EQ(runs, std::vector<int>(1000, 1)) << num_threads << " threads";
  }
}

TEST(ParallelForTest, DoesNothingForNothing) {
  ParallelFor(0, 2, [](int) { FAIL(); });
}

TEST(ParallelForTest, UsesMoreThanOneThread) {
  // each of the two waits for the other, which one thread alone could never do
  std::atomic<int> num_arrived = 0;
  ParallelFor(2, 2, [&](int) {
    ++num_arrived;
    while (num_arrived < 2) std::this_thread::yield();
  });
  EXPECT_EQ(num_arrived, 2);
}

TEST(ParallelForTest, PassesOnTheErrorOfTheLowestIndex) {
  for (int repetition = 0; repetition < 200; ++repetition) {
    try {
      ParallelFor(64, 4, [](int i) {
        if (i % 7 == 3) throw std::runtime_error(std::to_string(i));
      });
      FAIL() << "no error came";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "3");
    }
  }
}

TEST(ParallelForTest, WorksAgainAfterAnError) {
  EXPECT_THROW(ParallelFor(2, 2, [](int) { throw std::runtime_error("no"); }), std::runtime_error);
  std::atomic<int> sum = 0;
  ParallelFor(10, 2, [&](int i) { sum += i; });
  EXPECT_EQ(sum, 45);
}

TEST(ParallelForTest, LoopsMayStandWithinLoops) {
  std::atomic<int> count = 0;
  ParallelFor(8, 4, [&](int) { ParallelFor(8, 4, [&](int) { ++count; }); });
  EXPECT_EQ(count, 64);
}

TEST(ParallelForTest, SeveralThreadsMayCallAtTheSameTime) {
  std::atomic<int> count = 0;
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 3; ++caller)
    callers.emplace_back([&] {
      for (int round = 0; round < 100; ++round) ParallelFor(10, 3, [&](int) { ++count; });
    });
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(count, 3000);
}

}  // namespace
}  // namespace restock
