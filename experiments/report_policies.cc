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

std::string WithError(double value, double error) {
  return FormatNumber(value, 4) + (std::isfinite(error) ? " ± " + FormatNumber(error, 2) : "");
}

/// Every policy and every seed against the best rule; untrained networks, which are far off, stand in the tables only.
std::string DifferenceFigure(const json& summary, const std::string& set) {
  const std::string rule = BestRule(summary, set);
  IntervalChart chart;
  const std::string interval = IntervalLabel(summary);
  HtmlTable table({"Policy", "Difference", interval + " from", "to"}, 1);
  const auto add = [&](const std::string& name, const RelativeDifference& difference, int color, bool is_detail) {
    chart.rows.push_back(
        {name, 100 * difference.mean, 100 * difference.low, 100 * difference.high, color % kNumChartColors, is_detail});
    table.AddRow({name, Percent(difference.mean, true), Percent(difference.low, true), Percent(difference.high, true)},
                 !is_detail);
  };

  // a policy, then its seeds in the same colour
  const std::vector<json> rows = RowsOf(summary, set);
  int color = 0;
  for (const json& row : rows) {
    const std::string name = TextAt(row, "name"), label = RowLabel(row, rows);
    const RelativeDifference all = DifferenceOf(row);
    if (!all.IsKnown() || name == rule || IsUntrained(name)) continue;
    const json& seeds = ListAt(row, "seeds");
    add(seeds.size() > 1 ? fmt::format("{}, mean of {} seeds", label, seeds.size()) : label, all, color, false);
    for (const json& seed : seeds) {
      const RelativeDifference one = DifferenceOf(seed);
      if (seeds.size() > 1 && one.IsKnown()) add(fmt::format("seed {:.0f}", NumberAt(seed, "seed")), one, color, true);
    }
    ++color;
  }
  if (chart.rows.empty()) return "";

  chart.reference = Rule{PolicyLabel(rule), 0};
  chart.frame.title = "Cost against the best classical rule";
  chart.frame.description =
      "A dot is the mean paired difference, its line the " + interval + "; left of zero is cheaper.";
  chart.frame.x_label = "Cost against " + PolicyLabel(rule) + " [%]; left is cheaper";
  chart.frame.width = kWideChart;
  return Figure(DrawIntervalChart(chart),
                "Cost of each policy against the best classical rule, on the same demand, with its " + interval,
                table.ToHtml("Paired differences"), true);
}

std::string SetNote(const json& summary, const std::string& set) {
  for (const json& entry : ListAt(summary, "scenario_sets")) {
    if (TextAt(entry, "name") == set) return TextAt(entry, "description");
  }
  return "";
}

std::string PolicyTable(const RunFiles& run, const std::string& set) {
  const RunUnits units = UnitsOf(run);
  HtmlTable table({"Policy", "Cost per " + units.period, "Spread of seeds",
                   "Against best rule (" + IntervalLabel(run.summary) + ")", "Gap to bound", "Fill rate",
                   "Short site-" + units.period + "s", "Turns a year"},
                  1);
  const std::vector<json> rows = RowsOf(run.summary, set);
  for (const json& row : rows) {
    const std::string name = TextAt(row, "name");
    table.AddRow({RowLabel(row, rows), WithError(NumberAt(row, "mean_cost"), NumberAt(row, "standard_error")),
                  FormatNumber(NumberAt(row, "seed_standard_deviation"), 2),
                  name == BestRule(run.summary, set) ? "the best rule" : DifferenceCell(DifferenceOf(row)),
                  Percent(NumberAt(row, "gap_to_bound")), Percent(NumberAt(row, "fill_rate")),
                  Percent(NumberAt(row, "stockout_share")), FormatNumber(NumberAt(row, "turns"))},
                 name == TextAt(ObjectAt(run.summary, "best"), "policy"));
  }
  return fmt::format("<h3>{}</h3>\n<p class=\"soft\">{}</p>\n", Escape(SetLabel(set)),
                     Escape(SetNote(run.summary, set))) +
         table.ToHtml(fmt::format("{}: costs in {} for the whole network", SetLabel(set), units.currency));
}

}  // namespace

std::string PoliciesHtml(const RunFiles& run) {
  const std::vector<std::string> sets = SetsOf(run.summary);
  if (sets.empty()) return "";
  std::string html = DifferenceFigure(run.summary, MainSet(run.summary));
  for (const std::string& set : sets) html += PolicyTable(run, set);
  return html +
         "<p class=\"soft\">± is the standard error of the mean cost over scenarios (held-out demand is one draw and "
         "has none); the "
         "spread of seeds is the "
         "standard deviation of the mean cost over training seeds. “First n” marks a policy that is slow and was "
         "judged on the first n scenarios only: "
         "its difference is taken on these, its cost does not compare with the others' at face value.</p>\n";
}

}  // namespace restock
