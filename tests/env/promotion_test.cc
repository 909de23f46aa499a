#include "env/promotion.h"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "common/error.h"
#include "env/network_config.h"
#include "env/network_state.h"
#include "env/problem_file.h"

namespace restock {
namespace {

constexpr const char* kTwoStores = R"(
demand: [{location: north, kind: poisson, mean: 2}, {location: south, kind: poisson, mean: 3}]
protocol: {kind: finite_horizon, periods: 8}
network:
  locations: [{name: central}, {name: "*", holding_cost: 1, stockout_cost: 9}]
  lanes: [{from: supplier, to: central, lead_time: 1}, {from: central, to: "*", lead_time: 1}]
)";

Problem ProblemWith(const std::string& more) { return ReadProblem(ParseConfig(kTwoStores + more, "stores.yaml", {})); }

int SiteAt(const Network& network, const std::string& location) {
  for (int site = 0; site < network.num_sites(); ++site)
    if (network.location_name[static_cast<size_t>(network.site_location[static_cast<size_t>(site)])] == location)
      return site;
  return -1;
}

constexpr const char* kPromotion = "promotions: [{location: south, first_period: 4, periods: 2, factor: 1.5}]\n";
constexpr int kNumPaths = 64 * 200;

/// Demand of the south in `period`, path by path.
std::vector<float> SouthOf(const DemandSource& demand, const Network& network, int period,
                           const char* where = "south") {
  std::vector<float> south;
  std::vector<int> scenarios(kBlockSize);
  Eigen::ArrayXXf block(kBlockSize, network.num_sites());
  for (int first = 0; first < kNumPaths; first += kBlockSize) {
    std::iota(scenarios.begin(), scenarios.end(), first);
    demand.Demand(period, scenarios, network, block.data());
    for (int env = 0; env < kBlockSize; ++env) south.push_back(block(env, SiteAt(network, where)));
  }
  return south;
}

TEST(PromotionTest, MultipliesDemandInItsPeriodsInWholeUnits) {
  const Problem usual = ProblemWith(""), promoted = ProblemWith(kPromotion);
  const auto before = MakeProblemDemand(usual, 8, Random(1)), after = MakeProblemDemand(promoted, 8, Random(1));
  const Network& network = *usual.network;
  for (const int period : {0, 3, 6, 7})
    EXPECT_EQ(SouthOf(*before, network, period), SouthOf(*after, network, period)) << period;
  EXPECT_EQ(SouthOf(*before, network, 4, "north"), SouthOf(*after, network, 4, "north"));
  for (const int period : {4, 5}) {
    const std::vector<float> without = SouthOf(*before, network, period), with = SouthOf(*after, network, period);
    double excess = 0;
    for (size_t path = 0; path < with.size(); ++path) {
      EXPECT_EQ(with[path], std::floor(with[path]));
      EXPECT_LT(std::abs(with[path] - 1.5f * without[path]), 1);
      excess += static_cast<double>(with[path]) - 1.5 * static_cast<double>(without[path]);
    }
    EXPECT_NEAR(excess / kNumPaths, 0, 0.02);  // standard error at most 0.0044
  }
}

// Lead time 1: an order covers two periods. In period 3 the south expects 3 + 4.5 of usually 3 + 3, the centre, whose
// orders cover three, 2 + 2 + 2 + 3 + 4.5 + 4.5 of 15.
TEST(PromotionTest, IsKnownAhead) {
  const Problem usual = ProblemWith(""), promoted = ProblemWith(kPromotion);
  const auto before = MakeProblemDemand(usual, 8, Random(1)), after = MakeProblemDemand(promoted, 8, Random(1));
  const Network& network = *usual.network;
  const std::vector<int> scenarios(kBlockSize, 0);
  const auto growth = [&](int period, const char* where, int feature) {
    Eigen::ArrayXXf without(kBlockSize, network.num_sites()), with = without;
    before->Forecast(period, scenarios, network, feature, without.data());
    after->Forecast(period, scenarios, network, feature, with.data());
    return with(0, SiteAt(network, where)) / without(0, SiteAt(network, where));
  };
  for (const int feature : {kForecastMean, kForecastFirstQuantile + 4}) {
    EXPECT_FLOAT_EQ(growth(2, "south", feature), 1);
    EXPECT_FLOAT_EQ(growth(3, "south", feature), 7.5f / 6);
    EXPECT_FLOAT_EQ(growth(4, "south", feature), 1.5f);
    EXPECT_FLOAT_EQ(growth(3, "north", feature), 1);
    EXPECT_FLOAT_EQ(growth(3, "central", feature), 18.f / 15);
  }
  EXPECT_FLOAT_EQ(growth(3, "south", kForecastNextMean), 1);
  EXPECT_FLOAT_EQ(growth(5, "south", kForecastNextMean), 1.5f);

  Eigen::ArrayXXf expected(kBlockSize, network.num_sites());
  after->ExpectedDemand(3, 1, scenarios, network, expected.data());
  EXPECT_FLOAT_EQ(expected(0, SiteAt(network, "south")), 4.5f);
}

TEST(PromotionTest, PathsOfScenariosHaveTheSame) {
  const Problem promoted = ProblemWith(kPromotion);
  const Network& network = *promoted.network;
  ScenarioSet paths;
  paths.Resize(400, 8, 2, ForecastTargets(network, 0, 8));
  paths.ResizePathMean(400, 3);
  std::fill(paths.demand.begin(), paths.demand.end(), 3.f);
  std::fill(paths.forecast.begin(), paths.forecast.end(), 10.f);
  std::fill(paths.path_mean.begin(), paths.path_mean.end(), 3.f);
  PromoteScenarios(network, promoted.promotions, Random(5), paths);
  const int south = SiteAt(network, "south"), series = network.site_series[static_cast<size_t>(south)];
  EXPECT_EQ(paths.Demand(3, series).maxCoeff(), 3);
  EXPECT_EQ(paths.Demand(4, series).minCoeff(), 4);  // 4.5 is 4 or 5
  EXPECT_EQ(paths.Demand(4, series).maxCoeff(), 5);
  EXPECT_NEAR(paths.Demand(4, series).mean(), 4.5, 0.15);  // standard error 0.025
  EXPECT_FLOAT_EQ(paths.Forecast(3, south, kForecastMean)[0], 12.5f);
  EXPECT_FLOAT_EQ(paths.PathMean(3, series, 0)[0], 3);
  EXPECT_FLOAT_EQ(paths.PathMean(3, series, 1)[0], 4.5f);
}

TEST(PromotionTest, ALongRunAverageDoesNotMeetIt) {
  std::string text = kTwoStores;
  text.replace(text.find("kind: finite_horizon, periods: 8"), 32, "periods: 100");
  const Problem average = ReadProblem(ParseConfig(text + kPromotion, "stores.yaml", {}));
  EXPECT_FALSE(average.MeetsPromotions());
  EXPECT_TRUE(ProblemWith(kPromotion).MeetsPromotions());
  EXPECT_THROW(ProblemWith("promotions: [{location: east, first_period: 1}]\n"), ConfigError);
}

}  // namespace
}  // namespace restock
