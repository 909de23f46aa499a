#include <cmath>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "common/file.h"
#include "forecasting/returns.h"
#include "forecasting/sales_file.h"
#include "tests/forecasting/test_histories.h"
#include "tests/temporary_folder.h"

namespace restock {
namespace {

using ::testing::HasSubstr;

// What rows of a sales file mean: returns, several rows of one day, missing rows, other layouts.
class DataRowsTest : public ::testing::Test {
 protected:
  DemandHistory Read(const std::string& name, const std::string& settings) {
    report_ = {};
    return ReadSalesFile(Config(name, settings), folder_.path() / name, &report_);
  }
  static DataConfig Config(const std::string& name, const std::string& settings) {
    return ReadDataConfig(ParseConfig("path: " + name + "\n" + settings, "test.yaml"));
  }
  DemandHistory ReadText(const std::string& content, const std::string& settings) {
    WriteFileAtomically(folder_.path() / "sales.csv", content);
    return Read("sales.csv", settings);
  }
  std::string ErrorOf(const std::string& name, const std::string& settings) {
    try {
      Read(name, settings);
    } catch (const InputError& error) {
      return error.what();
    }
    return "accepted";
  }
  /// A database made by these statements.
  void MakeDatabase(const std::string& name, const std::string& statements) {
    sqlite3* connection = nullptr;
    ASSERT_EQ(sqlite3_open((folder_.path() / name).c_str(), &connection), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(connection, statements.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(connection);
  }

  TemporaryFolder folder_;
  DataReport report_;
};

TEST_F(DataRowsTest, ReturnsAreTakenOffTheSalesThatFollow) {
  // 7 come back on day 2, which sells 3; 2 more go on day 3 and the last 2 of the 6 of day 4; 4 of day 5 are left
  const std::string rows =
      "date,sku,demand\n2024-01-01,tea,5\n2024-01-02,tea,3\n2024-01-02,tea,-7\n2024-01-03,tea,2\n2024-01-04,tea,6\n"
      "2024-01-05,tea,-4\n";
  const DemandHistory history = ReadText(rows, "returns: net\nduplicates: sum\n");
  EXPECT_EQ(history.sales.col(0), (Eigen::VectorXf(5) << 5, 0, 0, 4, 0).finished());
  const auto totals = report_.Totals();
  ASSERT_EQ(totals.size(), 3u);
  EXPECT_EQ(totals[1].step, DataStep::kReturnNetted);
  EXPECT_EQ(totals[1].units, 7);
  EXPECT_EQ(totals[2].step, DataStep::kReturnUnmatched);
  EXPECT_EQ(totals[2].units, 4);
}

// What is known at an origin is the same whether or not something comes back later.
TEST_F(DataRowsTest, ReturnsNeverChangeWhatWasKnownBefore) {
  const std::string before = "date,sku,demand\n2024-01-01,tea,5\n2024-01-02,tea,3\n2024-01-03,tea,2\n";
  const DemandHistory known = ReadText(before, "returns: net\n");
  const DemandHistory later = ReadText(before + "2024-01-04,tea,-9\n2024-01-05,tea,1\n", "returns: net\n");
  EXPECT_EQ(later.sales.topRows(3), known.sales);
  EXPECT_EQ(later.sales(4, 0), 0);
}

TEST_F(DataRowsTest, ReturnsMayHaveAColumnOrBeLeftOut) {
  const std::string with_column = "date,sku,demand,back\n2024-01-01,tea,5,\n2024-01-02,tea,3,4\n";
  const DemandHistory netted = ReadText(with_column, "returns: net\ncolumns: {returned: back}\n");
  EXPECT_EQ(netted.sales(1, 0), 0);
  EXPECT_EQ(netted.sales(0, 0), 5);
  const DemandHistory dropped = ReadText("date,sku,demand\n2024-01-01,tea,5\n2024-01-02,tea,-4\n", "returns: drop\n");
  EXPECT_EQ(dropped.sales(0, 0), 5);
  EXPECT_EQ(dropped.sales(1, 0), 0);
  EXPECT_EQ(report_.Totals().at(0).step, DataStep::kReturnDropped);
}

TEST_F(DataRowsTest, SeveralRowsOfADayAreAddedUpOrTheLastCounts) {
  const std::string rows = "date,sku,demand\n2024-01-02,tea,1\n2024-01-01,tea,2\n2024-01-01,tea,3\n2024-01-01,tea,-1\n";
  EXPECT_EQ(ReadText(rows, "duplicates: sum\nreturns: net\n").sales(0, 0), 4);
  EXPECT_EQ(report_.Totals().at(0).num_values, 2);  // rows merged into the first
  EXPECT_EQ(ReadText("date,sku,demand\n2024-01-01,tea,2\n2024-01-01,tea,3\n", "duplicates: last\n").sales(0, 0), 3);
  // of what came back, too, the last row counts
  const std::string returned = "date,sku,demand,back\n2024-01-01,tea,9,4\n2024-01-01,tea,9,1\n";
  EXPECT_EQ(ReadText(returned, "duplicates: last\nreturns: net\ncolumns: {returned: back}\n").sales(0, 0), 8);
  EXPECT_THAT(ErrorOf("sales.csv", ""), HasSubstr("sales.csv:3: second row"));
  // days become weeks
  EXPECT_EQ(
      ReadText("date,sku,demand\n2024-01-01,tea,2\n2024-01-07,tea,3\n", "duplicates: sum\nperiod: week\n").sales(0, 0),
      5);
}

TEST_F(DataRowsTest, KeysWithoutEffectAreRefused) {
  WriteFileAtomically(folder_.path() / "sales.csv", "date,sku,demand,back\n2024-01-01,tea,9,4\n");
  EXPECT_THAT(ErrorOf("sales.csv", "columns: {returned: back}\n"), HasSubstr("set data.returns to net or drop"));
  EXPECT_THAT(ErrorOf("sales.csv", "first_date: 2024-01-01\n"), HasSubstr("set data.layout to wide"));
}

TEST_F(DataRowsTest, AMissingRowIsZeroOnlyWhereItIsSaidSo) {
  const std::string rows =
      "date,sku,demand,open\n2024-01-01,tea,1,1\n2024-01-02,jam,4,1\n2024-01-03,tea,,1\n2024-01-04,jam,0,0\n"
      "2024-01-05,tea,2,1\n";
  const DemandHistory history = ReadText(rows, "missing: {rows: zero}\n");
  const auto jam = history.sales.col(0), tea = history.sales.col(1);
  EXPECT_EQ(tea[1], 0);
  EXPECT_TRUE(std::isnan(tea[2]));  // a row without a quantity stays unknown
  EXPECT_TRUE(std::isnan(tea[3]));  // closed
  EXPECT_TRUE(std::isnan(jam[0]));  // before its first row
  EXPECT_EQ(jam[4], 0);
  EXPECT_EQ(report_.Totals().at(0).num_values, 3);  // tea on the 2nd, jam on the 3rd and 5th
  EXPECT_TRUE(std::isnan(ReadText(rows, "").sales(1, 1)));
}

TEST_F(DataRowsTest, ADatabaseReadsLikeAFile) {
  MakeDatabase("shop.sqlite",
               "CREATE TABLE sales (date TEXT, warehouse TEXT, sku TEXT, demand REAL);"
               "INSERT INTO sales VALUES ('2024-01-02', 'north', 'tea', 2.5), ('2024-01-01', 'north', 'tea', 4),"
               "('2024-01-02', 'north', 'jam', NULL);"
               "CREATE TABLE lines (day TEXT, item TEXT, pieces INTEGER, price TEXT);"
               "INSERT INTO lines VALUES ('2024-01-01', 'tea', 3, 'x'), ('2024-01-01', 'tea', 2, 'y');");
  const DemandHistory history = Read("shop.sqlite", "unit_size: 0.5\n");
  ASSERT_EQ(history.num_series(), 2);
  EXPECT_EQ(history.sales(0, 1), 8);
  EXPECT_EQ(history.sales(1, 1), 5);
  EXPECT_TRUE(std::isnan(history.sales(1, 0)));
  const std::string query = "query: SELECT day AS date, item AS sku, sum(pieces) AS demand FROM lines GROUP BY 1, 2\n";
  EXPECT_EQ(Read("shop.sqlite", query).sales(0, 0), 5);
  EXPECT_EQ(Read("shop.sqlite", "table: lines\nduplicates: sum\ncolumns: {date: day, sku: item, demand: pieces}\n")
                .sales(0, 0),
            5);
}

TEST_F(DataRowsTest, FaultsOfADatabaseNameRowValueAndCure) {
  MakeDatabase("shop.db",
               "CREATE TABLE sales (date TEXT, sku TEXT, demand TEXT);"
               "INSERT INTO sales VALUES ('2024-01-01', 'tea', '4'), ('2024-01-02', 'tea', 'n/a');"
               "CREATE TABLE pictures (date TEXT, sku TEXT, demand BLOB);"
               "INSERT INTO pictures VALUES ('2024-01-01', 'tea', x'00ff');");
  EXPECT_THAT(ErrorOf("shop.db", ""), HasSubstr("shop.db: row 2: column demand: \"n/a\" is not a number of units."));
  EXPECT_THAT(ErrorOf("shop.db", "table: sale\n"), HasSubstr("The database has the tables pictures, sales."));
  EXPECT_THAT(ErrorOf("shop.db", "table: pictures\n"), HasSubstr("row 1: column demand: is a BLOB"));
  EXPECT_THAT(ErrorOf("shop.db", "query: DELETE FROM sales\n"), HasSubstr("must be one SELECT statement"));
  EXPECT_THAT(ErrorOf("shop.db", "query: SELECT 1; SELECT 2\n"), HasSubstr("must be one SELECT statement"));
  EXPECT_THAT(ErrorOf("shop.db", "columns: {demand: sold}\n"), HasSubstr("shop.db: there is no column sold."));
  EXPECT_THAT(ErrorOf("none.db", ""), HasSubstr("none.db: cannot be opened"));
  WriteFileAtomically(folder_.path() / "text.db", std::string(2000, 'x'));
  EXPECT_THAT(ErrorOf("text.db", ""), HasSubstr("text.db: is not an SQLite database"));
  EXPECT_THROW(Config("sales.csv", "table: sales\n"), ConfigError);
  EXPECT_THROW(Config("shop.db", "layout: wide\n"), ConfigError);
}

TEST_F(DataRowsTest, AWideFileHasAColumnPerPeriod) {
  WriteFileAtomically(
      folder_.path() / "wide.csv",
      "id,item_id,dept_id,store_id,d_1,d_2,d_3\n1,FOODS_1,FOODS,CA_1,3,,0\n2,FOODS_1,FOODS,TX_1,1,2,x\n");
  const std::string settings = "layout: wide\ncolumns: {sku: item_id, warehouse: store_id, category: dept_id}\n";
  EXPECT_THAT(ErrorOf("wide.csv", settings), HasSubstr("column d_1 is numbered: tell the date"));
  EXPECT_THAT(ErrorOf("wide.csv", settings + "first_date: 2011-01-29\n"),
              HasSubstr("wide.csv:3: column d_3: \"x\" is not a number of units."));
  WriteFileAtomically(folder_.path() / "wide.csv",
                      "item,store,2024-02-28,2024-03-01\nFOODS_1,CA_1,3,5\nFOODS_1,TX_1,,2\n");
  const DemandHistory history = Read("wide.csv", "layout: wide\ncolumns: {sku: item, warehouse: store}\n");
  ASSERT_EQ(history.sales.rows(), 3);  // 28 and 29 February, 1 March
  EXPECT_EQ(history.sales(0, 0), 3);
  EXPECT_TRUE(std::isnan(history.sales(1, 0)));
  EXPECT_EQ(history.sales(2, 1), 2);
  EXPECT_TRUE(std::isnan(history.sales(0, 1)));
}

}  // namespace
}  // namespace restock
