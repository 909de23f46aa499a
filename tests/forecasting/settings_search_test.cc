#include "forecasting/settings_search.h"

#include <cmath>
#include <set>
#include <stdexcept>

#include <gtest/gtest.h>

#include "common/file.h"
#include "common/progress.h"
#include "tests/temporary_folder.h"

namespace restock {
namespace {

constexpr const char* kSpace =
    "num_trials: 16\nspace:\n  rate: {low: 1e-4, high: 1e-1, scale: log}\n  size: {low: 8, high: 64, whole: true}\n"
    "  kind: [a, b, c]\n";

SearchConfig ConfigOf(const std::string& text) { return ReadSearchConfig(ParseConfig(text, "test.yaml")); }

double ValueOf(const Settings& settings, const std::string& key, double otherwise) {
  for (const auto& [name, value] : settings)
    if (name == key) return std::stod(value);
  return otherwise;
}

/// Least for a rate of 0.01, with noise that differs between origins.
double LossOf(const Settings& settings, int origin) {
  const double rate = ValueOf(settings, "rate", 1);
  RandomStream noise = Random(static_cast<uint64_t>(1e6 * rate)).At(static_cast<uint64_t>(origin));
  return std::abs(std::log10(rate) + 2) + 0.05 * noise.Normal();
}

class SettingsSearchTest : public ::testing::Test {
 protected:
  SettingsSearchTest() { Progress::SetQuiet(true); }
  std::vector<SearchTrial> Search(const SearchConfig& config, const TrialLoss& loss, const std::string& file) {
    SearchJournal journal(folder_ / file, "a search");
    return SearchSettings(config, Random(5), loss, journal);
  }
  TemporaryFolder folder_;
};

TEST_F(SettingsSearchTest, DrawsFromTheSpaceAndTriesTheConfigurationItself) {
  const auto all = SettingsToTry(ConfigOf(kSpace), Random(1));
  ASSERT_EQ(all.size(), 16u);
  EXPECT_TRUE(all[0].empty());
  std::set<std::string> kinds;
  for (size_t i = 1; i < all.size(); ++i) {
    const double rate = ValueOf(all[i], "rate", 0), size = ValueOf(all[i], "size", 0);
    EXPECT_GE(rate, 1e-4);
    EXPECT_LE(rate, 1e-1);
    EXPECT_EQ(size, std::round(size));
    EXPECT_GE(size, 8);
    EXPECT_LE(size, 64);
    kinds.insert(all[i][2].second);
  }
  EXPECT_EQ(kinds, (std::set<std::string>{"a", "b", "c"}));
  EXPECT_EQ(all, SettingsToTry(ConfigOf(kSpace), Random(1)));
  EXPECT_NE(all, SettingsToTry(ConfigOf(kSpace), Random(2)));
  // no choice is tried twice: two values and the configuration itself
  EXPECT_EQ(SettingsToTry(ConfigOf("num_trials: 50\nspace: {kind: [a, b]}"), Random(1)).size(), 3u);
}

TEST_F(SettingsSearchTest, AGridHasAllCombinations) {
  const auto all =
      SettingsToTry(ConfigOf("method: grid\nspace: {rate: {low: 1, high: 100, scale: log}, kind: [a, b]}"), Random(1));
  ASSERT_EQ(all.size(), 7u);
  EXPECT_EQ(Describe(all[0]), "the configuration as it is");
  EXPECT_EQ(Describe(all[1]), "rate=1, kind=a");
  EXPECT_EQ(Describe(all[4]), "rate=10, kind=b");
  EXPECT_EQ(Describe(all[6]), "rate=100, kind=b");
}

TEST_F(SettingsSearchTest, FindsGoodSettings) {
  for (const char* method : {"method: random\n", "method: successive_halving\n"}) {
    const auto trials = Search(ConfigOf(method + std::string(kSpace)), LossOf, std::string(method, 10));
    EXPECT_LT(trials.front().mean_loss(), 0.4) << method;
    EXPECT_EQ(trials.front().losses.size(), 4u);
  }
}

// 16 trials by one origin, 8 by two, 4 by four: 16 + 8 + 8 forecasts instead of 64.
TEST_F(SettingsSearchTest, HalvingSpendsOriginsOnTheBetterHalf) {
  int count = 0;
  const auto counted = [&](const Settings& settings, int origin) {
    ++count;
    return LossOf(settings, origin);
  };
  const auto trials = Search(ConfigOf(kSpace), counted, "journal");
  EXPECT_EQ(count, 32);
  for (size_t i = 0; i < trials.size(); ++i) EXPECT_EQ(trials[i].losses.size(), i < 4 ? 4u : i < 8 ? 2u : 1u);
}

TEST_F(SettingsSearchTest, GoesOnAfterAnInterruptionToTheSameBytes) {
  const SearchConfig config = ConfigOf(kSpace);
  const auto whole = Search(config, LossOf, "whole");
  int count = 0;
  const auto killed = [&](const Settings& settings, int origin) {
    if (++count % 7 == 0) throw std::runtime_error("killed");
    return LossOf(settings, origin);
  };
  std::vector<SearchTrial> resumed;
  for (int attempt = 0; attempt < 10 && resumed.empty(); ++attempt) {
    try {
      resumed = Search(config, killed, "interrupted");
    } catch (const std::runtime_error&) {
    }
  }
  EXPECT_GT(count, 32);       // it was interrupted
  EXPECT_LT(count, 32 + 10);  // and judged nothing twice
  ASSERT_EQ(resumed.size(), whole.size());
  for (size_t i = 0; i < whole.size(); ++i) {
    EXPECT_EQ(resumed[i].settings, whole[i].settings);
    EXPECT_EQ(resumed[i].losses, whole[i].losses);
  }
  EXPECT_EQ(ReadFile(folder_ / "interrupted"), ReadFile(folder_ / "whole"));
}

TEST_F(SettingsSearchTest, LossesThatAreNoNumbersLoseAndComeBack) {
  const auto bad = [](const Settings& settings, int) { return settings.empty() ? 1.0 : std::nan(""); };
  for (int again = 0; again < 2; ++again) {
    const auto trials = Search(ConfigOf(kSpace), bad, "bad");
    EXPECT_TRUE(trials.front().settings.empty());
    EXPECT_TRUE(std::isinf(trials.back().mean_loss()));
  }
}

TEST_F(SettingsSearchTest, RefusesWhatIsNotItsOwn) {
  Search(ConfigOf(kSpace), LossOf, "journal");
  EXPECT_THROW(SearchJournal(folder_ / "journal", "another search"), DataError);
  WriteFileAtomically(folder_ / "broken", "{\"search\":\"a search\"}\n{\"trial\": 1, \"ori");
  EXPECT_THROW(SearchJournal(folder_ / "broken", "a search"), DataError);
  for (const char* text : {"space: {rate: {low: 1}}", "space: {rate: {low: 2, high: 1}}", "space: {rate: []}",
                           "space: {rate: {low: 0, high: 1, scale: log}}", "space: {rate: {low: 0, high: 1, hgih: 1}}",
                           "method: best", "num_trials: 0"}) {
    EXPECT_THROW(ConfigOf(text), ConfigError) << text;
  }
}

}  // namespace
}  // namespace restock
