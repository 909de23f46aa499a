#include "experiments/svg_chart.h"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "experiments/svg_axis.h"
#include "tests/experiments/markup.h"

namespace restock {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kHuge = std::numeric_limits<double>::max();

std::vector<std::string> Labels(const Axis& axis) {
  std::vector<std::string> labels;
  for (const Tick& tick : axis.ticks) labels.push_back(tick.label);
  return labels;
}

/// Neither a NaN nor an infinity may reach a coordinate.
void ExpectSound(const std::string& svg) {
  EXPECT_EQ(MarkupProblem(svg), "");
  for (const char* part : {"\"nan\"", "\"-nan\"", "\"inf\"", "\"-inf\"", "Mnan", "Lnan", " nan", " inf"}) {
    EXPECT_EQ(svg.find(part), std::string::npos) << part;
  }
}

XyChart ChartOf(std::vector<double> x, std::vector<double> y) {
  XyChart chart;
  chart.frame.title = "Stock";
  chart.frame.description = "Stock by day";
  chart.frame.y_label = "Stock [kg]";
  for (const Mark mark : {Mark::kLine, Mark::kStep, Mark::kDots, Mark::kBars})
    chart.traces.push_back({"on hand", mark, 0, x, y});
  chart.bands.push_back({"half of cases", 0, 0.2, x, y, y});
  return chart;
}

TEST(AxisTest, TicksAreRoundNumbersAroundTheData) {
  EXPECT_THAT(Labels(NumberAxis(0, 97, 5)), ElementsAre("0", "20", "40", "60", "80", "100"));
  EXPECT_THAT(Labels(NumberAxis(-0.12, 0.31, 5)), ElementsAre("-0.2", "-0.1", "0.0", "0.1", "0.2", "0.3", "0.4"));
  EXPECT_THAT(Labels(NumberAxis(0, 12'000'000, 4)), ElementsAre("0", "5 M", "10 M", "15 M"));
  EXPECT_THAT(Labels(NumberAxis(1000, 3000, 2)), ElementsAre("1,000", "2,000", "3,000"));
}

TEST(AxisTest, AnyNumbersGiveAnAxis) {
  for (const auto& [low, high] : std::vector<std::pair<double, double>>{{0, 0},
                                                                        {5, 5},
                                                                        {-5, -5},
                                                                        {kNan, kNan},
                                                                        {-kInfinity, kInfinity},
                                                                        {-kHuge, kHuge},
                                                                        {1e-300, 2e-300},
                                                                        {1e15, 1e15 + 1}}) {
    for (const Axis& axis : {NumberAxis(low, high, 5), DateAxis(low, high, 6)}) {
      EXPECT_LT(axis.low, axis.high) << low << " " << high;
      EXPECT_TRUE(std::isfinite(axis.Share(axis.low))) << low << " " << high;
      EXPECT_LT(axis.ticks.size(), 30u) << low << " " << high;
    }
  }
}

TEST(AxisTest, DatesStandOnMondaysOrFirstsOfMonths) {
  const double june_3 = 19877;  // 2024-06-03, a Monday
  EXPECT_THAT(Labels(DateAxis(june_3 - 2, june_3 + 21, 6)), ElementsAre("3 Jun 2024", "10 Jun", "17 Jun", "24 Jun"));
  EXPECT_THAT(Labels(DateAxis(june_3, june_3 + 100, 6)), ElementsAre("Jul 2024", "Aug 2024", "Sep 2024"));
  EXPECT_THAT(Labels(DateAxis(june_3, june_3 + 1200, 6)), ElementsAre("2025", "2026", "2027"));
}

TEST(FormatNumberTest, KeepsThreeDigitsAndGroupsThem) {
  EXPECT_EQ(FormatNumber(1234.4), "1,234");
  EXPECT_EQ(FormatNumber(-0.01234), "-0.0123");
  EXPECT_EQ(FormatNumber(1234567), "1.23 M");
  EXPECT_EQ(FormatNumber(0), "0");
  EXPECT_EQ(FormatNumber(kNan), "–");
  EXPECT_EQ(FormatNumber(1e20), "1e+20");
}

TEST(SvgChartTest, TellsTitleAndDescription) {
  const std::string svg = DrawXyChart(ChartOf({1, 2}, {3, 4}));
  EXPECT_THAT(svg, HasSubstr("role=\"img\""));
  EXPECT_THAT(svg, HasSubstr("<title>Stock</title><desc>Stock by day</desc>"));
}

TEST(SvgChartTest, EscapesNames) {
  XyChart chart = ChartOf({1, 2}, {3, 4});
  chart.traces[0].name = "<script>\"&'";
  chart.frame.y_label = "<b>";
  chart.vertical = Rule{"</svg>", 1};
  const std::string svg = DrawXyChart(chart);
  ExpectSound(svg);
  EXPECT_THAT(svg, Not(HasSubstr("<script")));
  EXPECT_EQ(CountOf(svg, "</svg>"), 1);
}

TEST(SvgChartTest, SurvivesOnePointNoPointAndAnyValue) {
  ExpectSound(DrawXyChart(ChartOf({}, {})));
  ExpectSound(DrawXyChart(ChartOf({5}, {7})));
  ExpectSound(DrawXyChart(ChartOf({1, 2, 3}, {kNan, kNan, kNan})));
  ExpectSound(DrawXyChart(ChartOf({1, 2, 3, 4}, {1, kNan, 3, kInfinity})));
  ExpectSound(DrawXyChart(ChartOf({1, 2}, {-kHuge, kHuge})));
  ExpectSound(DrawXyChart(ChartOf({-kHuge, kHuge}, {0, 0})));
  ExpectSound(DrawXyChart(ChartOf({1, 2, 3}, {1})));
  XyChart dates = ChartOf({-kHuge, 0, kHuge}, {1, 2, 3});
  dates.x_is_date = true;
  ExpectSound(DrawXyChart(dates));
}

TEST(SvgChartTest, SaysSoWhereThereIsNothingToShow) {
  EXPECT_THAT(DrawXyChart(ChartOf({1}, {kNan})), HasSubstr("Nothing to show"));
  EXPECT_THAT(DrawStackedBars({}), HasSubstr("Nothing to show"));
  EXPECT_THAT(DrawIntervalChart({}), HasSubstr("Nothing to show"));
}

TEST(SvgChartTest, GapsInterruptALine) {
  XyChart chart;
  chart.traces = {{"demand", Mark::kLine, 0, {1, 2, 3, 4, 5}, {1, 2, kNan, 4, 5}}};
  const std::string svg = DrawXyChart(chart);
  const std::string path = svg.substr(svg.find("<path d=\""), svg.find("class=\"line") - svg.find("<path d=\""));
  EXPECT_EQ(CountOf(path, "M"), 2);
}

TEST(SvgChartTest, ThinsLongSeriesAndKeepsTheirExtremes) {
  XyChart chart;
  Trace trace{"cost", Mark::kLine, 0, {}, {}};
  for (int i = 0; i < 1'000'000; ++i) {
    trace.x.push_back(i);
    trace.y.push_back(i == 654'321 ? 1000 : i % 7);
  }
  chart.traces = {trace};
  const std::string svg = DrawXyChart(chart);
  EXPECT_LT(svg.size(), 20'000u);
  // the axis ends at 1000, which is the top of the drawing area: the extreme's point lies there
  XyChart without = chart;
  without.traces[0].y[654'321] = 0;
  without.y_includes = {0, 1000};
  EXPECT_NE(svg, DrawXyChart(without));
}

TEST(SvgChartTest, StackedBarsPileUpToBothSides) {
  StackedBars chart;
  chart.rows = {"ppo"};
  chart.parts = {"holding", "stockout", "credit"};
  chart.values = {{10, 30, -20}};
  const std::string svg = DrawStackedBars(chart);
  ExpectSound(svg);
  EXPECT_EQ(CountOf(svg, "<rect"), 3 + 3);  // the legend's and the bar's
  EXPECT_THAT(svg, HasSubstr("ppo, credit: -20.0"));
}

TEST(SvgChartTest, RowsSurviveAnyValue) {
  ExpectSound(DrawStackedBars({{}, {"a", "b"}, {"x", "y"}, {{kNan, 1}, {-kHuge, kHuge}}}));
  ExpectSound(DrawStackedBars({{}, {"a"}, {"x"}, {{0}}}));
  ExpectSound(DrawIntervalChart(
      {{},
       {{"a", kNan, 0, 1, 0, false}, {"b", 1, -kHuge, kHuge, 1, false}, {"c", 1, kNan, kNan, 1, true}},
       Rule{"none", kNan}}));
}

TEST(SvgChartTest, IntervalsTellTheirNumbers) {
  const std::string svg = DrawIntervalChart({{}, {{"ppo", -4, -5, -3, 0, false}}, Rule{"best classical rule", 0}});
  ExpectSound(svg);
  EXPECT_THAT(svg, HasSubstr("ppo: -4.00 (-5.00 to -3.00)"));
  EXPECT_THAT(svg, HasSubstr("best classical rule"));
}

}  // namespace
}  // namespace restock
