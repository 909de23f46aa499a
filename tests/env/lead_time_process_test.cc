#include "env/lead_time_process.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/error.h"
#include "common/file.h"
#include "tests/env/chance_tests.h"
#include "tests/temporary_folder.h"

namespace restock {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

LeadTimeDistribution Read(const std::string& lead_time) {
  ConfigNode lane = ParseConfig("lead_time: " + lead_time, "problem.yaml");
  const LeadTimeConfig config = ReadLeadTime(lane);
  lane.ExpectNoMoreKeys();
  return config.Of("supplier", "north", "milk", PeriodLength::kDay);
}

// (period, env)
std::vector<std::vector<float>> Draw(const LeadTimeProcess& process, int num_periods, int lane = 0) {
  std::vector<std::vector<float>> drawn;
  for (int period = 0; period < num_periods; ++period) {
    drawn.emplace_back(kBlockSize);
    process.LeadTimes(period, BlockOfScenarios(100), lane, drawn.back().data());
  }
  return drawn;
}

TEST(LeadTimeProcessTest, ReadsEveryKind) {
  EXPECT_EQ(Read("2").probability, CountProbabilities({0, 0, 1}));
  EXPECT_EQ(Read("{kind: given, probabilities: [0, 0.25, 0.75, 0]}").probability, CountProbabilities({0, 0.25, 0.75}));
  EXPECT_EQ(Read("{kind: uniform, low: 1, high: 4}").probability, CountProbabilities({0, 0.25, 0.25, 0.25, 0.25}));
  const LeadTimeDistribution poisson = Read("{kind: poisson, at_least: 1, mean: 2.5, crossing: true}");
  EXPECT_TRUE(poisson.crossing);
  EXPECT_EQ(poisson.probability[0], 0);
  EXPECT_NEAR(poisson.probability[1], std::exp(-1.5), 1e-12);
  EXPECT_NEAR(MeanOf(poisson.probability), 2.5, 1e-5);
  // 1 + a geometric of mean 1: each further period as likely as not
  const CountProbabilities geometric = Read("{kind: geometric, at_least: 1, mean: 2, longest: 4}").probability;
  ASSERT_EQ(geometric.size(), 5u);
  const std::vector<double> expected = {0, 0.5, 0.25, 0.125, 0.125};
  for (size_t i = 0; i < 5; ++i) EXPECT_NEAR(geometric[i], expected[i], 1e-12);
  EXPECT_EQ(Read("{kind: poisson, at_least: 3, mean: 3}").probability, CountProbabilities({0, 0, 0, 1}));
}

TEST(LeadTimeProcessTest, SaysWhatIsWrong) {
  const auto expect = [](const std::string& lead_time, const char* message) {
    EXPECT_THAT([&] { Read(lead_time); }, ThrowsMessage<ConfigError>(HasSubstr(message))) << lead_time;
  };
  expect("{kind: given, probabilities: [0.5, 0.4]}", "must sum to 1");
  expect("{kind: given, probabilities: [1.5, -0.5]}", "between 0 and 1");
  expect("{kind: given}", "must sum to 1");
  expect("{kind: uniform, low: 3, high: 1}", "lead_time.high must be");
  expect("{kind: uniform, low: 3}", "needs high");
  expect("{kind: poisson, at_least: 1}", "needs mean");
  expect("{kind: poisson, at_least: 3, mean: 2}", "lead_time.mean must be");
  expect("{kind: poisson, mean: .nan}", "lead_time.mean");
  expect("{kind: normal, mean: 2}", "given, uniform, poisson");
  expect("{kind: uniform, high: 2, mean: 1}", "unknown key lead_time.mean");
  expect("-1", "between 0 and 1000");
}

// 64 x 4000 orders each
TEST(LeadTimeProcessTest, WithCrossingEveryOrderHasTheGivenDistribution) {
  for (const char* lead_time :
       {"{kind: uniform, low: 0, high: 4, crossing: true}", "{kind: poisson, at_least: 1, mean: 4, crossing: true}",
        "{kind: given, probabilities: [0, 0.6, 0, 0.1, 0.3], crossing: true}"}) {
    const LeadTimeProcess process(Read(lead_time), Random(3).Stream("lead time"));
    std::vector<double> counts(process.probabilities().size());
    for (const auto& row : Draw(process, 4000))
      for (const float one : row) ++counts.at(static_cast<size_t>(one));
    EXPECT_GT(ChiSquaredTest(counts, process.probabilities()), 1e-4) << lead_time;
  }
}

// Orders of one scenario depend on each other, so only orders that lie far apart are counted.
TEST(LeadTimeProcessTest, WithoutCrossingNoOrderOvertakesAnotherAndTheDistributionIsTheStatedOne) {
  for (const char* lead_time : {"{kind: uniform, low: 0, high: 4}", "{kind: poisson, at_least: 1, mean: 4}",
                                "{kind: given, probabilities: [0, 0.6, 0, 0.1, 0.3]}", "3"}) {
    const LeadTimeProcess process(Read(lead_time), Random(4).Stream("lead time"));
    const auto drawn = Draw(process, 20000);
    std::vector<double> counts(process.probabilities().size());
    for (size_t period = 0; period < drawn.size(); ++period) {
      for (size_t env = 0; env < kBlockSize; ++env) {
        ASSERT_GE(drawn[period][env] + 1, drawn[period == 0 ? 0 : period - 1][env]) << lead_time;
        if (period % static_cast<size_t>(process.longest() + 1) == 0)
          ++counts.at(static_cast<size_t>(drawn[period][env]));
      }
    }
    EXPECT_GT(ChiSquaredTest(counts, process.probabilities()), 1e-4) << lead_time;
  }
}

// By the definition: the largest of what the orders of this and earlier periods have left.
TEST(LeadTimeProcessTest, WithoutCrossingItIsTheLatestOfThisAndEarlierOrders) {
  LeadTimeDistribution distribution = Read("{kind: uniform, low: 1, high: 6}");
  const LeadTimeProcess in_order(distribution, Random(5));
  distribution.crossing = true;
  const LeadTimeProcess alone(distribution, Random(5));
  const auto kept = Draw(in_order, 100), own = Draw(alone, 100);
  bool some_wait = false;
  for (size_t period = 10; period < 100; ++period) {
    for (size_t env = 0; env < kBlockSize; ++env) {
      float latest = 0;
      for (size_t k = 0; k < 6; ++k) latest = std::max(latest, own[period - k][env] - static_cast<float>(k));
      ASSERT_EQ(kept[period][env], latest);
      some_wait |= latest > own[period][env];
    }
  }
  EXPECT_TRUE(some_wait);
}

// Uniform on {1, 2, 3}: P(L <= 1) = 1/3 2/3 = 2/9, P(L <= 2) = 2/3.
TEST(LeadTimeProcessTest, LeadTimesWithoutCrossingWorkedByHandAndBack) {
  const CountProbabilities alone = UniformProbabilities(1, 3);
  const CountProbabilities seen = LeadTimesWithoutCrossing(alone);
  const std::vector<double> expected = {0, 2 / 9.0, 4 / 9.0, 3 / 9.0};
  for (size_t i = 0; i < 4; ++i) EXPECT_NEAR(seen[i], expected[i], 1e-12);
  const CountProbabilities back = LeadTimesAlone(seen);
  for (size_t i = 0; i < 4; ++i) EXPECT_NEAR(back[i], alone[i], 1e-12);
  EXPECT_NEAR(LeadTimeProcess({alone, false}, Random(1)).mean(), 19 / 9.0, 1e-12);
  EXPECT_NEAR(LeadTimeProcess({alone, true}, Random(1)).mean(), 2, 1e-12);
  // a gap: no lead times of independent orders look like this; no probability is negative all the same
  const CountProbabilities gap = LeadTimesAlone({0.5, 0, 0.5});
  EXPECT_NEAR(gap[0], 0.5, 1e-12);
  EXPECT_NEAR(gap[1], 0, 1e-12);
  EXPECT_NEAR(gap[2], 0.5, 1e-12);
}

// The file's lead times are those of orders that kept their order: drawn again they are as often 1, 2 and 3 days.
TEST(LeadTimeProcessTest, PastOrdersComeBackAsTheyWere) {
  const TemporaryFolder folder;
  std::string rows = "order_date,receipt_date,source,warehouse,sku\n";
  for (const int days : {1, 1, 2, 2, 2, 2, 2, 3, 3, 3})
    rows += fmt::format("2026-01-01,2026-01-0{},supplier,north,milk\n", 1 + days);
  WriteFileAtomically(folder / "orders.csv", rows);
  for (const bool crossing : {true, false}) {
    const LeadTimeProcess process(
        Read(fmt::format("{{kind: past_orders, file: {}, crossing: {}}}", (folder / "orders.csv").string(), crossing)),
        Random(1));
    const std::vector<double> expected = {0, 0.2, 0.5, 0.3};
    ASSERT_EQ(process.longest(), 3);
    for (size_t i = 0; i < 4; ++i) EXPECT_NEAR(process.probabilities()[i], expected[i], 1e-12);
  }
  EXPECT_THAT([] { Read("{kind: past_orders}"); }, ThrowsMessage<ConfigError>(HasSubstr("needs file")));
  EXPECT_THAT([] { Read("{kind: past_orders, file: nowhere.csv}"); }, ThrowsMessage<DataError>(HasSubstr("nowhere")));
}

TEST(LeadTimeProcessTest, AreTheSameInAnyOrderAndDifferBetweenLanes) {
  const LeadTimeProcess process(Read("{kind: poisson, mean: 5}"), Random(6));
  std::vector<int> scenarios = BlockOfScenarios(40);
  std::vector<float> later(kBlockSize), now(kBlockSize), backwards(kBlockSize), other(kBlockSize);
  process.LeadTimes(9, scenarios, 2, now.data());
  process.LeadTimes(11, scenarios, 2, later.data());
  process.LeadTimes(9, scenarios, 3, other.data());
  std::reverse(scenarios.begin(), scenarios.end());
  process.LeadTimes(9, scenarios, 2, backwards.data());
  std::reverse(backwards.begin(), backwards.end());
  EXPECT_EQ(now, backwards);
  EXPECT_NE(now, later);
  EXPECT_NE(now, other);
}

}  // namespace
}  // namespace restock
