#include "experiments/report.h"

#include <cmath>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/error.h"
#include "common/file.h"
#include "experiments/report_words.h"
#include "tests/experiments/fabricated_run.h"
#include "tests/experiments/markup.h"
#include "tests/temporary_folder.h"

namespace restock {
namespace {

using testing::HasSubstr;

constexpr size_t kMaxBytes = 1'000'000;

/// The page of a made-up run; what every page promises is checked here.
std::string PageOf(const FabricatedRun& run) {
  const TemporaryFolder folder;
  Write(run, folder.path());
  WriteReport(folder.path());
  const std::string page = ReadFile(folder / "report.html");
  EXPECT_EQ(MarkupProblem(page), "");
  EXPECT_LT(page.size(), kMaxBytes);
  EXPECT_FALSE(Has(page, "<script"));
  for (const char* tag : {"<img", "<link", "<iframe", "<object"}) EXPECT_FALSE(Has(page, tag)) << tag;
  EXPECT_FALSE(Has(page, "href=\"http"));
  EXPECT_FALSE(Has(page, "url("));
  EXPECT_EQ(CountOf(page, "<svg"), CountOf(page, "role=\"img\""));
  EXPECT_EQ(page.find(">nan<"), std::string::npos);
  return page;
}

TEST(ReportTest, TellsASavingWithItsIntervalAndThatItExcludesZero) {
  // 1012 against 1056: 4.2 % less, 44 a day; half interval 9: 3.3 % to 5.0 % less
  const std::string page = PageOf({});
  EXPECT_THAT(page, HasSubstr("PPO costs 4.2 % less than Forecast quantile, the best tuned classical rule (95 % "
                              "interval: 3.3 % to 5.0 % less)."));
  EXPECT_TRUE(Has(page, "excludes zero: the saving is more than chance"));
  EXPECT_TRUE(Has(page, "44.0 CNY per day"));
  EXPECT_TRUE(Has(page, "3 of 3 are cheaper"));
}

TEST(ReportTest, NamesTheConfidenceOfItsIntervals) {
  FabricatedRun run;
  run.confidence = 0.8;
  const std::string page = PageOf(run);
  EXPECT_TRUE(Has(page, "the best tuned classical rule (80 % interval: 3.3 % to 5.0 % less)"));
  EXPECT_FALSE(Has(page, "95 % interval"));
}

// A profit of 940 at best: "97 % of this cost" would mean nothing.
TEST(ReportTest, TakesNoShareOfACostThatIsAProfit) {
  EXPECT_TRUE(Has(PageOf({}), "of this cost"));
  FabricatedRun run;
  run.bound = -940;
  EXPECT_FALSE(Has(PageOf(run), "of this cost"));
}

TEST(ReportTest, SaysHonestlyThatADifferenceMayBeChance) {
  FabricatedRun run;
  run.half_interval = 60;
  const std::string page = PageOf(run);
  EXPECT_TRUE(Has(page, "The interval includes zero"));
  EXPECT_FALSE(Has(page, "more than chance"));
  EXPECT_FALSE(Has(page, "in a year at this rate"));
}

TEST(ReportTest, SaysHonestlyThatADifferenceIsTooSmallToMatter) {
  FabricatedRun run;
  run.learned_cost = 1055.9;
  run.half_interval = 0.05;  // excludes zero, and yet it is nothing
  const std::string page = PageOf(run);
  EXPECT_TRUE(Has(page, "PPO costs practically the same as Forecast quantile"));
  EXPECT_TRUE(Has(page, "too small to matter"));
  EXPECT_FALSE(Has(page, "in a year at this rate"));
}

TEST(ReportTest, SaysHonestlyThatALearnedPolicyIsDearer) {
  FabricatedRun run;
  run.learned_cost = 1100;
  const std::string page = PageOf(run);
  EXPECT_TRUE(Has(page, "PPO costs 4.2 % more than Forecast quantile"));
  EXPECT_TRUE(Has(page, "it is dearer by more than chance"));
  EXPECT_TRUE(Has(page, "came out"));  // dqn is cheaper on the judging scenarios
}

TEST(ReportTest, SaysWhoThePoliciesAreAndWhatHeldOutDemandCannotTell) {
  const std::string page = PageOf({});
  EXPECT_TRUE(Has(page, "PPO: A neural network, trained by trial"));
  EXPECT_TRUE(Has(page, "Forecast quantile: Every order fills up to"));
  EXPECT_TRUE(Has(page, "This is one stretch of time; other times may differ"));
}

TEST(ReportTest, ADifferenceWithoutAnIntervalClaimsNothing) {
  const RelativeDifference difference{-0.042, std::nan(""), std::nan(""), -44};
  EXPECT_EQ(DifferenceCell(difference), "-4.2 %");
  EXPECT_EQ(DifferenceWords(difference, "the rule", "95 % interval"), "costs 4.2 % less than the rule");
  EXPECT_THAT(Verdict(difference), HasSubstr("not known"));
  EXPECT_FALSE(difference.IsCheaper());
}

TEST(ReportTest, SmallIntervalsKeepTheirDigits) {
  EXPECT_EQ(DifferenceCell({0.0002, 0.0002, 0.0003, 1}), "+0.02 % (+0.02 to +0.03)");
  EXPECT_EQ(DifferenceCell({-0.042, -0.051, -0.033, -44}), "-4.2 % (-5.1 to -3.3)");
}

TEST(ReportTest, ShowsEveryPart) {
  const std::string page = PageOf({});
  for (const char* id : {"policies", "costs", "forecasts", "inventory", "learning", "method", "configuration"}) {
    EXPECT_TRUE(Has(page, "<section id=\"" + std::string(id) + "\""));
  }
  EXPECT_TRUE(Has(page, "Held-out demand, days without stock-outs only"));
  EXPECT_TRUE(Has(page, "Cost on the scenarios kept for choosing [CNY per day]"));
  EXPECT_TRUE(Has(page, "PPO, untrained"));
  EXPECT_TRUE(Has(page, "(first 8)"));
  EXPECT_TRUE(Has(page, "6.5 % lower than that of the best rival, Exponential smoothing"));  // (0.247 - 0.231) / 0.247
}

TEST(ReportTest, LeavesOutWhatARunDoesNotHave) {
  FabricatedRun classical;
  classical.has_agents = false;
  classical.has_backtest = false;
  const std::string page = PageOf(classical);
  EXPECT_TRUE(Has(page, "no agent was trained in this run"));
  EXPECT_FALSE(Has(page, "id=\"learning\""));

  FabricatedRun forecast_only;
  forecast_only.has_evaluation = false;
  forecast_only.has_agents = false;
  EXPECT_FALSE(Has(PageOf(forecast_only), "id=\"policies\""));
}

TEST(ReportTest, SurvivesARunThatHoldsNothingButItsConfiguration) {
  const TemporaryFolder folder;
  std::ofstream(folder / "config.yaml") << "seed: 1\n";
  WriteReport(folder.path());
  EXPECT_EQ(MarkupProblem(ReadFile(folder / "report.html")), "");
}

TEST(ReportTest, TellsWhatWasDoneToTheDataAndWhatSellsTogether) {
  const TemporaryFolder folder;
  Write({}, folder.path());
  auto summary = nlohmann::json::parse(ReadFile(folder / "summary.json"));
  summary["data"] = nlohmann::json::parse(R"({
    "num_series": 80, "unit": "kg",
    "steps": [{"step": "outlier replaced", "num_values": 12, "num_series": 5, "units": 230.5}],
    "classes": [{"name": "lumpy", "num_series": 3, "share": 0.25}],
    "abc_xyz": [{"name": "AX", "num_series": 4, "share": 0.75}],
    "clusters": {"count": 1, "silhouette": 0.4, "explained": [0.6, 0.3],
                 "groups": [{"num_series": 7, "share": 1.0, "features": {"weekday 1": 1.5, "weekday 2": 0.5, "trend": 0.0,
                             "zeros": 0.1, "season before": 0.3}, "examples": ["<b>milk at north"]}]},
    "sold_together": [{"left": ["jam", "milk"], "right": "bread", "support": 0.1, "confidence": 0.8, "lift": 2.5}]})");
  WriteFileAtomically(folder / "summary.json", summary.dump());
  WriteReport(folder.path());
  const std::string page = ReadFile(folder / "report.html");
  EXPECT_EQ(MarkupProblem(page), "");
  for (const char* text : {"outlier replaced", "12", "lumpy", "AX", "group 1", "90.0 %", "jam and milk", "2.5"})
    EXPECT_TRUE(Has(page, text)) << text;
  EXPECT_FALSE(Has(page, "<b>milk"));
}

TEST(ReportTest, HostileNamesStayNames) {
  FabricatedRun run;
  run.skus = {"<script>alert('x')</script>", "\" onload=\"x", "a & b </svg></table>"};
  run.warehouse = "=cmd|' /C calc'!A0";
  run.unit = "<img src=x>";
  run.config = "name: </pre><script>alert(1)</script>\n";
  const std::string page = PageOf(run);
  EXPECT_FALSE(Has(page, "<img"));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(&#39;x&#39;)"));
}

TEST(ReportTest, StaysUnderAMegabyteWhateverTheSizeOfTheRun) {
  FabricatedRun run;
  run.skus.assign(30, "");
  for (size_t i = 0; i < run.skus.size(); ++i) run.skus[i] = "product " + std::to_string(i) + std::string(5'000, 'x');
  run.num_days = 3'000;
  run.num_updates = 5'000;
  run.config = std::string(3'000'000, '#');
  PageOf(run);
}

TEST(ReportTest, NamesADamagedFile) {
  const TemporaryFolder folder;
  Write({}, folder.path());
  std::ofstream(folder / "summary.json") << "{\"schema\": 1, ";
  try {
    WriteReport(folder.path());
    FAIL() << "a damaged file was accepted";
  } catch (const DataError& error) {
    EXPECT_THAT(error.what(), HasSubstr("summary.json: damaged at byte"));
  }
}

}  // namespace
}  // namespace restock
