#include "common/demand.h"

#include <cmath>

#include <gtest/gtest.h>

namespace restock {
namespace {

DemandHistory ThreePeriodsOfTwoSeries() {
  DemandHistory history;
  history.calendar.closed = {false, false, true, false, true};
  history.series = {{"north", "milk", "dairy"}, {"north", "bread", ""}};
  history.sales = Eigen::MatrixXf{{1, 2}, {3, NAN}, {5, 6}};
  history.in_stock_share = Eigen::MatrixXf{{1, 1}, {0.99999f, 1}, {0.5f, 1}};
  history.demand = Eigen::MatrixXf{{1, 2}, {3, NAN}, {8, 6}};
  history.covariates.push_back({"promotion", true, Eigen::MatrixXf::Constant(5, 2, 1.f)});
  history.covariates.push_back({"rain", false, Eigen::MatrixXf::Constant(3, 2, 2.f)});
  return history;
}

TEST(DemandHistoryTest, DemandWithoutRecordOrWithAStockOutIsCensored) {
  const DemandHistory history = ThreePeriodsOfTwoSeries();
  EXPECT_TRUE(history.IsUncensored(0, 0));
  EXPECT_TRUE(history.IsUncensored(1, 0)) << "a share that misses 1 by rounding";
  EXPECT_FALSE(history.IsUncensored(2, 0)) << "half a day without stock";
  EXPECT_FALSE(history.IsUncensored(1, 1)) << "no record";
}

TEST(DemandHistoryTest, UntilForgetsSalesAndWeatherButKeepsPlans) {
  const DemandHistory past = ThreePeriodsOfTwoSeries().Until(2);
  EXPECT_EQ(past.num_periods(), 2);
  EXPECT_EQ(past.num_series(), 2);
  EXPECT_EQ(past.sales.rows(), 2);
  EXPECT_EQ(past.in_stock_share.rows(), 2);
  EXPECT_EQ(past.demand(1, 0), 3);
  EXPECT_EQ(past.covariates[0].values.rows(), 5);
  EXPECT_EQ(past.covariates[1].values.rows(), 2);
  EXPECT_TRUE(past.calendar.IsClosed(4)) << "opening days are planned";
}

TEST(DemandHistoryTest, UntilTheEndChangesNothing) {
  const DemandHistory history = ThreePeriodsOfTwoSeries();
  const DemandHistory same = history.Until(3);
  EXPECT_EQ(same.num_periods(), 3);
  EXPECT_EQ(same.series, history.series);
  EXPECT_EQ(history.Until(0).num_periods(), 0);
}

TEST(DemandHistoryDeathTest, UntilMoreThanThereIsStops) {
  EXPECT_DEATH(ThreePeriodsOfTwoSeries().Until(4), "num_first_periods <= num_periods\\(\\) does not hold: 4 and 3");
}

TEST(ScenarioSetTest, EveryCellHasAPlaceOfItsOwn) {
  ScenarioSet set;
  set.Resize(/*scenarios=*/3, /*periods=*/4, /*series_count=*/2, {{{0}, {}}, {{1}, {}}, {{0, 1}, {}}});
  set.ResizePathMean(/*scenarios=*/2, /*horizon=*/5);

  // number all cells through the rows, then look for every number once in the arrays
  float number = 0;
  const auto fill = [&](ScenarioSet::Row row) {
    for (float& value : row) value = ++number;
  };
  const auto expect_all_different = [](const std::vector<float>& values, float last) {
    EXPECT_EQ(static_cast<float>(values.size()), last);
    for (size_t i = 0; i < values.size(); ++i) EXPECT_EQ(values[i], static_cast<float>(i + 1));
  };
  for (int period = 0; period < 4; ++period)
    for (int series = 0; series < 2; ++series) fill(set.Demand(period, series));
  expect_all_different(set.demand, number);

  number = 0;
  for (int period = 0; period < 4; ++period)
    for (int target = 0; target < 3; ++target)
      for (int feature = 0; feature < kNumForecastFeatures; ++feature) fill(set.Forecast(period, target, feature));
  expect_all_different(set.forecast, number);

  number = 0;
  for (int period = 0; period < 4; ++period)
    for (int series = 0; series < 2; ++series)
      for (int step = 0; step < 5; ++step) fill(set.PathMean(period, series, step));
  expect_all_different(set.path_mean, number);

  const ScenarioSet& read_only = set;
  EXPECT_EQ(read_only.Demand(1, 1)(2), set.Demand(1, 1)(2));
  EXPECT_EQ(read_only.Forecast(3, 2, 7).size(), 3);
  EXPECT_EQ(read_only.PathMean(3, 1, 4).size(), 2);
}

}  // namespace
}  // namespace restock
