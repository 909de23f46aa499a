#include "forecasting/cold_start.h"

#include <cmath>
#include <map>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "forecasting/forecaster_config.h"
#include "forecasting/sales_file.h"
#include "tests/forecasting/test_histories.h"

namespace restock {
namespace {

/// Milk and tea sell 40 and 4 a day in three stores, the second of which is half as large; milk is new in the last one.
DemandHistory NewProduct() {
  Eigen::MatrixXf demand(70, 12);
  RandomStream stream = Random(5).At(0);
  DemandHistory history = HistoryOf(demand);
  for (int series = 0; series < 12; ++series) {
    const bool is_milk = series % 4 < 2;
    const double size = series / 4 == 1 ? 0.5 : 1;
    history.series[static_cast<size_t>(series)] = {"store_" + std::to_string(series / 4),
                                                   std::string(is_milk ? "milk_" : "tea_") + std::to_string(series % 2),
                                                   is_milk ? "milk" : "tea"};
    for (int day = 0; day < 70; ++day) {
      const double weekday = is_milk == (day % 7 >= 5) ? 1.5 : 0.8;
      demand(day, series) = static_cast<float>(stream.Poisson((is_milk ? 40 : 4) * size * weekday));
    }
  }
  demand.col(8).setConstant(kUnknown);
  history.demand = history.sales = demand;
  return history;
}

TEST(ColdStartTest, ANewProductSellsAsThoseOfItsKind) {
  const DemandHistory history = NewProduct();
  ForecasterConfig config;
  config.model = "moving_average";
  config.cold_start.num_analogues = 4;
  const auto forecaster = MakeForecaster(config, Random(1));
  forecaster->Fit(history);
  const Eigen::VectorXf mean = forecaster->Predict(history, 7).mean.col(8);
  for (const float day : mean) EXPECT_NEAR(day, 40, 12);  // not the 22 of all products, nor 0
  config.cold_start.periods = 0;
  const auto without = MakeForecaster(config, Random(1));
  without->Fit(history);
  EXPECT_LT(without->Predict(history, 7).mean(0, 8), 1);
}

TEST(ColdStartTest, FirstSalesDrawTheLevel) {
  DemandHistory history = NewProduct();
  for (int day = 67; day < 70; ++day) history.demand(day, 8) = history.sales(day, 8) = 10;
  ForecasterConfig config;
  config.model = "moving_average";
  config.cold_start = {.periods = 9, .num_analogues = 4};
  const auto forecaster = MakeForecaster(config, Random(1));
  forecaster->Fit(history);
  const Forecast forecast = forecaster->Predict(history, 1);
  EXPECT_NEAR(forecast.mean(0, 8), (3 * 10 + 9 * 40) / 12.0, 8);  // three periods known against nine of its kind
  // paths of the new product are drawn too
  ScenarioSet paths;
  paths.Resize(100, 2, 12, {});
  paths.origin.assign(100, 70);
  forecaster->Sample(history, Random(1), paths);
  EXPECT_NEAR(paths.Demand(1, 8).mean(), forecast.mean(0, 8), 8);
}

// Of the real panel every 17th series is made new on its last fortnight but one: what those like it sell is nearer to
// what came than the mean of its category, the obvious guess.
TEST(ColdStartTest, BeatsTheMeanOfTheCategoryOnRealSales) {
  if (RealData().empty()) GTEST_SKIP() << "no real data: set RESTOCK_DATA to the folder that holds data/";
  const DataConfig data =
      ReadDataConfig(ParseConfig("path: data/freshretail/panel_24x80_daily.csv\nunit_size: 0.1\nopen_hours: 16\n"
                                 "columns: {demand: sale}\ncovariates: [{column: discount, known_ahead: true}]\n",
                                 "test.yaml"));
  DemandHistory full = ReadSalesFile(data, RealData() / data.path);
  EstimateDemand(data.censoring, full);
  const int origin = full.num_periods() - 14, horizon = 7;
  DemandHistory past = full.Until(origin);
  std::map<std::string, std::pair<double, int>> of_category;
  for (int series = 0; series < past.num_series(); ++series) {
    if (series % 17 == 0) past.demand.col(series).setConstant(kUnknown);
    if (series % 17 == 0) past.sales.col(series).setConstant(kUnknown);
    auto& [sum, count] = of_category[past.series[static_cast<size_t>(series)].category];
    for (const float demand : past.demand.col(series))
      if (!std::isnan(demand)) sum += demand, ++count;
  }
  ForecasterConfig config;
  config.model = "moving_average";
  config.horizon = horizon;
  const auto forecaster = MakeForecaster(config, Random(1));
  forecaster->Fit(past);
  const Forecast forecast = forecaster->Predict(past, horizon);
  double error = 0, error_of_mean = 0;
  for (int series = 0; series < past.num_series(); series += 17) {
    const auto& [sum, count] = of_category[past.series[static_cast<size_t>(series)].category];
    for (int step = 0; step < horizon && count > 0; ++step) {
      if (!full.IsUncensored(origin + step, series)) continue;
      const double actual = full.sales(origin + step, series);
      error += std::abs(forecast.mean(step, series) - actual);
      error_of_mean += std::abs(sum / count - actual);
    }
  }
  EXPECT_LT(error, 0.9 * error_of_mean) << error << " of the cold start, " << error_of_mean << " of the mean";
}

}  // namespace
}  // namespace restock
