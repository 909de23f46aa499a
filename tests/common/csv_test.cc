#include "common/csv.h"

#include <chrono>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "common/file.h"
#include "tests/temporary_folder.h"

namespace restock {
namespace {

class CsvTest : public ::testing::Test {
 protected:
  std::vector<std::vector<std::string>> ReadAll(std::string_view content) {
    WriteFileAtomically(file_, content);
    CsvReader csv(file_);
    std::vector<std::vector<std::string>> rows;
    while (csv.NextRow()) {
      auto& row = rows.emplace_back();
      for (size_t column = 0; column < csv.header().size(); ++column)
        row.emplace_back(csv.Text(static_cast<int>(column)));
    }
    return rows;
  }

  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "sales.csv";
};

using Rows = std::vector<std::vector<std::string>>;

TEST_F(CsvTest, ReadsRowsByColumnName) {
  WriteFileAtomically(file_, "date,sku,demand\n2024-01-01,milk,3\n2024-01-02,milk,4.5\n");
  CsvReader csv(file_);
  const int demand = csv.RequireColumn("demand");
  ASSERT_TRUE(csv.NextRow());
  EXPECT_EQ(csv.line(), 2);
  EXPECT_EQ(csv.Text(csv.RequireColumn("sku")), "milk");
  EXPECT_EQ(csv.Number(demand), 3);
  ASSERT_TRUE(csv.NextRow());
  EXPECT_EQ(csv.Number(demand), 4.5);
  EXPECT_FALSE(csv.NextRow());
  EXPECT_FALSE(csv.NextRow());
  EXPECT_EQ(csv.FindColumn("price"), std::nullopt);
}

TEST_F(CsvTest, ReadsQuotedFieldsWithCommasQuotesAndLineBreaks) {
  EXPECT_EQ(ReadAll("a,b\n\"x, y\",\"say \"\"hi\"\"\"\n\"two\nlines\",\"\"\n"),
            (Rows{{"x, y", "say \"hi\""}, {"two\nlines", ""}}));
}

TEST_F(CsvTest, ReadsTheSameWithByteOrderMarkCrLfAndWithoutALastLineEnd) {
  const Rows rows = {{"1", "2"}, {"3", ""}};
  EXPECT_EQ(ReadAll("a,b\n1,2\n3,\n"), rows);
  EXPECT_EQ(ReadAll("\xEF\xBB\xBF"
                    "a,b\r\n1,2\r\n3,\r\n"),
            rows);
  EXPECT_EQ(ReadAll("a,b\n1,2\n3,"), rows);
  EXPECT_EQ(ReadAll("a,b\r\n1,2\r\n3,\r\n\r\n\n"), rows);
  EXPECT_EQ(ReadAll("\"a\",\"b\"\n\"1\",\"2\"\n\"3\",\"\""), rows);
}

TEST_F(CsvTest, AHeaderWithoutRowsIsAnEmptyTable) { EXPECT_EQ(ReadAll("a,b\n"), Rows{}); }

TEST_F(CsvTest, CountsTheLinesWithinQuotes) {
  WriteFileAtomically(file_, "a,b\n\"x\n\ny\",1\nz,oops\n");
  CsvReader csv(file_);
  ASSERT_TRUE(csv.NextRow());
  ASSERT_TRUE(csv.NextRow());
  EXPECT_EQ(csv.line(), 5);
}

struct BrokenFile {
  std::string content;
  std::string message;  // the end of it, after the file's name
};

TEST_F(CsvTest, SaysWhatIsBrokenAndInWhichLine) {
  const std::vector<BrokenFile> broken_files = {
      {"", ":1: the file is empty; the first row names the columns."},
      {"\n\n", ":1: the file is empty; the first row names the columns."},
      {"\xEF\xBB\xBF", ":1: the file is empty; the first row names the columns."},
      {"a,demand,a\n", ":1: column \"a\" stands twice."},
      {"a,demand,\n", ""},
      {"a,demand,,\n", ":1: column \"\" stands twice."},
      {"a;demand;b\n1;2;3\n", ":1: there is no column demand. Columns are separated by commas."},
      {"a,demnad,b\n1,2,3\n", ":1: there is no column demand. Did you mean demnad?"},
      {"a,b\n1,2\n", ":1: there is no column demand. Known: a, b."},
      {"a,demand\n1,2\n1\n", ":3: the row has 1 field, but there are 2 columns."},
      {"a,demand\n1,2,3\n", ":2: the row has 3 fields, but there are 2 columns."},
      {"a,demand\n1,2\n\n1,3\n", ":3: the row has 1 field, but there are 2 columns."},
      {"a,demand\n1,2\n1", ":3: the row has 1 field, but there are 2 columns."},
      {"a,demand\n1,\"2\n1,3\n",
       ":2: a quoted field never ends; a closing quote is missing, or the file was cut short."},
      {"a,demand\n1,\"2\" \n", ":2: text follows a closing quote; a quote inside a field is written twice."},
      {"a,demand\n1,2\"\n",
       ":2: a quote stands inside a field; put the whole field in quotes and write the inner quote twice."},
      {"a,demand\n1,2\r1,3\n", ":2: a carriage return stands inside the row; lines end with LF or CRLF."},
      {"a,demand\ncaf\xE9,2\n", ":2: is not UTF-8 text; save the file as CSV in UTF-8."},
      {std::string("a,demand\n1,2\n\0,3\n", 17), ":3: is not UTF-8 text; save the file as CSV in UTF-8."},
      {"a,demand\nmilk,n/a\n", ":2: column demand, series milk: \"n/a\" is not a number of units."},
      {"a,demand\nmilk,\n", ":2: column demand, series milk: the cell is empty; a number of units is needed."},
      {"a,demand\nmilk,nan\n", ":2: column demand, series milk: \"nan\" is not a number of units."},
      {"a,demand\nmilk,-inf\n", ":2: column demand, series milk: \"-inf\" is not a number of units."},
      {"a,demand\nmilk,1e999\n", ":2: column demand, series milk: \"1e999\" is not a number of units."},
      {"a,demand\nmilk, 5\n", ":2: column demand, series milk: \" 5\" is not a number of units."},
      {"a,demand\nmilk,\"1,5\"\n", ":2: column demand, series milk: \"1,5\" is not a number of units."},
      {"a,demand\nmilk,0x10\n", ":2: column demand, series milk: \"0x10\" is not a number of units."},
      {"a,demand\nmilk,3\nmilk,5 pieces\n", ":3: column demand, series milk: \"5 pieces\" is not a number of units."},
  };
  for (const BrokenFile& broken : broken_files) {
    WriteFileAtomically(file_, broken.content);
    std::string message;
    try {
      CsvReader csv(file_);
      const int demand = csv.RequireColumn("demand");
      csv.NameRowsBy("series", {0});
      while (csv.NextRow()) csv.Number(demand, "units");
    } catch (const DataError& error) {
      message = error.what();
    }
    if (broken.message.empty()) {
      EXPECT_EQ(message, "") << broken.content;
    } else {
      EXPECT_EQ(message, file_.string() + broken.message) << broken.content;
    }
  }
}

TEST_F(CsvTest, AMissingFileIsADataError) { EXPECT_THROW(CsvReader(folder_ / "nothing.csv"), DataError); }

TEST_F(CsvTest, ReadsAPanelOf130000RowsInAThirdOfASecond) {
  std::string content = "date,warehouse,sku,c1,c2,c3,c4,c5,c6,c7,c8,c9,c10\n";
  for (int row = 0; row < 130'000; ++row) content += "2024-01-01,city/3,sku 1234,12.5,0,3.25,1,0.875,17,2,-4.5,100,0\n";
  WriteFileAtomically(file_, content);
  const auto start = std::chrono::steady_clock::now();
  CsvReader csv(file_);
  double sum = 0;
  while (csv.NextRow())
    for (int column = 3; column < 13; ++column) sum += csv.Number(column);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  EXPECT_EQ(sum, 130'000 * 132.125);
#if defined(NDEBUG) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LT(seconds.count(), 0.3);  // measured: 0.04
#endif
}

TEST_F(CsvTest, WritesWhatReadsBack) {
  CsvWriter writer(file_);
  writer.Text("name").Text("value").Text("count").EndRow();
  writer.Text("x, \"y\"\nz").Number(0.1).Integer(-7).EndRow();
  writer.Text("").Number(std::numeric_limits<double>::quiet_NaN()).Integer(0).EndRow();
  writer.Text(" blanks ").Number(1e300).Integer(std::numeric_limits<int64_t>::min()).EndRow();
  EXPECT_FALSE(std::filesystem::exists(file_)) << "not before Commit";
  writer.Commit();

  CsvReader csv(file_);
  ASSERT_TRUE(csv.NextRow());
  EXPECT_EQ(csv.Text(0), "x, \"y\"\nz");
  EXPECT_EQ(csv.Number(1), 0.1);
  EXPECT_EQ(csv.Text(2), "-7");
  ASSERT_TRUE(csv.NextRow());
  EXPECT_TRUE(csv.IsEmpty(0));
  EXPECT_TRUE(csv.IsEmpty(1));
  ASSERT_TRUE(csv.NextRow());
  EXPECT_EQ(csv.Text(0), " blanks ");
  EXPECT_EQ(csv.Number(1), 1e300);
  EXPECT_FALSE(csv.NextRow());
}

TEST_F(CsvTest, NeutralisesCellsThatASpreadsheetWouldRun) {
  CsvWriter writer(file_);
  writer.Text("sku").EndRow();
  for (const char* text : {"=1+2", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "=HYPERLINK(\"http://x\",\"y\")"})
    writer.Text(text).EndRow();
  writer.Text("milk=3").EndRow();
  writer.Number(-1.0).EndRow();
  writer.Commit();

  CsvReader csv(file_);
  std::vector<std::string> cells;
  while (csv.NextRow()) cells.emplace_back(csv.Text(0));
  EXPECT_EQ(cells, (std::vector<std::string>{"'=1+2", "'+1", "'-1", "'@SUM(A1)", "'\tx", "'\rx",
                                             "'=HYPERLINK(\"http://x\",\"y\")", "milk=3", "-1"}));
}

}  // namespace
}  // namespace restock
