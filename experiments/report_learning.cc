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

/// What a learning curve may show, the most telling first.
struct Curve {
  const char* key;
  const char* label;
};
constexpr Curve kCurves[] = {{"selection_cost", "Cost on the scenarios kept for choosing"},
                             {"mean_cost", "Cost in training"},
                             {"validation_loss", "Loss on the validation part"},
                             {"loss", "Loss"}};

const Curve* CurveOf(const std::vector<json>& lines, const std::string& agent) {
  for (const Curve& curve : kCurves) {
    const bool is_there = std::any_of(lines.begin(), lines.end(), [&](const json& line) {
      return TextAt(line, "agent") == agent && std::isfinite(NumberAt(line, curve.key));
    });
    if (is_there) return &curve;
  }
  return nullptr;
}

std::string SeedName(double seed) { return std::isfinite(seed) ? fmt::format("Seed {:.0f}", seed) : "Training"; }

std::string LearningFigure(const RunFiles& run, const std::string& agent, const Curve& curve) {
  const RunUnits units = UnitsOf(run);
  XyChart chart;
  chart.y_includes = {};
  HtmlTable table({"Seed", "first", "lowest", "last"}, 1);
  for (const json& line : run.metrics) {
    if (TextAt(line, "agent") != agent || !std::isfinite(NumberAt(line, curve.key))) continue;
    const std::string name = SeedName(NumberAt(line, "seed"));
    auto trace =
        std::find_if(chart.traces.begin(), chart.traces.end(), [&](const Trace& other) { return other.name == name; });
    if (trace == chart.traces.end())
      trace = chart.traces.insert(trace,
                                  {name, Mark::kLine, static_cast<int>(chart.traces.size()) % kNumChartColors, {}, {}});
    const double periods = NumberAt(line, "num_periods");
    trace->x.push_back(std::isfinite(periods) ? periods : NumberAt(line, "update"));
    trace->y.push_back(NumberAt(line, curve.key));
  }
  for (const Trace& trace : chart.traces) {
    table.AddRow({trace.name, FormatNumber(trace.y.front(), 4),
                  FormatNumber(*std::min_element(trace.y.begin(), trace.y.end()), 4), FormatNumber(trace.y.back(), 4)});
  }
  const bool is_cost = std::string(curve.key).ends_with("cost");
  chart.frame.title = "Learning of " + PolicyLabel(agent);
  chart.frame.description =
      std::string(curve.label) + " over the course of training, a line per seed; lower is better.";
  chart.frame.x_label = is_cost ? "Simulated periods" : "Updates";
  chart.frame.y_label =
      is_cost ? fmt::format("{} [{} per {}]", curve.label, units.currency, units.period) : curve.label;
  return Figure(DrawXyChart(chart), PolicyLabel(agent), table.ToHtml("Learning by seed"), false);
}

}  // namespace

std::string LearningHtml(const RunFiles& run, int max_charts) {
  std::vector<std::string> agents;
  for (const json& line : run.metrics) {
    const std::string agent = TextAt(line, "agent");
    if (std::find(agents.begin(), agents.end(), agent) == agents.end()) agents.push_back(agent);
  }
  std::string html;
  for (size_t i = 0; i < agents.size() && static_cast<int>(i) < max_charts; ++i) {
    if (const Curve* curve = CurveOf(run.metrics, agents[i])) html += LearningFigure(run, agents[i], *curve);
  }
  return html.empty() ? "" : "<div class=\"pair\">" + html + "</div>\n";
}

}  // namespace restock
