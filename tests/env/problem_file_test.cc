#include "env/problem_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/error.h"
#include "env/network_state.h"

namespace restock {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

Problem Read(const std::string& demand, const std::vector<std::string>& overrides = {}) {
  return ReadProblem(ParseConfig("demand: " + demand + R"(
network:
  locations: [{name: "*", holding_cost: 1, stockout_cost: 4}]
  lanes: [{from: supplier, to: "*", lead_time: 2}]
)",
                                 "problem.yaml", overrides));
}

TEST(ProblemFileTest, ReadsEveryKindOfDemand) {
  const auto first = [](const std::string& demand) { return Read(demand).demand[0]; };
  EXPECT_NEAR(first("{kind: poisson, mean: 5}")[0], std::exp(-5), 1e-15);
  EXPECT_NEAR(first("{kind: geometric, mean: 5}")[2], 1 / 6.0 * 25 / 36, 1e-12);
  EXPECT_NEAR(MeanOf(first("{kind: negative_binomial, mean: 5, dispersion: 2}")), 5, 1e-9);
  EXPECT_EQ(first("{kind: uniform, low: 1, high: 4}"), CountProbabilities({0, 0.25, 0.25, 0.25, 0.25}));
  // shape 4, scale 1: P(D = 0) = F(0.5) = 1 - e^-0.5 (1 + 0.5 + 0.5^2 / 2 + 0.5^3 / 6)
  EXPECT_NEAR(first("{kind: rounded_gamma, mean: 4, coefficient_of_variation: 0.5}")[0],
              1 - std::exp(-0.5) * (1 + 0.5 + 0.125 + 0.125 / 6), 1e-12);
  EXPECT_NEAR(MeanOf(first("{kind: rounded_normal, mean: 50, standard_deviation: 8}")), 50, 1e-6);
  EXPECT_NEAR(MeanOf(first("{kind: two_moments, mean: 4, standard_deviation: 3}")), 4, 1e-9);
}

TEST(ProblemFileTest, EveryPlaceThatSellsHasItsOwnDemand) {
  const Problem problem =
      Read("[{location: north, kind: poisson, mean: 2}, {location: south, kind: poisson, mean: 3}]");
  ASSERT_EQ(problem.network->num_sites(), 2);
  EXPECT_NEAR(MeanOf(problem.demand[0]), 2, 1e-9);
  EXPECT_NEAR(MeanOf(problem.demand[1]), 3, 1e-9);
}

TEST(ProblemFileTest, SaysWhatIsMissing) {
  EXPECT_THAT([] { Read("{kind: poisson}"); }, ThrowsMessage<ConfigError>(HasSubstr("needs mean")));
  EXPECT_THAT([] { Read("{kind: gauss, mean: 5}"); }, ThrowsMessage<ConfigError>(HasSubstr("markov, poisson")));
  EXPECT_THAT([] { Read("{kind: uniform, high: 4, mean: 5}"); },
              ThrowsMessage<ConfigError>(HasSubstr("unknown key demand.mean")));
  EXPECT_THAT([] { Read(""); }, ThrowsMessage<ConfigError>(HasSubstr("needs a location that sells")));
}

TEST(ProblemFileTest, DemandNeedsALocationThatIsThereAndHasOnlyOne) {
  const auto read = [](const std::string& demand) {
    ReadProblem(ParseConfig("demand: " + demand + R"(
network:
  locations: [{name: store, stockout_cost: 4}]
  lanes: [{from: supplier, to: store}]
)",
                            "problem.yaml"));
  };
  EXPECT_THAT([&] { read("{location: stroe, mean: 5}"); },
              ThrowsMessage<ConfigError>(
                  "problem.yaml:1:20: demand.location \"stroe\" is none of network.locations. Did you mean store?"));
  EXPECT_THAT(
      [&] { read("[{location: store, mean: 5}, {location: store, mean: 6}]"); },
      ThrowsMessage<ConfigError>("problem.yaml:1:49: demand.1.location store has demand twice: keep one entry."));
}

TEST(ProblemFileTest, OnlyIndependentCountsThatStayTheSameAreWrittenOut) {
  for (const char* demand : {"{kind: poisson, mean: 5, trend: 0.1}", "{kind: list, values: [4, 8]}",
                             "{kind: markov, states: [{mean: 1, next: [0, 1]}, {mean: 2, next: [1, 0]}]}"})
    EXPECT_TRUE(Read(demand).demand[0].empty()) << demand;
  EXPECT_TRUE(Read("{kind: normal, mean: 5, standard_deviation: 1}", {"network.goods=divisible"}).demand[0].empty());
}

TEST(ProblemFileTest, CorrelatesTheLocationsInTheOrderOfTheFile) {
  const std::string demand = "[{location: a, mean: 1}, {location: b, mean: 2}, {location: c, mean: 3}]\n";
  const Problem equal = Read(demand + "demand_correlation: 0.5");
  EXPECT_EQ(equal.correlation, CorrelationMatrix({{1, 0.5, 0.5}, {0.5, 1, 0.5}, {0.5, 0.5, 1}}));
  EXPECT_TRUE(equal.demand[0].empty());
  const CorrelationMatrix matrix = {{1, 0.25, 0}, {0.25, 1, -0.5}, {0, -0.5, 1}};
  EXPECT_EQ(Read(demand + "demand_correlation: [[1, 0.25, 0], [0.25, 1, -0.5], [0, -0.5, 1]]").correlation, matrix);

  const auto expect = [&](const std::string& correlation, const char* message) {
    EXPECT_THAT([&] { Read(demand + "demand_correlation: " + correlation); },
                ThrowsMessage<ConfigError>(HasSubstr(message)))
        << correlation;
  };
  expect("1.5", "between -1 and 1");
  expect("-0.6", "no matrix of correlations");
  expect("[[1, 0.5], [0.5, 1]]", "a row for each of the 3 entries");
  expect("[[1, 0.5, 0], [0.4, 1, 0], [0, 0, 1]]", "symmetric");
  expect("[[1, 0.5], [0.5, 1, 0], [0, 0, 1]]", "symmetric");
  expect("[[1, .nan, 0], [0.4, 1, 0], [0, 0, 1]]", "demand_correlation.0.1 must be a finite number");
}

TEST(ProblemFileTest, WholeGoodsNeedWholeDemand) {
  for (const char* demand :
       {"{kind: normal, mean: 5, standard_deviation: 1}", "{kind: clipped_normal, mean: 5, standard_deviation: 1}",
        "{kind: list, values: [1, 1.5]}"})
    EXPECT_THAT([&] { Read(demand); }, ThrowsMessage<ConfigError>(HasSubstr("goods: divisible"))) << demand;
  EXPECT_THAT([] { Read("{kind: rounded_normal, mean: 5, standard_deviation: 1.0e9}"); },
              ThrowsMessage<ConfigError>(HasSubstr("standard_deviation must be above 0 and at most 10000")));
}

// 64 environments x 2000 periods: each frequency has a standard error of at most 0.0014.
TEST(ProblemFileTest, DemandOfTheSimulatorHasTheGivenProbabilities) {
  const Problem problem = Read("{kind: uniform, low: 0, high: 4}");
  const auto source = MakeProblemDemand(problem, 2000, Random(3));
  std::vector<int> scenarios(kBlockSize);
  for (int i = 0; i < kBlockSize; ++i) scenarios[static_cast<size_t>(i)] = i;
  std::vector<float> demand(kBlockSize);
  std::vector<double> share(5);
  for (int period = 0; period < 2000; ++period) {
    source->Demand(period, scenarios, *problem.network, demand.data());
    for (const float units : demand) share.at(static_cast<size_t>(units)) += 1.0 / (2000 * kBlockSize);
  }
  for (const double one : share) EXPECT_NEAR(one, 0.2, 5 * 0.0012);
  // three periods are protected: mean 6, and P(D <= 7) = 90 / 125 is the first that reaches 0.7
  std::vector<float> forecast(kBlockSize);
  source->Forecast(0, scenarios, *problem.network, kForecastMean, forecast.data());
  EXPECT_NEAR(forecast[0], 6, 1e-6);
  source->Forecast(0, scenarios, *problem.network, kForecastFirstQuantile + 1, forecast.data());
  EXPECT_EQ(forecast[0], 7);
}

}  // namespace
}  // namespace restock
