#include "forecasting/censoring.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/forecasting/test_histories.h"

namespace restock {
namespace {

CensoringConfig WithCap(double cap) {
  CensoringConfig config;
  config.cap = cap;
  return config;
}

TEST(CensoringTest, AnEvenProfileCountsHours) {
  EXPECT_DOUBLE_EQ(InStockShare(0, 16, {}), 1);
  EXPECT_DOUBLE_EQ(InStockShare(4, 16, {}), 0.75);
  EXPECT_DOUBLE_EQ(InStockShare(20, 16, {}), 0);
}

TEST(CensoringTest, AProfileTakesStockOutHoursFromTheEndOfTheDay) {
  // four open hours that sell 1, 3, 4 and 2 of 10: without the last hour and a half there remain 1 + 3 + 4 / 2 = 6
  EXPECT_DOUBLE_EQ(InStockShare(1, 4, {1, 3, 4, 2}), 0.8);
  EXPECT_DOUBLE_EQ(InStockShare(1.5, 4, {1, 3, 4, 2}), 0.6);
}

TEST(CensoringTest, DemandIsSaleOverShareUpToTheCapAndUnknownWithoutStock) {
  Eigen::MatrixXf sales(6, 1);
  sales << 12, 12, 12, 0, kUnknown, 5;
  DemandHistory history = HistoryOf(sales);
  history.in_stock_share.col(0) << 1, 0.75f, 0.25f, 0, 1, 1;
  history.calendar.closed[5] = true;
  EstimateDemand(WithCap(1.6), history);
  EXPECT_EQ(history.demand(0, 0), 12);
  EXPECT_EQ(history.demand(1, 0), 16);            // 12 / 0.75
  EXPECT_EQ(history.demand(2, 0), 19);            // 12 / 0.25 = 48, at most 1.6 * 12 = 19.2, in whole units
  EXPECT_TRUE(std::isnan(history.demand(3, 0)));  // no stock all day: nothing is known
  EXPECT_TRUE(std::isnan(history.demand(4, 0)));  // no record
  EXPECT_TRUE(std::isnan(history.demand(5, 0)));  // closed
}

TEST(CensoringTest, KeepsFractionsWhereSalesAreNotWhole) {
  Eigen::MatrixXf sales(2, 1);
  sales << 1.5f, 1.5f;
  DemandHistory history = HistoryOf(sales);
  history.in_stock_share(1, 0) = 0.8f;
  EstimateDemand({}, history);
  EXPECT_FLOAT_EQ(history.demand(1, 0), 1.875f);
}

// On generated sales the truth is known: the estimate must give back most of what stock-outs hid.
TEST(CensoringTest, RecoversMostOfWhatStockOutsHid) {
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    GeneratorConfig config;
    config.num_skus = 20;
    config.stockout = 0.12;
    GeneratedSales sales = GenerateSales(config, Random(seed));
    DemandHistory& history = sales.history;
    EstimateDemand(WithCap(3), history);
    double truth = 0, sold = 0, estimated = 0;
    for (Eigen::Index i = 0; i < history.sales.size(); ++i) {
      const float share = history.in_stock_share(i);
      if (share >= 1 || share < 0.3f) continue;  // days that ran out, but not at once
      truth += sales.true_demand(i);
      sold += history.sales(i);
      estimated += history.demand(i);
    }
    ASSERT_GT(truth, 1000) << "seed " << seed;
    EXPECT_LT(sold, 0.85 * truth) << "seed " << seed;
    EXPECT_NEAR(estimated / truth, 1, 0.05) << "seed " << seed;
  }
}

// Ten a day, then a day that sells 3 in its first quarter: of the hidden three quarters 0.75 * (4 + 3) / (4 / 10 +
// 0.25) are expected, which is 8.08.
TEST(CensoringTest, ExpectsTheRestOfTheDayFromWhatIsUsual) {
  Eigen::MatrixXf sales = Eigen::MatrixXf::Constant(12, 1, 10);
  sales(10, 0) = 3;
  DemandHistory history = HistoryOf(sales);
  history.in_stock_share(10, 0) = 0.25f;
  CensoringConfig config;
  config.method = "expected";
  EstimateDemand(config, history);
  EXPECT_EQ(history.demand(9, 0), 10);
  EXPECT_EQ(history.demand(10, 0), 11);
  // later days change nothing
  history.sales(11, 0) = 500;
  EstimateDemand(config, history);
  EXPECT_EQ(history.demand(10, 0), 11);
}

}  // namespace
}  // namespace restock
