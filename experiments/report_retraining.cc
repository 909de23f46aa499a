#include <cmath>

#include <fmt/format.h>

#include "common/calendar.h"
#include "experiments/html.h"
#include "experiments/report_sections.h"
#include "experiments/report_words.h"
#include "experiments/svg_axis.h"
#include "experiments/svg_chart.h"

namespace restock {

using nlohmann::json;

namespace {

std::string LossFigure(const json& retraining) {
  XyChart chart;
  chart.frame.title = "Loss of the model in use and of the first one";
  chart.frame.description = "Weighted quantile loss of each forecast of the walk, by the date from which it was made.";
  chart.frame.y_label = "Weighted quantile loss";
  chart.x_is_date = true;
  Trace first{.name = "never fitted again", .mark = Mark::kLine, .color = 1, .x = {}, .y = {}};
  Trace used{.name = "model in use", .mark = Mark::kLine, .color = 0, .x = {}, .y = {}};
  HtmlTable table({"Forecast from", "Fitted until", "Loss", "Loss of the first model"}, 2);
  for (const json& step : ListAt(retraining, "steps")) {
    const auto date = Date::Parse(TextAt(step, "origin"));
    if (!date) continue;
    used.x.push_back(date->days_since_epoch);
    used.y.push_back(NumberAt(step, "loss"));
    first.x.push_back(date->days_since_epoch);
    first.y.push_back(NumberAt(step, "loss_of_first"));
    table.AddRow({TextAt(step, "origin"), TextAt(step, "fitted_until"), FormatNumber(used.y.back()),
                  FormatNumber(first.y.back())});
  }
  chart.traces = {first, used};
  return Figure(DrawXyChart(chart), "Loss along the walk, with and without fitting again",
                table.ToHtml("Forecasts of the walk"), true);
}

std::string TriesTable(const json& retraining) {
  HtmlTable table({"When", "Why", "New model's loss", "By chance", "Replaced"}, 2);
  for (const json& one : ListAt(retraining, "tries")) {
    const bool replaced = one.contains("replaced") && one["replaced"].is_boolean() && one["replaced"].get<bool>();
    table.AddRow({TextAt(one, "date"), TextAt(one, "reason"), Percent(NumberAt(one, "relative"), true),
                  Percent(NumberAt(one, "chance")), replaced ? "yes" : "no"},
                 replaced);
  }
  return table.empty() ? "<p>There was no occasion to fit a new model.</p>\n"
                       : table.ToHtml("New models and whether they took over");
}

}  // namespace

std::string RetrainingHtml(const RunFiles& run) {
  const json& retraining = ObjectAt(ObjectAt(run.summary, "forecast"), "retraining");
  if (ListAt(retraining, "steps").empty()) return "";
  int num_replaced = 0;
  for (const json& one : ListAt(retraining, "tries"))
    num_replaced += one.contains("replaced") && one["replaced"] == true ? 1 : 0;
  const double gain = NumberAt(retraining, "relative"), low = NumberAt(retraining, "low"),
               high = NumberAt(retraining, "high");
  const std::string words = fmt::format(
      "{} new models were fitted, {} took over. The loss of the models in use is {} {} than that of the model that is "
      "never fitted again{}.",
      ListAt(retraining, "tries").size(), num_replaced, Percent(std::abs(gain)), gain <= 0 ? "lower" : "higher",
      std::isfinite(low) && std::isfinite(high)
          ? fmt::format(" ({:.4g} % interval: {} to {})", 100 * NumberAt(retraining, "confidence"), Percent(low, true),
                        Percent(high, true))
          : "");
  return "<h3>Is it worth fitting again?</h3>\n<p>" + Escape(words) + "</p>\n" + LossFigure(retraining) +
         TriesTable(retraining) +
         "<p class=\"soft\">The last periods as if they came one by one. A new model is fitted without the last judged "
         "periods and takes over only if its loss there is lower by more than chance (Diebold &amp; Mariano).</p>\n";
}

}  // namespace restock
