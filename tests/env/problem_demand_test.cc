#include "env/problem_demand.h"

#include <cmath>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/error.h"
#include "env/problem_file.h"
#include "tests/env/chance_tests.h"

namespace restock {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

// Each place is fed by a central one, which sells nothing; the protection periods are 2 and 3.
Problem Read(const std::string& demand) {
  return ReadProblem(ParseConfig("demand: " + demand + R"(
network:
  goods: divisible
  locations: [{name: central, holding_cost: 1}, {name: "*", holding_cost: 1, stockout_cost: 4}]
  lanes: [{from: supplier, to: central, lead_time: 1}, {from: central, to: "*", lead_time: 1}]
)",
                                 "problem.yaml"));
}

constexpr int kCentral = 0;
constexpr int kFirstPlace = 1;

std::vector<float> DemandOf(const DemandSource& source, const Problem& problem, int period,
                            const std::vector<int>& scenarios = BlockOfScenarios(0)) {
  std::vector<float> demand(static_cast<size_t>(problem.network->num_sites()) * kBlockSize);
  source.Demand(period, scenarios, *problem.network, demand.data());
  return demand;
}

float ForecastOf(const DemandSource& source, const Problem& problem, int period, int feature, int site,
                 size_t env = 0) {
  std::vector<float> forecast(static_cast<size_t>(problem.network->num_sites()) * kBlockSize);
  source.Forecast(period, BlockOfScenarios(0), *problem.network, feature, forecast.data());
  return forecast[static_cast<size_t>(site) * kBlockSize + env];
}

// Counts of a place's demand in `period`, over 500 blocks of scenarios.
std::vector<double> CountsIn(const DemandSource& source, const Problem& problem, int period) {
  std::vector<double> counts(1000);
  for (int block = 0; block < 500; ++block) {
    const auto demand = DemandOf(source, problem, period, BlockOfScenarios(block * kBlockSize));
    for (size_t env = 0; env < kBlockSize; ++env)
      ++counts.at(static_cast<size_t>(demand[kFirstPlace * kBlockSize + env]));
  }
  return counts;
}

TEST(ProblemDemandTest, AListIsDemandAndForecastAlike) {
  const Problem problem = Read("{kind: list, values: [4, 4, 4, 4, 8]}");
  const auto source = MakeProblemDemand(problem, 36, Random(1));
  for (const auto& [period, value] : {std::pair{0, 4}, {3, 4}, {4, 8}, {35, 8}}) {
    const auto demand = DemandOf(*source, problem, period);
    for (size_t env = 0; env < kBlockSize; ++env) {
      EXPECT_EQ(demand[env], 0);
      EXPECT_EQ(demand[kBlockSize + env], value);
    }
  }
  EXPECT_EQ(ForecastOf(*source, problem, 3, kForecastMean, kFirstPlace), 12);
  EXPECT_EQ(ForecastOf(*source, problem, 2, kForecastFirstQuantile + 5, kCentral), 16);
  EXPECT_EQ(ForecastOf(*source, problem, 3, kForecastNextMean, kCentral), 4);
}

TEST(ProblemDemandTest, EffectsMoveTheDistributionAndTheForecast) {
  const Problem problem = Read(
      "{kind: poisson, mean: 20, trend: 0.05, season: {amplitude: 0.5, periods: 30}, shock: {factor: 2, period: 15}}");
  const auto source = MakeProblemDemand(problem, 30, Random(2).Stream("demand"));
  for (const int period : {0, 7, 14, 15, 22}) {
    const double mean = 20 * problem.processes[kFirstPlace].Factor(period);
    EXPECT_GT(ChiSquaredTest(CountsIn(*source, problem, period), ProbabilitiesOf({mean})), 1e-4) << period;
    const double next = 20 * problem.processes[kFirstPlace].Factor(period + 1);
    EXPECT_NEAR(ForecastOf(*source, problem, period, kForecastNextMean, kFirstPlace), mean, 1e-4);
    EXPECT_NEAR(ForecastOf(*source, problem, period, kForecastMean, kFirstPlace), mean + next, 1e-4);
    EXPECT_EQ(ForecastOf(*source, problem, period, kForecastFirstQuantile + 3, kFirstPlace),
              QuantileOf(ProbabilitiesOf({mean + next}), 0.9));
  }
  // also at the end of an episode
  EXPECT_GT(ForecastOf(*source, problem, 30, kForecastMean, kCentral), 0);
}

TEST(ProblemDemandTest, CountsOfEveryKindHaveTheirDistribution) {
  for (const char* demand :
       {"{kind: rounded_gamma, mean: 4, coefficient_of_variation: 0.5}",
        "{kind: two_moments, mean: 4.5, standard_deviation: 1.5}", "{kind: uniform, low: 0, high: 4}",
        "{kind: geometric, mean: 5}", "{kind: rounded_normal, mean: 1, standard_deviation: 5}"}) {
    const Problem problem = Read(demand);
    const auto source = MakeProblemDemand(problem, 10, Random(3).Stream("demand"));
    EXPECT_GT(ChiSquaredTest(CountsIn(*source, problem, 4), problem.demand[kFirstPlace]), 1e-4) << demand;
  }
}

// 64 x 2000 numbers: standard errors of mean and standard deviation are 0.0045 and 0.0032.
TEST(ProblemDemandTest, NormalsHaveTheirMoments) {
  const Problem problem = Read("{kind: normal, mean: 1, standard_deviation: 1.6}");
  const auto source = MakeProblemDemand(problem, 2000, Random(4).Stream("demand"));
  double sum = 0, squares = 0, negative = 0;
  for (int period = 0; period < 2000; ++period) {
    const auto demand = DemandOf(*source, problem, period);
    for (size_t env = kBlockSize; env < 2 * kBlockSize; ++env) {
      sum += demand[env];
      squares += demand[env] * demand[env];
      negative += demand[env] < 0;
    }
  }
  const double n = 2000 * kBlockSize;
  EXPECT_NEAR(sum / n, 1, 4 * 0.0045);
  EXPECT_NEAR(std::sqrt(squares / n - std::pow(sum / n, 2)), 1.6, 4 * 0.0032);
  EXPECT_NEAR(negative / n, 0.26599, 4 * 0.0012);  // Phi(-1 / 1.6)
  EXPECT_NEAR(ForecastOf(*source, problem, 0, kForecastFirstQuantile + 5, kFirstPlace),
              2 + 1.959964 * 1.6 * std::sqrt(2), 1e-4);
}

// A common chance: Poisson counts of mean 20 correlate nearly as their normal numbers do, and the variance of their
// sum, which the central place forecasts, grows with it: 40 + 2 x 0.5 x 20 = 60 of a period.
TEST(ProblemDemandTest, PlacesAreCorrelatedAndKeepTheirDistribution) {
  const Problem problem = Read(
      "[{location: north, kind: poisson, mean: 20}, {location: south, kind: poisson, mean: 20}]\n"
      "demand_correlation: 0.5");
  const auto source = MakeProblemDemand(problem, 1000, Random(5).Stream("demand"));
  EXPECT_GT(ChiSquaredTest(CountsIn(*source, problem, 0), ProbabilitiesOf({20})), 1e-4);
  double product = 0;
  for (int period = 0; period < 1000; ++period) {
    const auto demand = DemandOf(*source, problem, period);
    for (size_t env = 0; env < kBlockSize; ++env)
      product += (demand[kBlockSize + env] - 20) * (demand[2 * kBlockSize + env] - 20);
  }
  EXPECT_NEAR(product / (1000 * kBlockSize) / 20, 0.5, 0.02);  // standard error 0.0045
  const double median = ForecastOf(*source, problem, 0, kForecastFirstQuantile, kCentral);
  const double high = ForecastOf(*source, problem, 0, kForecastFirstQuantile + 5, kCentral);
  EXPECT_NEAR(median, 120, 1);
  EXPECT_NEAR(high, 120 + 1.96 * std::sqrt(3 * 60), 1.5);
}

// The state shows in the forecast, and demand is of its state.
TEST(ProblemDemandTest, DemandFollowsTheStateThatTheForecastKnows) {
  const Problem problem = Read("{kind: markov, states: [{mean: 2, next: [0.9, 0.1]}, {mean: 50, next: [0.2, 0.8]}]}");
  const auto source = MakeProblemDemand(problem, 3000, Random(6).Stream("demand"));
  std::vector<double> low(400), high(400);
  double busy = 0;
  for (int period = 0; period < 3000; ++period) {
    const auto demand = DemandOf(*source, problem, period);
    std::vector<float> next(2 * kBlockSize);
    source->Forecast(period, BlockOfScenarios(0), *problem.network, kForecastNextMean, next.data());
    for (size_t env = kBlockSize; env < 2 * kBlockSize; ++env) {
      ASSERT_TRUE(next[env] == 2 || next[env] == 50);
      busy += next[env] == 50;
      ++(next[env] == 2 ? low : high).at(static_cast<size_t>(demand[env]));
    }
  }
  EXPECT_GT(ChiSquaredTest(low, ProbabilitiesOf({2})), 1e-4);
  EXPECT_GT(ChiSquaredTest(high, ProbabilitiesOf({50})), 1e-4);
  EXPECT_NEAR(busy / (3000 * kBlockSize), 1 / 3.0, 4 * 0.0026);  // neighbouring periods correlate by 0.7
  // two periods from the low state: 2 + 0.9 2 + 0.1 50
  const std::vector<float> means = [&] {
    std::vector<float> forecast(2 * kBlockSize);
    source->Forecast(0, BlockOfScenarios(0), *problem.network, kForecastMean, forecast.data());
    return forecast;
  }();
  for (size_t env = kBlockSize; env < 2 * kBlockSize; ++env)
    EXPECT_TRUE(std::abs(means[env] - 8.8) < 1e-4 || std::abs(means[env] - (50 + 0.2 * 2 + 0.8 * 50)) < 1e-4);
}

// Three places with chains of their own: the central forecast is the sum of theirs.
TEST(ProblemDemandTest, AForecastOverSeveralChainsAddsThemUp) {
  const std::string state = "kind: markov, states: [{mean: 2, next: [0.5, 0.5]}, {mean: 50, next: [0.5, 0.5]}]";
  const Problem problem = Read("[{location: a, " + state + "}, {location: b, " + state + "}, {location: c, mean: 7}]");
  const auto source = MakeProblemDemand(problem, 5, Random(7));
  bool differ = false;
  for (size_t env = 0; env < kBlockSize; ++env) {
    float sum = 0;
    for (const int site : {1, 2, 3}) sum += ForecastOf(*source, problem, 2, kForecastNextMean, site, env);
    EXPECT_FLOAT_EQ(ForecastOf(*source, problem, 2, kForecastNextMean, kCentral, env), sum);
    // the next two periods have a mean of 26 + 26 + 7 each
    EXPECT_FLOAT_EQ(ForecastOf(*source, problem, 2, kForecastMean, kCentral, env), sum + 2 * 59);
    EXPECT_GT(ForecastOf(*source, problem, 2, kForecastFirstQuantile + 5, kCentral, env), sum + 2 * 59);
    differ |= sum != ForecastOf(*source, problem, 2, kForecastNextMean, 1, 0) + 9;
  }
  EXPECT_TRUE(differ);
}

TEST(ProblemDemandTest, IsTheSameOnAnyThreadAndInAnyOrder) {
  const Problem problem = Read(
      "[{location: a, kind: markov, states: [{mean: 2, next: [0.5, 0.5]}, {kind: geometric, mean: 9, next: [0.1, "
      "0.9]}]},"
      " {location: b, kind: clipped_normal, mean: 5, standard_deviation: 4, trend: 0.1}]\ndemand_correlation: -0.5");
  const auto source = MakeProblemDemand(problem, 20, Random(8));
  std::vector<int> scenarios = BlockOfScenarios(500);
  const auto demand = DemandOf(*source, problem, 11, scenarios);
  DemandOf(*source, problem, 3, BlockOfScenarios(0));
  std::vector<float> on_thread, backwards;
  std::thread([&] { on_thread = DemandOf(*source, problem, 11, scenarios); }).join();
  EXPECT_EQ(demand, on_thread);
  std::reverse(scenarios.begin(), scenarios.end());
  backwards = DemandOf(*source, problem, 11, scenarios);
  for (size_t site = 0; site < 3; ++site) {
    std::reverse(backwards.begin() + static_cast<ptrdiff_t>(site * kBlockSize),
                 backwards.begin() + static_cast<ptrdiff_t>((site + 1) * kBlockSize));
  }
  EXPECT_EQ(demand, backwards);
  // another seed, another source of the same seed
  EXPECT_NE(DemandOf(*MakeProblemDemand(problem, 20, Random(9)), problem, 11, BlockOfScenarios(500)), demand);
  EXPECT_EQ(DemandOf(*MakeProblemDemand(problem, 12, Random(8)), problem, 11, BlockOfScenarios(500)), demand);
}

TEST(ProblemDemandTest, SaysWhenDemandGrowsOutOfAllBounds) {
  const Problem problem = Read("{mean: 1000, trend: 1}");
  EXPECT_THAT([&] { MakeProblemDemand(problem, 5000, Random(1)); },
              ThrowsMessage<ConfigError>(HasSubstr("mean demand grows to 17000 in period 16")));
}

}  // namespace
}  // namespace restock
