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

std::string ImportanceFigure(const json& forecast) {
  StackedBars chart;
  HtmlTable table({"Input", "Loss without it"}, 1);
  chart.parts = {"increase of the weighted quantile loss"};
  for (const json& row : ListAt(forecast, "importance")) {
    const double increase = NumberAt(row, "increase");
    chart.rows.push_back(Shorten(TextAt(row, "input"), 40));
    chart.values.push_back({100 * increase});
    table.AddRow({TextAt(row, "input"), Percent(increase, true)});
  }
  if (chart.rows.empty()) return "";
  chart.frame.title = "What forecasts rely on";
  chart.frame.description =
      "How much worse the last forecasts become when the values of one input are dealt out anew, or hidden.";
  chart.frame.x_label = "Weighted quantile loss without the input, increase [%]";
  return Figure(DrawStackedBars(chart), "How much worse forecasts are without one of their inputs",
                table.ToHtml("Importance of inputs"), false) +
         "<p class=\"soft\">The last periods of the backtest, forecast with the values of one input dealt out anew "
         "over "
         "all series and periods, or hidden. Inputs that tell the same thing share their importance.</p>\n";
}

// The model of each class of demand, and by how much it was better than the next best.
std::string ChoicesTable(const json& forecast) {
  HtmlTable table({"Demand", "Model", "Next best", "Series", "RMSSE", "RMSSE of the next best"}, 3);
  for (const json& choice : ListAt(forecast, "choices")) {
    const std::string model = TextAt(choice, "model");
    std::string next;
    double score = std::nan(""), next_score = std::nan("");
    for (const json& row : ListAt(choice, "scores")) {
      const double rmsse = NumberAt(row, "rmsse");
      if (TextAt(row, "model") == model) {
        score = rmsse;
      } else if (std::isnan(next_score) || rmsse < next_score) {
        next_score = rmsse;
        next = TextAt(row, "model");
      }
    }
    table.AddRow({TextAt(choice, "class"), ModelLabel(model), ModelLabel(next),
                  FormatNumber(NumberAt(choice, "num_series")), FormatNumber(score), FormatNumber(next_score)});
  }
  if (table.empty()) return "";
  return "<h3>Which model was chosen</h3>\n" + table.ToHtml("The model of each class of demand") +
         "<p class=\"soft\">Classes by how often and how evenly demand comes. Every candidate forecast the last two "
         "horizons, which it had not seen; the least RMSSE on average over the series of a class decided.</p>\n";
}

std::string DriftTable(const json& forecast) {
  const json& rows = ListAt(forecast, "drift");
  if (rows.empty()) return "";
  HtmlTable table({"What", "Kind", "Measured", "Limit", "Changed"}, 2);
  int num_alarms = 0;
  for (const json& row : rows) {
    const json& alarm = row.contains("alarm") ? row["alarm"] : json(false);
    const bool changed = alarm.is_boolean() && alarm.get<bool>();
    num_alarms += changed ? 1 : 0;
    const bool is_coverage = TextAt(row, "kind") == "coverage";
    const double value = NumberAt(row, "value"), limit = NumberAt(row, "limit");
    table.AddRow({TextAt(row, "name"), TextAt(row, "kind"), is_coverage ? Percent(value) : FormatNumber(value),
                  is_coverage ? fmt::format("80 % ± {}", Percent(limit)) : FormatNumber(limit), changed ? "yes" : "no"},
                 changed);
  }
  const std::string words =
      num_alarms == 0 ? "Nothing has changed by more than its limit."
                      : fmt::format(
                            "{} of {} checks see a change: fit the forecaster again on recent sales, and see in "
                            "the backtest whether it has become worse.",
                            num_alarms, rows.size());
  return "<h3>Has anything changed?</h3>\n<p>" + Escape(words) + "</p>\n" +
         table.ToHtml("Drift of inputs, errors and coverage") +
         "<p class=\"soft\">Inputs: population stability index of the last 28 periods beside all before. Error: "
         "largest "
         "cumulative sum of the backtest's relative errors, in standard deviations. Coverage: how much of the demand "
         "of "
         "the last origin lay in the range meant for 80 %.</p>\n";
}

}  // namespace

std::string ForecastCausesHtml(const RunFiles& run) {
  const json& forecast = ObjectAt(run.summary, "forecast");
  return ChoicesTable(forecast) + ImportanceFigure(forecast) + DriftTable(forecast);
}

}  // namespace restock
