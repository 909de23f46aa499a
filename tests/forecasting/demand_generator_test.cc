#include "forecasting/demand_generator.h"

#include <cmath>

#include <gtest/gtest.h>

#include "forecasting/demand_table.h"
#include "forecasting/sales_file.h"
#include "tests/forecasting/test_histories.h"
#include "tests/temporary_folder.h"

namespace restock {
namespace {

TEST(DemandGeneratorTest, TheSameSeedGivesTheSameSales) {
  const GeneratedSales one = GenerateSales({}, Random(3));
  const GeneratedSales same = GenerateSales({}, Random(3));
  const GeneratedSales other = GenerateSales({}, Random(4));
  EXPECT_EQ(one.history.sales, same.history.sales);
  EXPECT_EQ(one.true_demand, same.true_demand);
  EXPECT_NE(one.true_demand, other.true_demand);
}

TEST(DemandGeneratorTest, SalesFallShortOfDemandOnlyWhereStockRanOut) {
  const GeneratedSales sales = GenerateSales({}, Random(1));
  int ran_out = 0;
  for (Eigen::Index i = 0; i < sales.true_demand.size(); ++i) {
    const bool short_of_stock = sales.history.sales(i) < sales.true_demand(i);
    EXPECT_EQ(short_of_stock, sales.history.in_stock_share(i) < 1);
    EXPECT_LE(sales.history.sales(i), sales.true_demand(i));
    ran_out += short_of_stock ? 1 : 0;
  }
  const double share = ran_out / static_cast<double>(sales.true_demand.size());
  EXPECT_GT(share, 0.02);
  EXPECT_LT(share, 0.25);
}

TEST(DemandGeneratorTest, PromotionsAndHolidaysLiftDemand) {
  GeneratorConfig config;
  config.num_skus = 40;
  const GeneratedSales sales = GenerateSales(config, Random(1));
  const Eigen::MatrixXf& promotion = sales.history.covariates[1].values;
  double on = 0, off = 0, days_on = 0, days_off = 0;
  for (Eigen::Index period = 0; period < sales.true_demand.rows(); ++period) {
    for (Eigen::Index series = 0; series < sales.true_demand.cols(); ++series) {
      const bool promoted = promotion(period, series) > 0;
      (promoted ? on : off) += sales.true_demand(period, series);
      (promoted ? days_on : days_off) += 1;
    }
  }
  EXPECT_GT(on / days_on, 1.3 * off / days_off);
}

TEST(DemandGeneratorTest, SomeProductsSellOnFewDays) {
  GeneratorConfig config;
  config.num_skus = 40;
  config.intermittent = 0.5;
  const GeneratedSales sales = GenerateSales(config, Random(1));
  int intermittent = 0;
  for (const auto& column : sales.true_demand.colwise()) {
    intermittent += (column.array() == 0).count() > sales.true_demand.rows() / 2 ? 1 : 0;
  }
  EXPECT_GT(intermittent, 0.3 * static_cast<double>(sales.true_demand.cols()));
  EXPECT_LT(intermittent, 0.7 * static_cast<double>(sales.true_demand.cols()));
}

TEST(DemandGeneratorTest, TheFileReadsBackWithoutAnySettings) {
  const TemporaryFolder folder;
  GeneratorConfig config;
  config.num_warehouses = 2;
  config.num_skus = 3;
  config.num_periods = 40;
  config.num_future_periods = 5;
  const GeneratedSales sales = GenerateSales(config, Random(1));
  WriteSalesFile(sales, folder / "sales.csv");
  const DataConfig data =
      ReadDataConfig(ParseConfig("path: sales.csv\ncovariates: [{column: price, known_ahead: true}]\n", "test.yaml"));
  const DemandHistory read = ReadSalesFile(data, folder / "sales.csv");
  EXPECT_EQ(read.series, sales.history.series);
  EXPECT_EQ(read.sales, sales.history.sales);
  EXPECT_TRUE(read.in_stock_share.isApprox(sales.history.in_stock_share, 1e-5f));
  EXPECT_TRUE(read.covariates[0].values.isApprox(sales.history.covariates[0].values));
  EXPECT_EQ(read.calendar.holiday, sales.history.calendar.holiday);
}

TEST(DemandGeneratorTest, SalesAfterGeneratedOnesHaveTheSameCovariates) {
  DataConfig config;
  config.generate = GeneratorConfig{.num_warehouses = 1, .num_skus = 2, .num_periods = 60};
  const TemporaryFolder folder;
  const GeneratedSales sales = GenerateSales(*config.generate, Random(1));
  WriteSalesFile(sales, folder / "sales.csv");
  const DemandHistory read = ReadSales(config, folder / "sales.csv", sales.history.series);
  ASSERT_EQ(read.covariates.size(), sales.history.covariates.size());
  for (size_t i = 0; i < read.covariates.size(); ++i) {
    const Covariate& covariate = read.covariates[i];
    const Covariate& expected = sales.history.covariates[i];
    EXPECT_EQ(covariate.name, expected.name);
    EXPECT_EQ(covariate.known_ahead, expected.known_ahead);
    EXPECT_TRUE((covariate.values.array() == expected.values.array() ||
                 (covariate.values.array().isNaN() && expected.values.array().isNaN()))
                    .all())
        << covariate.name;
  }
}

}  // namespace
}  // namespace restock
