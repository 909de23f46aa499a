#include "forecasting/sales_file.h"

#include <cmath>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/file.h"
#include "forecasting/demand_table.h"
#include "tests/forecasting/test_histories.h"
#include "tests/temporary_folder.h"

namespace restock {
namespace {

using ::testing::HasSubstr;

class SalesFileTest : public ::testing::Test {
 protected:
  DemandHistory Read(const std::string& content, const std::string& settings = "") {
    WriteFileAtomically(file_, content);
    return ReadSalesFile(Config(settings), file_);
  }
  DataConfig Config(const std::string& settings) {
    return ReadDataConfig(ParseConfig("path: sales.csv\n" + settings, "test.yaml"));
  }
  void ExpectError(const std::string& content, const std::string& message, const std::string& settings = "") {
    try {
      Read(content, settings);
      FAIL() << "accepted: " << content;
    } catch (const DataError& error) {
      EXPECT_THAT(error.what(), HasSubstr(message));
      EXPECT_THAT(error.what(), HasSubstr("sales.csv"));
    }
  }

  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "sales.csv";
};

TEST_F(SalesFileTest, SortsSeriesAndKeepsMissingDaysApartFromZeroSales) {
  const DemandHistory history = Read(
      "date,warehouse,sku,demand\n"
      "2024-01-03,south,10,5\n"
      "2024-01-01,south,9,0\n"
      "2024-01-01,north,9,2\n"
      "2024-01-03,south,9,4\n");
  ASSERT_EQ(history.num_series(), 3);
  EXPECT_EQ(history.series[0].warehouse, "north");
  EXPECT_EQ(history.series[1].sku, "9");  // numbers by their value
  EXPECT_EQ(history.series[2].sku, "10");
  ASSERT_EQ(history.sales.rows(), 3);
  EXPECT_EQ(history.sales(0, 1), 0);             // a recorded zero
  EXPECT_TRUE(std::isnan(history.sales(1, 1)));  // no row
  EXPECT_EQ(history.sales(2, 1), 4);
  EXPECT_TRUE(std::isnan(history.sales(2, 0)));
}

TEST_F(SalesFileTest, MapsColumnsAndCountsInUnitSizes) {
  const DemandHistory history =
      Read("day,shop,item,kg,out\n2024-01-01,a,milk,1.2,0\n2024-01-02,a,milk,0.7,4\n",
           "unit_size: 0.1\nopen_hours: 16\n"
           "columns: {date: day, warehouse: shop, sku: item, demand: kg, stockout_hours: out}\n");
  EXPECT_FLOAT_EQ(history.sales(0, 0), 12);
  EXPECT_FLOAT_EQ(history.in_stock_share(1, 0), 0.75f);  // 12 of 16 hours
}

TEST_F(SalesFileTest, RowsAfterTheLastSaleGiveWhatIsKnownAhead) {
  const DemandHistory history = Read(
      "date,sku,demand,price,rain\n"
      "2024-01-01,milk,5,2,1\n"
      "2024-01-02,milk,,2,1\n"
      "2024-01-03,milk,4,1.5,0\n"
      "2024-01-04,milk,,1.2,3\n",
      "covariates: [{column: price, known_ahead: true}, {column: rain}]\n");
  ASSERT_EQ(history.sales.rows(), 3);
  EXPECT_TRUE(std::isnan(history.sales(1, 0)));  // empty before the last sale: not known
  EXPECT_EQ(history.series[0].warehouse, "all");
  EXPECT_FLOAT_EQ(history.covariates[0].values(3, 0), 1.2f);
  EXPECT_TRUE(std::isnan(history.covariates[1].values(3, 0)));  // not planned, so not known
}

TEST_F(SalesFileTest, AClosedDayIsNotAZero) {
  const DemandHistory history = Read(
      "date,warehouse,sku,demand,open,holiday\n"
      "2024-01-01,a,milk,5,1,0\n"
      "2024-01-02,a,milk,0,0,1\n"
      "2024-01-03,a,milk,2,1,0\n");
  EXPECT_TRUE(history.calendar.IsClosed(1));
  EXPECT_TRUE(history.calendar.IsHoliday(1));
  EXPECT_FALSE(history.calendar.IsClosed(2));
  EXPECT_TRUE(std::isnan(history.sales(1, 0)));
}

TEST_F(SalesFileTest, AWeekMayBeNamedByAnyOfItsDays) {
  const DemandHistory history = Read("date,sku,demand\n2024-01-03,milk,5\n2024-01-14,milk,4\n", "period: week\n");
  ASSERT_EQ(history.sales.rows(), 2);
  EXPECT_EQ(history.calendar.first_date.ToString(), "2024-01-01");
  EXPECT_EQ(history.sales(1, 0), 4);
  ExpectError("date,sku,demand\n2024-01-03,milk,5\n2024-01-05,milk,4\n",
              "sales.csv:3: second row for the week of 2024-01-01 of milk at all; the first is in line 2. Sum the days",
              "period: week\n");
}

TEST_F(SalesFileTest, ErrorsNameFileAndLine) {
  const std::string header = "date,warehouse,sku,demand\n";
  ExpectError(header + "2024-01-01,a,milk,5\n2024-02-30,a,milk,5\n", "sales.csv:3");
  ExpectError(header + "2024-01-01,a,milk,-5\n", "negative");
  ExpectError(header + "2024-01-01,a,milk,many\n", "sales.csv:2");
  ExpectError(header + "2024-01-01,a,milk,nan\n", "sales.csv:2");
  ExpectError(header + "2024-01-01,a,,5\n", "product");
  ExpectError(header + "2024-01-01,,milk,5\n", "warehouse");
  ExpectError(header + "2024-01-01,a,milk,5\n2024-01-02,a,milk,5\n2024-01-01,a,milk,6\n", "sales.csv:4: second row");
  ExpectError(header + "2024-01-01,a,milk,5\n2024-01-01,b,milk ,5\n", "sales.csv:3: column sku: \"milk \" is \"milk\"");
  ExpectError(header + "2024-01-01,a,milk,5\n2024-01-01, a,tea,5\n", "sales.csv:3: column warehouse: \" a\" is \"a\"");
  ExpectError(header + "2024-01-01,a,\"two\nlines\",5\n", "column sku: \"two\\x0alines\" goes over several lines");
  ExpectError(header + "2024-01-01,a,milk,5\n9024-01-02,a,milk,5\n", "century");
  ExpectError(header, "no row");
  ExpectError(header + "2024-01-01,a,milk,\n", "no row has a quantity");
  ExpectError("date,warehouse,sku\n2024-01-01,a,milk\n", "demand");
  const std::string with_hours = "date,sku,demand,stockout_hours\n2024-01-01,milk,5,16\n";
  EXPECT_EQ(Read(with_hours, "open_hours: 16\n").in_stock_share(0, 0), 0);  // all of them
  ExpectError(with_hours + "2024-01-02,milk,5,17\n", "sales.csv:3: column stockout_hours: 17", "open_hours: 16\n");
  ExpectError(with_hours + "2024-01-02,milk,5,16.25\n", "sales.csv:3: column stockout_hours: 16.25",
              "open_hours: 16\n");
  ExpectError(with_hours + "2024-01-02,milk,5,-1\n", "sales.csv:3: column stockout_hours: -1 is negative");
  ExpectError(with_hours + "2024-01-02,milk,5,25\n", "set data.open_hours");
  ExpectError(with_hours + "2024-01-02,milk,5,long\n", "hours");
  ExpectError("date,sku,demand,stockout\n2024-01-01,milk,5,2\n", "0 or 1");
  ExpectError("date,sku,sold\n2024-01-01,milk,5\n", "quantity", "columns: {demand: quantity}\n");
}

TEST_F(SalesFileTest, SelectsTheLargestWarehousesAndThenTheLargestSkusThere) {
  // warehouse b sells most; there the order of products is y, x
  WriteFileAtomically(file_,
                      "date,warehouse,sku,demand\n"
                      "2024-01-01,a,x,9\n2024-01-01,a,z,8\n"
                      "2024-01-01,b,x,10\n2024-01-01,b,y,11\n2024-01-01,b,z,1\n");
  DataConfig config = Config("select: {num_warehouses: 1, num_skus: 2}\n");
  config.path = file_;
  const DemandHistory history = ReadDemand(config, Random(1));
  ASSERT_EQ(history.num_series(), 2);
  EXPECT_EQ(history.series[0], (Series{"b", "x", ""}));
  EXPECT_EQ(history.series[1], (Series{"b", "y", ""}));
  EXPECT_EQ(history.demand(0, 1), 11);
}

TEST_F(SalesFileTest, ReadsGivenSeriesInTheirOrderFromAnotherFile) {
  WriteFileAtomically(file_, "date,warehouse,sku,demand\n2024-01-01,a,x,9\n2024-01-01,a,y,8\n2024-01-01,a,new,1\n");
  const DemandHistory history = ReadSales(Config(""), file_, {{"a", "y", ""}, {"a", "x", ""}});
  ASSERT_EQ(history.num_series(), 2);
  EXPECT_EQ(history.demand(0, 0), 8);
  EXPECT_THROW(ReadSales(Config(""), file_, {{"a", "gone", ""}}), DataError);
}

TEST_F(SalesFileTest, AMissingFileNamesTheVariable) {
  try {
    FindDataFile("no/such/file.csv", "test.yaml:3:5");
    FAIL();
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), HasSubstr("test.yaml:3:5"));
    EXPECT_THAT(error.what(), HasSubstr("RESTOCK_DATA"));
  }
}

TEST(DataConfigTest, RefusesWhatMakesNoSense) {
  const auto read = [](const std::string& text) { return ReadDataConfig(ParseConfig(text, "test.yaml")); };
  EXPECT_THROW(read("unit: kg\n"), ConfigError);                              // neither path nor generate
  EXPECT_THROW(read("path: a.csv\ngenerate: {num_skus: 3}\n"), ConfigError);  // both
  EXPECT_THROW(read("path: a.csv\nunit_size: 0\n"), ConfigError);
  EXPECT_THROW(read("path: a.csv\ncolumns: {demnd: sale}\n"), ConfigError);
  EXPECT_THROW(read("path: a.csv\nopen_hours: 3\ncensoring: {hourly_profile: [1, 2]}\n"), ConfigError);
  EXPECT_THROW(read("path: a.csv\ncensoring: {cap: 0.5}\n"), ConfigError);
}

TEST(DataConfigTest, SplitsOffTheLastPeriodsAndKeepsPlans) {
  DemandHistory history = HistoryOf(Eigen::MatrixXf::Constant(30, 2, 4));
  history.covariates.push_back({"price", true, Eigen::MatrixXf::Ones(35, 2)});
  history.covariates.push_back({"rain", false, Eigen::MatrixXf::Ones(30, 2)});
  const DemandSplit split = SplitHoldout(history, 10);
  EXPECT_EQ(split.past.num_periods(), 20);
  EXPECT_EQ(split.full.num_periods(), 30);
  EXPECT_EQ(split.past.covariates[0].values.rows(), 35);
  EXPECT_EQ(split.past.covariates[1].values.rows(), 20);
  EXPECT_THROW(SplitHoldout(history, 20), DataError);
}

TEST(DataConfigTest, RefusesSalesWithoutAnyKnownDemand) {
  DemandHistory history = HistoryOf(Eigen::MatrixXf::Zero(30, 2));
  EXPECT_THROW(SplitHoldout(history, 10), DataError);
  history.demand(0, 0) = kUnknown;
  EXPECT_THROW(SplitHoldout(history, 10), DataError);
  history.demand(25, 1) = 3;  // which no fitting may see
  EXPECT_THROW(SplitHoldout(history, 10), DataError);
  history.demand(3, 1) = 3;
  EXPECT_EQ(SplitHoldout(history, 10).past.num_periods(), 20);
}

TEST(DataConfigTest, RefusesAUnitSizeBeyondUsualSales) {
  DemandHistory history = HistoryOf(Eigen::MatrixXf::Constant(30, 2, 0.4f));
  history.unit_size = 1000;
  try {
    SplitHoldout(history, 0);
    FAIL() << "accepted";
  } catch (const DataError& error) {
    EXPECT_THAT(error.what(), HasSubstr("data.unit_size is 1000, but the mean sale is only 400 piece"));
  }
}

TEST(FreshretailTest, IsReadAsItsPublisherDescribesIt) {
  if (RealData().empty()) GTEST_SKIP() << "no data: set RESTOCK_DATA to the folder that holds data/freshretail";
  DataConfig config =
      ReadDataConfig(ParseConfig("path: x\nunit_size: 0.1\nopen_hours: 16\ncolumns: {demand: sale}\n"
                                 "covariates: [{column: discount, known_ahead: true}, {column: temp}]\n",
                                 "test.yaml"));
  const DemandHistory history = ReadSalesFile(config, RealData() / "data/freshretail/panel_24x80_daily.csv");
  EXPECT_EQ(history.num_series(), 1700);
  EXPECT_EQ(history.sales.rows(), 76);
  EXPECT_EQ(history.calendar.first_date.ToString(), "2024-03-28");
  EXPECT_EQ((history.in_stock_share.array() < 1).count(), 59'925);  // rows with stockout_hours above 0
}

}  // namespace
}  // namespace restock
