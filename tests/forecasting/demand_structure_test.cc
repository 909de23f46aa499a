#include "forecasting/demand_structure.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "forecasting/clusters.h"
#include "forecasting/pca.h"
#include "forecasting/shape_features.h"
#include "tests/forecasting/test_histories.h"

namespace restock {
namespace {

// 100 baskets' worth of arithmetic on the five of a textbook (Tan, Steinbach & Kumar 2005, table 6.1):
// bread milk | bread diapers beer eggs | milk diapers beer cola | bread milk diapers beer | bread milk diapers cola.
// {milk, diapers} -> cola: support 2/5, confidence 2/3, lift (2/3) / (2/5) = 5/3; diapers -> beer: 3/5, 3/4, 5/4.
// {milk, diapers} -> beer has confidence 2/3, less than diapers alone: not told.
TEST(AssociationRulesTest, FindsTheRuleOfTheTextbook) {
  enum { kBread, kMilk, kDiapers, kBeer, kEggs, kCola };
  const std::vector<std::vector<int>> baskets = {{kBread, kMilk},
                                                 {kBread, kDiapers, kBeer, kEggs},
                                                 {kMilk, kDiapers, kBeer, kCola},
                                                 {kBread, kMilk, kDiapers, kBeer},
                                                 {kBread, kMilk, kDiapers, kCola}};
  const auto rules = FindAssociations(baskets, {.min_support = 0.4, .min_confidence = 0.6, .min_lift = 0});
  const auto find = [&](const std::vector<int>& left, int right) {
    const auto found = std::find_if(rules.begin(), rules.end(),
                                    [&](const auto& rule) { return rule.left == left && rule.right == right; });
    return found != rules.end() ? *found : AssociationRule{};
  };
  const AssociationRule cola = find({kMilk, kDiapers}, kCola), beer = find({kDiapers}, kBeer);
  EXPECT_DOUBLE_EQ(cola.support, 0.4);
  EXPECT_DOUBLE_EQ(cola.confidence, 2.0 / 3);
  EXPECT_DOUBLE_EQ(cola.lift, 5.0 / 3);
  EXPECT_DOUBLE_EQ(beer.support, 0.6);
  EXPECT_DOUBLE_EQ(beer.confidence, 0.75);
  EXPECT_DOUBLE_EQ(beer.lift, 1.25);
  EXPECT_EQ(find({kMilk, kDiapers}, kBeer).support, 0);
  for (const AssociationRule& rule : rules) EXPECT_NE(rule.right, kEggs);  // in one basket of five only
  EXPECT_TRUE(std::is_sorted(rules.begin(), rules.end(), [](const auto& a, const auto& b) { return a.lift > b.lift; }));
}

TEST(AssociationRulesTest, KnowsNoRulesOfNothing) {
  EXPECT_TRUE(FindAssociations({}, {}).empty());
  EXPECT_TRUE(FindAssociations({{}, {}}, {}).empty());
  EXPECT_TRUE(FindAssociations({{0}, {0}}, {}).empty());
}

// 110 items of every second basket, 40 of all: 22,350 rules of two, of which those among the first have a lift of 2,
// the others of 1. Rules of three say nothing more. Each item of the first has 109 rules, so that the last of 10,000 is
// the 81st of item 91.
TEST(AssociationRulesTest, KeepsTheRulesWithTheHighestLift) {
  std::vector<std::vector<int>> baskets(60);
  for (int item = 0; item < 150; ++item) {
    for (size_t basket = 0; basket < baskets.size(); ++basket)
      if (basket % 2 == 0 || item >= 110) baskets[basket].push_back(item);
  }
  const AssociationConfig config{.min_support = 0.1, .min_confidence = 0.5, .min_lift = 0};
  const auto rules = FindAssociations(baskets, config);
  ASSERT_EQ(rules.size(), 10'000u);
  for (const AssociationRule& rule : rules) ASSERT_DOUBLE_EQ(rule.lift, 2);
  EXPECT_EQ(rules.front().left, std::vector<int>{0});
  EXPECT_EQ(rules.front().right, 1);
  EXPECT_EQ(rules.back().left, std::vector<int>{91});
  EXPECT_EQ(rules.back().right, 80);
}

TEST(AssociationRulesTest, ProductsThatSellWellOnTheSameDaysAreFound) {
  Eigen::MatrixXf sales = Eigen::MatrixXf::Constant(60, 6, 3);  // three products in two stores
  for (int day = 0; day < 60; day += 4) sales(day, 0) = sales(day, 2) = sales(day + 1, 1) = sales(day + 1, 3) = 9;
  for (int day = 2; day < 60; day += 4) sales(day, 4) = sales(day, 5) = 9;
  const DemandStructure structure = StructureOf({}, HistoryOf(sales), Random(1));
  ASSERT_EQ(structure.sold_together.size(), 2u);  // item_0 -> item_1 and back
  const AssociationRule& rule = structure.sold_together[0];
  EXPECT_EQ(structure.skus.at(static_cast<size_t>(rule.left.at(0))), "item_0");
  EXPECT_EQ(structure.skus.at(static_cast<size_t>(rule.right)), "item_1");
  EXPECT_DOUBLE_EQ(rule.confidence, 1);
  EXPECT_DOUBLE_EQ(rule.lift, 2);  // half of the 60 baskets have them
}

TEST(DemandStructureTest, AValueThatIsNoCovariateIsAnError) {
  DemandHistory history = HistoryOf(Eigen::MatrixXf::Constant(30, 2, 3));
  history.covariates = {{"price", true, Eigen::MatrixXf::Constant(30, 2, 2)}};
  StructureConfig config;
  config.value = "price";
  EXPECT_NO_THROW(StructureOf(config, history, Random(1)));
  config.value = "prise";
  EXPECT_THROW(StructureOf(config, history, Random(1)), ConfigError);
}

// Two features with correlation r have components (1, 1) and (1, -1) over the square root of 2, which explain (1 + r) /
// 2 and (1 - r) / 2. Here r = 0.6.
TEST(PcaTest, OfTwoCorrelatedFeaturesIsKnown) {
  Eigen::MatrixXd points(4, 2);
  const double a = std::sqrt(1.6), b = std::sqrt(0.4);  // variances along and across the diagonal
  points << a, a, -a, -a, b, -b, -b, b;
  const Pca pca(points, 1);
  ASSERT_EQ(pca.num_components(), 2);
  EXPECT_NEAR(pca.explained()[0], 0.8, 1e-12);
  EXPECT_NEAR(pca.explained()[1], 0.2, 1e-12);
  EXPECT_NEAR(std::abs(pca.loadings()(0, 0)), std::sqrt(0.5), 1e-12);
  EXPECT_NEAR(pca.loadings()(0, 0), pca.loadings()(1, 0), 1e-12);
  // along the diagonal the rows lie 1.6 times as far out as one feature's deviation of 1 says
  EXPECT_NEAR(pca.Scores(points).col(0).squaredNorm() / 4, 1.6, 1e-12);
  EXPECT_NEAR(pca.Scores(points).col(1).squaredNorm() / 4, 0.4, 1e-12);
  EXPECT_EQ(Pca(points, 0.7).num_components(), 1);
}

TEST(PcaTest, LeavesOutWhatDoesNotVary) {
  Eigen::MatrixXd points(3, 2);
  points << 1, 5, 2, 5, 3, 5;
  const Pca pca(points, 1);
  EXPECT_EQ(pca.num_components(), 1);
  EXPECT_NEAR(pca.loadings()(1, 0), 0, 1e-12);
  EXPECT_THROW(Pca(Eigen::MatrixXd(0, 2), 1), DataError);
}

Eigen::MatrixXd ThreeClouds(uint64_t seed) {
  RandomStream stream = Random(seed).At(0);
  Eigen::MatrixXd points(60, 2);
  for (int row = 0; row < 60; ++row) {
    points(row, 0) = 10 * (row % 3) + stream.Normal();
    points(row, 1) = (row % 3 == 1 ? 10 : 0) + stream.Normal();
  }
  return points;
}

TEST(ClustersTest, BothMethodsFindThreeClouds) {
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE(seed);
    const Eigen::MatrixXd points = ThreeClouds(seed);
    for (const auto& labels : {KMeans(points, 3, Random(seed)), WardTree(points).Clusters(3)}) {
      for (size_t row = 0; row < labels.size(); ++row) EXPECT_EQ(labels[row], static_cast<int>(row % 3));
    }
    EXPECT_GT(Silhouette(points, WardTree(points).Clusters(3)), Silhouette(points, WardTree(points).Clusters(2)));
  }
}

// Rows 0, 1, 4, 6 on a line: Ward merges 0 and 1 (cost 1/2), then 4 and 6 (cost 2), then both (cost 2*2/4 * 4.5^2).
// Silhouettes of {0, 1} and {4, 6}: of 0 (5 - 1)/5, of 1 (4 - 1)/4, of 4 (3.5 - 2)/3.5, of 6 (5.5 - 2)/5.5.
TEST(ClustersTest, WardAndSilhouetteAreAsByHand) {
  Eigen::MatrixXd points(4, 1);
  points << 0, 1, 4, 6;
  EXPECT_EQ(WardTree(points).Clusters(2), (std::vector<int>{0, 0, 1, 1}));
  EXPECT_EQ(WardTree(points).Clusters(3), (std::vector<int>{0, 0, 1, 2}));
  EXPECT_EQ(WardTree(points).Clusters(1), (std::vector<int>{0, 0, 0, 0}));
  EXPECT_NEAR(Silhouette(points, {0, 0, 1, 1}), (4.0 / 5 + 3.0 / 4 + 1.5 / 3.5 + 3.5 / 5.5) / 4, 1e-12);
}

// 80 of 100 units are of the first series; its demand is even. The second varies by 1, the third by the square root
// of 3.
TEST(AbcXyzTest, GoesByShareAndVariation) {
  Eigen::MatrixXf demand(4, 4);
  demand << 20, 8, 4, 0, 20, 0, 0, 0, 20, 8, 0, 0, 20, 0, 0, 0;
  EXPECT_EQ(AbcXyzClasses(demand, {}, {}), (std::vector<std::string>{"AX", "BY", "CZ", "CZ"}));
  EXPECT_EQ(AbcXyzClasses(demand, {1, 1, 1000, 1}, {})[2], "AZ");  // dear
  demand.col(3).setConstant(kUnknown);
  EXPECT_EQ(AbcXyzClasses(demand, {}, {})[3], "");
}

TEST(ShapeFeaturesTest, DoNotKnowTheLevel) {
  Eigen::MatrixXf demand(28, 2);
  for (int day = 0; day < 28; ++day) demand(day, 0) = static_cast<float>(day % 7 == 5 ? 8 : 1);
  demand.col(1) = 50 * demand.col(0);
  const ShapeFeatures shape = ShapeOf(HistoryOf(demand));
  EXPECT_TRUE(shape.values.row(0).isApprox(shape.values.row(1), 1e-6));
  EXPECT_EQ(shape.names[5], "weekday 6");               // Saturday
  EXPECT_NEAR(shape.values(0, 5), 36.0 / 6 / 2, 1e-6);  // four days of 8 and two of the mean, 2, over the mean
  EXPECT_NEAR(shape.values(0, 11), 1, 1e-6);            // repeats after a week
}

TEST(SeriesClustersTest, SplitWeekendFromWeekdaySellers) {
  Eigen::MatrixXf demand(56, 8);
  RandomStream stream = Random(3).At(0);
  for (int day = 0; day < 56; ++day) {
    for (int series = 0; series < 8; ++series) {
      const bool is_good = (day % 7 >= 5) == (series % 2 == 0);
      demand(day, series) = static_cast<float>(stream.Poisson(is_good ? 20 * (series + 1) : 4 * (series + 1)));
    }
  }
  for (const ClusterMethod method : {ClusterMethod::kKMeans, ClusterMethod::kWard}) {
    const SeriesClusters clusters = ClusterSeries({.method = method}, HistoryOf(demand), Random(1));
    ASSERT_EQ(clusters.count, 2);
    for (int series = 0; series < 8; ++series) EXPECT_EQ(clusters.label[static_cast<size_t>(series)], series % 2);
    EXPECT_GT(clusters.silhouette, 0.5);
  }
}

}  // namespace
}  // namespace restock
