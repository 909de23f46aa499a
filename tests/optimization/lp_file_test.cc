#include "optimization/lp_file.h"

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

const std::string kSmall = R"(\Problem name: small
\ a comment
Maximize
 profit: 3 doors + 5windows - gates + 12
Subject To
 plant_1: doors <= 4
 plant_2: 2 windows + 0 gates <= 12  \ another comment
 plant_3: 3 doors
          + 2 windows + 1 <= 19
 -1.5e1 <= - gates + - 2 free_gates <= 20
 7 >= doors - windows
 sum: doors + windows + doors = 10
Bounds
 -1 <= gates <= 8
 gates >= -2
 free_gates Free
 doors <= 1e30
 -inf <= windows <= +infinity
Generals
 doors
Binary
 open
End
this is not read
)";

std::string Replace(const std::string& from, const std::string& to) {
  std::string text = kSmall;
  return text.replace(text.find(from), from.size(), to);
}

const std::string kWhole = Replace("+ 12\n", "+ 12 + 0 open\n");

TEST(LpFileTest, ReadsEverySection) {
  const LpModel lp = ParseLp(kWhole, "small.lp");
  EXPECT_EQ(lp.name, "small");
  EXPECT_EQ(lp.sense, LpSense::kMaximize);
  EXPECT_EQ(lp.objective_offset, 12);
  EXPECT_EQ(lp.column_name, (std::vector<std::string>{"doors", "windows", "gates", "open", "free_gates"}));
  EXPECT_EQ(lp.cost, (std::vector<double>{3, 5, -1, 0, 0}));
  EXPECT_EQ(lp.lower, (std::vector<double>{0, -kInfinity, -2, 0, -kInfinity}));
  EXPECT_EQ(lp.upper, (std::vector<double>{kInfinity, kInfinity, 8, 1, kInfinity}));
  EXPECT_EQ(lp.row_name, (std::vector<std::string>{"plant_1", "plant_2", "plant_3", "", "", "sum"}));
  EXPECT_EQ(lp.row_lower, (std::vector<double>{-kInfinity, -kInfinity, -kInfinity, -15, -kInfinity, 10}));
  EXPECT_EQ(lp.row_upper, (std::vector<double>{4, 12, 18, 20, 7, 10}));
  EXPECT_EQ(lp.start, (std::vector<int>{0, 4, 8, 9, 9, 10}));
  EXPECT_EQ(lp.index, (std::vector<int>{0, 2, 4, 5, 1, 2, 4, 5, 3, 3}));
  EXPECT_EQ(lp.value, (std::vector<double>{1, 3, 1, 2, 2, 2, -1, 1, -1, -2}));
  EXPECT_EQ(lp.num_relaxed_integers, 2);
}

// Hillier & Lieberman, "Introduction to Operations Research", 3.1, the Wyndor Glass Co.: 36 at (2, 6).
TEST(LpFileTest, ReadsWhatASolverSolves) {
  const LpModel lp = ParseLp("max 3x + 5y\nst\nx <= 4\n2y <= 12\n3x + 2y =< 18\nend\n", "wyndor.lp");
  EXPECT_DOUBLE_EQ(Solve(lp).objective, 36);
}

TEST(LpFileTest, HeadingsMayBeNamesWhereAColonOrASignFollows) {
  const LpModel lp =
      ParseLp("Minimize\n end: bounds + st\nSubject To\n st: bounds - st >= 1\nBounds\n st <= 4\nEnd", "a");
  EXPECT_EQ(lp.column_name, (std::vector<std::string>{"bounds", "st"}));
  EXPECT_EQ(lp.row_name[0], "st");
  EXPECT_EQ(lp.upper[1], 4);
}

TEST(LpFileTest, AnUpperBoundBelowZeroLeavesTheLowerBoundAtZero) {
  const LpModel lp = ParseLp("Minimize\n x\nSubject To\nBounds\n x <= -1\nEnd\n", "a");
  EXPECT_EQ(lp.lower[0], 0);
  EXPECT_EQ(lp.upper[0], -1);
}

TEST(LpFileTest, WritesWhatItReads) {
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    LpModel lp = RandomLp(seed, 10, 12);
    for (double& value : lp.value) value /= 3;
    const LpModel again = ParseLp(FormatLp(lp), "again.lp");
    EXPECT_EQ(again.sense, lp.sense);
    EXPECT_EQ(again.objective_offset, lp.objective_offset);
    EXPECT_EQ(again.cost, lp.cost);
    EXPECT_EQ(again.lower, lp.lower);
    EXPECT_EQ(again.upper, lp.upper);
    EXPECT_EQ(again.start, lp.start);
    EXPECT_EQ(again.index, lp.index);
    EXPECT_EQ(again.value, lp.value);
    EXPECT_EQ(again.row_lower, lp.row_lower);
    EXPECT_EQ(again.row_upper, lp.row_upper);
  }
}

TEST(LpFileTest, WritesNamesThatTheFormatAllows) {
  LpModel lp;
  lp.AddRow(0, 1, "row 1");
  lp.AddRow(-kInfinity, kInfinity, "row+1");
  for (const char* name : {"a b", "a_b", "2x", "e9", "free", "Inf", "END", "x:y", "", "[z]"}) {
    lp.AddColumn(1, 0, kInfinity, {{0, 1}}, name);
  }
  const LpModel again = ParseLp(FormatLp(lp), "again.lp");
  EXPECT_EQ(again.row_name, (std::vector<std::string>{"row_1", "row_1_2"}));
  EXPECT_EQ(again.column_name,
            (std::vector<std::string>{"a_b", "a_b_2", "_2x", "_e9", "_free", "_Inf", "_END", "x_y", "C8", "_z_"}));
  EXPECT_EQ(again.row_lower[1], -kInfinity);
  EXPECT_EQ(again.row_upper[1], kInfinity);
}

TEST(LpFileTest, KeepsRowsOfAModelWithoutColumns) {
  LpModel lp;
  lp.AddRow(1, 2);
  lp.AddRow(-kInfinity, 3);
  const LpModel again = ParseLp(FormatLp(lp), "again.lp");
  EXPECT_EQ(again.num_columns(), 0);
  EXPECT_EQ(again.row_lower, lp.row_lower);
  EXPECT_EQ(again.row_upper, lp.row_upper);
}

TEST(LpFileTest, NamesFileLineAndCureOfDamage) {
  const struct {
    std::string text, message;
  } damaged[] = {
      {"", "damaged.lp: the file is empty."},
      {Replace("Maximize", "Maxmize"), "damaged.lp:3: the file must begin with Minimize or Maximize"},
      {kWhole.substr(0, kWhole.find("Bounds")), "damaged.lp:13: the file ends without End; it seems to be cut off"},
      {Replace("- gates + 12", "gates"), "damaged.lp:4: after the objective, \"gates\" was not expected; terms need +"},
      {Replace("- gates + 12", "- [gates^2]/2"), "damaged.lp:4: \"[\" begins a quadratic term"},
      {Replace("2 windows + 0", "2 * windows + 0"), "damaged.lp:7: \"*\" begins a quadratic term; write 2 x"},
      {Replace("plant_1: doors <= 4", "plant_1: doors <= 4,5"), "damaged.lp:6"},
      {Replace("plant_1: doors <= 4", "plant_1: doors <= gates"), "damaged.lp:6: \"gates\" stands where a number must"},
      {Replace("plant_1: doors <= 4", "plant_1: doors <= -1e30"), "no row can meet this; 1e20 and more are infinite"},
      {Replace("plant_1: doors <= 4", "plant_1: doors <= 1e999"), "damaged.lp:6: \"1e999\" is not a number that a"},
      {Replace("plant_1: doors <= 4", "plant_1: doors = 1 -> gates <= 4"), "damaged.lp:6: \"->\" makes the constraint"},
      {Replace("plant_1: doors <= 4", "plant_1: 2 <= doors >= 4"), "damaged.lp:6: the same side is bounded twice"},
      {Replace("plant_2", "plant_1"), "constraint \"plant_1\" stands here a second time"},
      {Replace("gates >= -2", "gate >= -2"), "damaged.lp:15: unknown column \"gate\"; it stands neither in the"},
      {Replace("gates >= -2", "2 gates >= -2"), "a bound is of one column, as in 0 <= x <= 4"},
      {Replace("free_gates Free", "free_gates Fre"), "damaged.lp:16: a bound needs <=, >= or = and a number"},
      {Replace("Binary", "Semi-continuous"), "section \"Semi-continuous\" is not linear and cannot be solved"},
      {kSmall, "damaged.lp:22: unknown column \"open\""},
  };
  for (const auto& file : damaged) {
    try {
      ParseLp(file.text, "damaged.lp");
      ADD_FAILURE() << "accepted: " << file.message;
    } catch (const DataError& error) {
      EXPECT_THAT(error.what(), HasSubstr(file.message));
    }
  }
}

TEST(LpFileTest, NeverCrashesOnDamage) {
  for (uint64_t seed = 1; seed <= 3000; ++seed) {
    RandomStream random(seed, 6);
    const std::string text = Damage(kWhole, random);
    try {
      Solve(ParseLp(text, "damaged.lp"), {.iteration_limit = 1000});
    } catch (const DataError&) {
    }
  }
}

}  // namespace
}  // namespace restock
