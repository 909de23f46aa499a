#include "optimization/mps_file.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/error.h"
#include "optimization/simplex/simplex_solver.h"
#include "tests/optimization/damage.h"
#include "tests/optimization/random_lp.h"

namespace restock {
namespace {

using testing::HasSubstr;

const std::string kSmall = R"(* a comment
NAME          SMALL
ROWS
 N  COST
 L  LIM1
 G  LIM2
 E  MYEQN
 N  OTHER
COLUMNS
    X         COST         1.0   LIM1         1.0
    X         LIM2         1.0   OTHER        5.0
    Y         COST         2.0   LIM1         1.0
    Y         MYEQN       -1.0
    Z         COST        -1.0   MYEQN        1.0
RHS
    RHS       COST       -12.0   LIM1         4.0
    RHS       LIM2         1.0   MYEQN        7.0
    RHS2      LIM1        99.0
RANGES
    RNG       LIM1         2.5   MYEQN       -3.0
BOUNDS
 UP BND       X            4.0
 LO BND       Y           -1.0
 UP BND       Y            1.0
 UP BND       Z           -2.0
ENDATA
)";

TEST(MpsFileTest, ReadsEverySection) {
  const LpModel lp = ParseMps(kSmall, "small.mps");
  EXPECT_EQ(lp.name, "SMALL");
  EXPECT_EQ(lp.objective_offset, 12);
  EXPECT_EQ(lp.row_name, (std::vector<std::string>{"LIM1", "LIM2", "MYEQN"}));
  EXPECT_EQ(lp.row_lower, (std::vector<double>{1.5, 1, 4}));
  EXPECT_EQ(lp.row_upper, (std::vector<double>{4, kInfinity, 7}));
  EXPECT_EQ(lp.cost, (std::vector<double>{1, 2, -1}));
  EXPECT_EQ(lp.lower, (std::vector<double>{0, -1, -kInfinity}));
  EXPECT_EQ(lp.upper, (std::vector<double>{4, 1, -2}));
  EXPECT_EQ(lp.num_entries(), 5);
}

TEST(MpsFileTest, ReadsNamesWithBlanksInFixedFormat) {
  const LpModel lp = ParseMps(
      "NAME          BLANKS\n"
      "ROWS\n"
      " N  MY COST\n"
      " L  ROW 1\n"
      "COLUMNS\n"
      "    COL A     MY COST            1.5   ROW 1              2.0\n"
      "RHS\n"
      "    RHS       ROW 1             8.0\n"
      "BOUNDS\n"
      " UP BND       COL A             3.0\n"
      "ENDATA\n",
      "blanks.mps");
  EXPECT_EQ(lp.column_name[0], "COL A");
  EXPECT_EQ(lp.row_name[0], "ROW 1");
  EXPECT_EQ(lp.cost[0], 1.5);
  EXPECT_EQ(lp.row_upper[0], 8);
  EXPECT_EQ(lp.upper[0], 3);
}

TEST(MpsFileTest, ReadsTheSense) {
  const std::string rest = "ROWS\n N C\n L R\nCOLUMNS\n X C 1 R 1\nRHS\n R 4\nENDATA\n";
  EXPECT_EQ(ParseMps(rest, "a").sense, LpSense::kMinimize);
  EXPECT_EQ(ParseMps("OBJSENSE\n    MAX\n" + rest, "a").sense, LpSense::kMaximize);
  EXPECT_EQ(ParseMps("OBJSENSE MAXIMIZE\n" + rest, "a").sense, LpSense::kMaximize);
  EXPECT_EQ(ParseMps("OBJSENSE\n MIN\n" + rest, "a").sense, LpSense::kMinimize);
  EXPECT_EQ(ParseMps("OBJSENSE\n    max\n" + rest, "a").sense, LpSense::kMaximize);
}

TEST(MpsFileTest, SkipsTheMarkThatSomeEditorsPutFirst) {
  EXPECT_EQ(ParseMps("\xEF\xBB\xBF" + kSmall, "small.mps").name, "SMALL");
}

TEST(MpsFileTest, CountsTheColumnsThatNeedNoLongerBeWhole) {
  EXPECT_EQ(ParseMps(kSmall, "small.mps").num_relaxed_integers, 0);
  const std::string free =
      "ROWS\n N C\nCOLUMNS\n A C 1\n M1 'MARKER' 'INTORG'\n B C 1\n D C 1\n M2 'MARKER' 'INTEND'\n E C 1\n F C 1\n"
      " G C 1\nBOUNDS\n BV BND B\n BV BND E\n UI BND F 9\nENDATA\n";
  EXPECT_EQ(ParseMps(free, "a").num_relaxed_integers, 4);  // B, D, E and F
  const std::string fixed =
      "ROWS\n"
      " N  MY COST\n"
      "COLUMNS\n"
      "    MARKER                 'MARKER'                 'INTORG'\n"
      "    COL A     MY COST            1.5\n"
      "    MARKER                 'MARKER'                 'INTEND'\n"
      "    COL B     MY COST            1.5\n"
      "ENDATA\n";
  EXPECT_EQ(ParseMps(fixed, "a").num_relaxed_integers, 1);
}

TEST(MpsFileTest, AnInfiniteRightHandSideIsNoBoundAndNoRangeBeginsThere) {
  const LpModel lp =
      ParseMps("ROWS\n N C\n L R\nCOLUMNS\n X C 1 R 1\nRHS\n RHS R 1e30\nRANGES\n RNG R 5\nENDATA\n", "a");
  EXPECT_EQ(lp.row_lower[0], -kInfinity);
  EXPECT_EQ(lp.row_upper[0], kInfinity);
}

TEST(MpsFileTest, ReadsBoundsOfEveryKind) {
  const LpModel lp = ParseMps(
      "ROWS\n N C\nCOLUMNS\n A C 1\n B C 1\n D C 1\n E C 1\n F C 1\n G C 1\nBOUNDS\n FR BND A\n MI BND B\n FX BND D 2\n"
      " BV BND E\n UP BND F 1e30\n UP BND F 7\n PL BND F\n LO BND G -5\n UP BND G -3\nENDATA\n",
      "a");
  EXPECT_EQ(lp.lower, (std::vector<double>{-kInfinity, -kInfinity, 2, 0, 0, -5}));
  EXPECT_EQ(lp.upper, (std::vector<double>{kInfinity, kInfinity, 2, 1, kInfinity, -3}));
}

TEST(MpsFileTest, WritesWhatItReads) {
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    LpModel lp = RandomLp(seed, 10, 12);
    for (double& value : lp.value) value /= 3;
    const LpModel again = ParseMps(FormatMps(lp), "again");
    EXPECT_EQ(again.sense, lp.sense);
    EXPECT_EQ(again.objective_offset, lp.objective_offset);
    EXPECT_EQ(again.cost, lp.cost);
    EXPECT_EQ(again.lower, lp.lower);
    EXPECT_EQ(again.upper, lp.upper);
    EXPECT_EQ(again.start, lp.start);
    EXPECT_EQ(again.index, lp.index);
    EXPECT_EQ(again.value, lp.value);
    EXPECT_EQ(again.row_upper, lp.row_upper);
    EXPECT_EQ(again.row_lower, lp.row_lower);
  }
}

TEST(MpsFileTest, NamesThatAreEqualWithoutTheirBlanksStayApart) {
  LpModel lp;
  for (const char* name : {"COLD ROOM", "COLD_ROOM", "OBJECTIVE"}) lp.AddRow(0, 1, name);
  lp.AddColumn(2, 0, 1, {{0, 1}, {1, 3}}, "MILK A");
  lp.AddColumn(4, 0, 1, {{2, 5}}, "MILK_A");
  const LpModel again = ParseMps(FormatMps(lp), "again");
  EXPECT_EQ(again.row_name, (std::vector<std::string>{"COLD_ROOM", "COLD_ROOM_2", "OBJECTIVE"}));
  EXPECT_EQ(again.column_name, (std::vector<std::string>{"MILK_A", "MILK_A_2"}));
  EXPECT_EQ(again.cost, lp.cost);
  EXPECT_EQ(again.index, lp.index);
}

struct DamagedFile {
  std::string text;
  std::string message;
};

std::string Replace(const std::string& from, const std::string& to) {
  std::string text = kSmall;
  return text.replace(text.find(from), from.size(), to);
}

TEST(MpsFileTest, NamesFileLineAndCureOfDamage) {
  const DamagedFile damaged[] = {
      {"", "damaged.mps: the file is empty."},
      {Replace("ENDATA", ""), "the file ends without ENDATA"},
      {Replace("ROWS", "ROSW"), "damaged.mps:3: unknown section \"ROSW\"; known are"},
      {Replace(" E  MYEQN", " Q  MYEQN"), "damaged.mps:7: the row type is \"Q\", but must be N, E, L or G"},
      {Replace(" G  LIM2", " G  LIM1"), "damaged.mps:6: row \"LIM1\" stands here a second time"},
      {Replace("X         LIM2 ", "X         LIM9 "), "damaged.mps:11: unknown row \"LIM9\""},
      {Replace("LIM2         1.0   OTHER", "LIM2         1,0   OTHER"), "damaged.mps:11: \"1,0\" is not a number"},
      {Replace("LIM2         1.0   OTHER", "LIM2         nan   OTHER"), "damaged.mps:11: \"nan\" is not a number"},
      {Replace("LIM2         1.0   OTHER", "LIM2         inf   OTHER"), "damaged.mps:11: \"inf\" must be finite"},
      {Replace("X         LIM2 ", "X         LIM1 "), "damaged.mps:11: the column has two entries in the same row"},
      {Replace("    Z         COST", "    X         COST"), "damaged.mps:14: the entries of column \"X\""},
      {Replace(" LO BND       Y ", " LO BND       W "), "damaged.mps:23: unknown column \"W\""},
      {Replace(" LO BND", " XX BND"), "damaged.mps:23: the bound type is \"XX\""},
      {Replace("RNG       LIM1         2.5", "RNG       LIM1         "), "damaged.mps:20"},
      {Replace("MYEQN        7.0", "MYEQN        1e30"), "damaged.mps:17: no E row can meet 1e30; 1e20 and more"},
      {Replace("LIM1         4.0", "LIM1         -1e20"), "damaged.mps:16: no L row can meet -1e20"},
      {Replace(" UP BND       Z           -2.0", " FX BND       Z           1e20"),
       "damaged.mps:25: no column can meet"},
  };
  for (const DamagedFile& file : damaged) {
    try {
      ParseMps(file.text, "damaged.mps");
      ADD_FAILURE() << "accepted: " << file.message;
    } catch (const DataError& error) {
      EXPECT_THAT(error.what(), HasSubstr(file.message));
    }
  }
}

TEST(MpsFileTest, NeverCrashesOnDamage) {
  for (uint64_t seed = 1; seed <= 3000; ++seed) {
    RandomStream random(seed, 5);
    const std::string text = Damage(kSmall, random);
    try {
      Solve(ParseMps(text, "damaged.mps"), {.iteration_limit = 1000});
    } catch (const DataError&) {
    }
  }
}

}  // namespace
}  // namespace restock
