#include "env/supply_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/error.h"
#include "tests/env/chance_tests.h"

namespace restock {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

DisruptionConfig Read(const std::string& text) {
  return ReadDisruption(ParseConfig("disruption: " + text, "problem.yaml").Child("disruption"));
}

TEST(SupplyProcessTest, ReadsProbabilitiesOrMeanDurations) {
  const DisruptionConfig config = Read("{failure_probability: 0.02, mean_down: 4}");
  EXPECT_EQ(config.failure_probability, 0.02);
  EXPECT_EQ(config.recovery_probability, 0.25);
  EXPECT_NEAR(SupplyProcess(Read("{mean_up: 50, mean_down: 4}"), Random(1)).availability(), 50 / 54.0, 1e-12);
}

TEST(SupplyProcessTest, SaysWhatIsWrong) {
  const auto expect = [](const std::string& text, const char* message) {
    EXPECT_THAT([&] { Read(text); }, ThrowsMessage<ConfigError>(HasSubstr(message))) << text;
  };
  expect("{failure_probability: 0.02}", "needs recovery_probability, or mean_down");
  expect("{failure_probability: 1.2, mean_down: 4}", "failure_probability must be");
  expect("{failure_probability: 0, mean_down: 4}", "failure_probability must be");
  expect("{failure_probability: 0.1, mean_up: 10, mean_down: 4}", "cannot stand beside failure_probability");
  expect("{mean_up: 0.5, mean_down: 4}", "mean_up must be at least 1");
  expect("{mean_up: 5, mean_down: .nan}", "mean_down");
  expect("{mean_up: 5, mean_down: 2, mean: 3}", "unknown key");
}

// Lengths of the disruptions and of the times between them: geometric, of means 4 and 20.
TEST(SupplyProcessTest, DisruptionsLastAsLongAsTheyShould) {
  const SupplyProcess process(Read("{mean_up: 20, mean_down: 4}"), Random(31).Stream("supply"));
  std::vector<std::vector<float>> share;
  for (int period = 0; period < 6000; ++period) {
    share.emplace_back(kBlockSize);
    process.Supply(period, BlockOfScenarios(0), 5, share.back().data());
  }
  std::vector<double> lengths[2] = {std::vector<double>(200), std::vector<double>(1000)};
  double delivered = 0;
  for (size_t env = 0; env < kBlockSize; ++env) {
    size_t begin = 0;
    for (size_t period = 0; period < share.size(); ++period) {
      ASSERT_TRUE(share[period][env] == 0 || share[period][env] == 1);
      delivered += share[period][env];
      if (period == 0 || share[period][env] == share[period - 1][env]) continue;
      // the first run began before the first period
      if (begin > 0) ++lengths[static_cast<size_t>(share[period - 1][env])].at(period - begin);
      begin = period;
    }
  }
  for (const auto& [up, mean] : {std::pair{size_t{0}, 4.0}, {size_t{1}, 20.0}}) {
    std::vector<double> probabilities(lengths[up].size());
    for (size_t length = 1; length < probabilities.size(); ++length)
      probabilities[length] = std::pow(1 - 1 / mean, static_cast<double>(length - 1)) / mean;
    EXPECT_GT(ChiSquaredTest(lengths[up], probabilities), 1e-4) << mean;
  }
  // standard error 0.0019: states of neighbouring periods correlate by 0.7
  EXPECT_NEAR(delivered / (6000 * kBlockSize), process.availability(), 4 * 0.0019);
}

}  // namespace
}  // namespace restock
