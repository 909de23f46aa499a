#include <cmath>

#include <fmt/format.h>

#include "experiments/html.h"
#include "experiments/report_sections.h"
#include "experiments/report_words.h"
#include "experiments/svg_axis.h"
#include "experiments/svg_chart.h"

namespace restock {

using nlohmann::json;

namespace {

std::string CountCell(double value) { return std::isnan(value) ? "–" : fmt::format("{:.0f}", value); }

/// What preparing the data has changed, step by step.
std::string StepsTable(const json& data) {
  const json& steps = ListAt(data, "steps");
  if (steps.empty()) return "<p>All sales were taken as they stand in the file: nothing was changed.</p>\n";
  const std::string unit = TextAt(data, "unit");
  HtmlTable table({"What was done", "Values", "Series", fmt::format("Changed by [{}]", unit)}, 1);
  for (const json& step : steps) {
    const double units = NumberAt(step, "units");
    table.AddRow({TextAt(step, "step"), CountCell(NumberAt(step, "num_values")),
                  CountCell(NumberAt(step, "num_series")), units > 0 ? FormatNumber(units, 5) : "–"});
  }
  return table.ToHtml(fmt::format("Changes on the way from the file to the models, {} series",
                                  CountCell(NumberAt(data, "num_series")))) +
         "<p class=\"soft\">Each change with its date, warehouse and product stands in data_changes.csv. Recorded "
         "sales "
         "stay what they are for judging forecasts; outliers are replaced and gaps filled only in what models learn "
         "from, and with what was known by then.</p>\n";
}

std::string GroupsTable(const json& rows, const char* name, const std::string& caption) {
  if (rows.empty()) return "";
  HtmlTable table({name, "Series", "Share of sales"}, 1);
  for (const json& row : rows)
    table.AddRow({TextAt(row, "name"), CountCell(NumberAt(row, "num_series")), Percent(NumberAt(row, "share"))});
  return table.ToHtml(caption);
}

/// How demand of each group spreads over the week, or the numbers alone where there is no week.
std::string ClustersFigure(const json& clusters) {
  const json& groups = ListAt(clusters, "groups");
  if (groups.empty()) return "";
  XyChart chart;
  chart.frame.title = "Groups of series that sell alike";
  chart.frame.description = "Mean demand of each weekday over that of all days, group by group.";
  chart.frame.x_label = "Day of the week, 1: Monday";
  chart.frame.y_label = "Demand over the mean";
  HtmlTable table(
      {"Group", "Examples", "Series", "Share of sales", "Trend", "Zeros", "Correlation with the season before"}, 2);
  int number = 0;
  for (const json& group : groups) {
    const std::string name = fmt::format("group {}", ++number);
    const json& features = ObjectAt(group, "features");
    Trace trace{name, Mark::kLine, (number - 1) % kNumChartColors, {}, {}};
    for (int day = 1; day <= 7; ++day) {
      const double value = NumberAt(features, fmt::format("weekday {}", day).c_str());
      if (std::isnan(value)) continue;
      trace.x.push_back(day);
      trace.y.push_back(value);
    }
    if (!trace.x.empty()) chart.traces.push_back(std::move(trace));
    std::string examples;
    for (const json& example : ListAt(group, "examples"))
      if (example.is_string()) examples += (examples.empty() ? "" : ", ") + Shorten(example.get<std::string>(), 30);
    table.AddRow({name, examples, CountCell(NumberAt(group, "num_series")), Percent(NumberAt(group, "share")),
                  Percent(std::exp(NumberAt(features, "trend")) - 1, true), Percent(NumberAt(features, "zeros")),
                  FormatNumber(NumberAt(features, "season before"), 2)});
  }
  const std::string words = fmt::format(
      "<p class=\"soft\">Groups by {} principal components of the shape of demand (weekdays, trend, zeros, variation, "
      "correlation with the past), which explain {} of its variance. Silhouette {}: 1 is far apart, 0 not apart at "
      "all.</p>\n",
      ListAt(clusters, "explained").size(), Percent([&] {
        double sum = 0;
        for (const double share : NumbersAt(clusters, "explained")) sum += share;
        return sum;
      }()),
      FormatNumber(NumberAt(clusters, "silhouette"), 2));
  const std::string html = table.ToHtml("Groups of series");
  const bool has_week = !chart.traces.empty();
  return "<h3>Which series sell alike?</h3>\n" +
         (has_week ? Figure(DrawXyChart(chart), "How demand of each group spreads over the week", html, false) : html) +
         words;
}

std::string TogetherTable(const json& rules) {
  if (rules.empty()) return "";
  HtmlTable table({"Where this sells well", "this does too", "Support", "Confidence", "Lift"}, 2);
  for (const json& rule : rules) {
    std::string left;
    for (const json& item : ListAt(rule, "left"))
      if (item.is_string()) left += (left.empty() ? "" : " and ") + Shorten(item.get<std::string>(), 40);
    table.AddRow({left, Shorten(TextAt(rule, "right"), 40), Percent(NumberAt(rule, "support")),
                  Percent(NumberAt(rule, "confidence")), FormatNumber(NumberAt(rule, "lift"), 3)});
  }
  return "<h3>What sells together?</h3>\n" +
         table.ToHtml("Products that sell well on the same days in the same place") +
         "<p class=\"soft\">Support: share of all days and warehouses on which all of them sold more than their "
         "median. "
         "Confidence: how often the right side did where the left side did. Lift: how many times more often than if "
         "they had nothing to do with each other. Good days for all products, such as promotions, raise it too, and so "
         "does a time in which only one was on sale.</p>\n";
}

}  // namespace

std::string DataHtml(const RunFiles& run) {
  const json& data = ObjectAt(run.summary, "data");
  if (data.empty()) return "";
  const std::string classes = GroupsTable(ListAt(data, "classes"), "Demand", "How demand comes") +
                              GroupsTable(ListAt(data, "abc_xyz"), "Class", "Value (A, B, C) and variation (X, Y, Z)");
  return StepsTable(data) + (classes.empty() ? "" : "<h3>How does demand come?</h3>\n" + classes) +
         ClustersFigure(ObjectAt(data, "clusters")) + TogetherTable(ListAt(data, "sold_together"));
}

}  // namespace restock
