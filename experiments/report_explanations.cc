#include <algorithm>
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

constexpr size_t kMostRows = 8;        // of a picture; the table has all
constexpr double kLeastShare = 0.005;  // of the largest bar, for a bar of its own

std::string ExplanationFigure(const json& item, const std::string& unit, double num_periods) {
  const std::string name = TextAt(item, "warehouse") + " / " + TextAt(item, "sku");
  Waterfall chart;
  HtmlTable table({"Input", "Moves the forecast by", "Standard error"}, 1);
  chart.first_name = "as usual";
  chart.first = NumberAt(item, "baseline");
  chart.last_name = "forecast";
  double largest = 0;
  for (const json& row : ListAt(item, "inputs")) {
    const std::string input = TextAt(row, "input");
    const double contribution = NumberAt(row, "contribution");
    table.AddRow({input, FormatNumber(contribution), FormatNumber(NumberAt(row, "standard_error"))});
    largest = std::max(largest, std::abs(contribution));
    if (chart.rows.size() < kMostRows && std::abs(contribution) > kLeastShare * largest) {
      chart.rows.push_back(input);
      chart.changes.push_back(contribution);
    }
  }
  if (chart.rows.empty()) return "";
  // what is too small to see, and what an approximation leaves over
  const double total = NumberAt(item, "forecast");
  double sum = chart.first;
  for (const double change : chart.changes) sum += change;
  if (std::abs(total - sum) > kLeastShare * largest) {
    chart.rows.emplace_back("all else");
    chart.changes.push_back(total - sum);
  }
  chart.frame.title = "What moved the forecast of " + name;
  chart.frame.description = fmt::format(
      "With all inputs as usual the forecast is {}; each row adds what its input moves, and the last is the forecast, "
      "{} {}.",
      FormatNumber(chart.first), FormatNumber(total), unit);
  chart.frame.x_label = fmt::format("{}, sum of {:.0f} periods", unit, num_periods);
  const std::string caption =
      fmt::format("{}: {} instead of {} {}", name, FormatNumber(total), FormatNumber(chart.first), unit);
  return Figure(DrawWaterfall(chart), caption, table.ToHtml("What moved the forecast of " + name), false);
}

}  // namespace

std::string ForecastExplanationsHtml(const RunFiles& run) {
  const json& explanations = ObjectAt(ObjectAt(run.summary, "forecast"), "explanations");
  const double num_periods = NumberAt(explanations, "num_periods");
  std::string figures;
  double least_fidelity = 1;
  for (const json& item : ListAt(explanations, "items")) {
    figures += ExplanationFigure(item, UnitsOf(run).unit, num_periods);
    least_fidelity = std::min(least_fidelity, NumberAt(item, "fidelity"));
  }
  if (figures.empty()) return "";
  const std::string name = TextAt(explanations, "method");
  const std::string method =
      name == "lime"
          ? fmt::format("Weights of a linear model near the forecast (LIME), which explains {} of its changes or more.",
                        Percent(least_fidelity))
      : name == "integrated_gradients"
          ? "Integrated gradients of the network, from inputs as usual to what they are."
          : "Shapley values: the mean effect over all orders in which inputs are set from usual to what they are, so "
            "that the bars add up to the forecast.";
  return "<h3>What moved these forecasts</h3>\n<div class=\"pair\">" + figures + "</div>\n" +
         "<p class=\"soft\">Usual are: the mean demand so far, the median of prices, promotions and other "
         "planned or measured values, no holidays to come. " +
         Escape(method) + "</p>\n";
}

}  // namespace restock
