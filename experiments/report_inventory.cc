#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "experiments/html.h"
#include "experiments/report_sections.h"
#include "experiments/report_words.h"
#include "experiments/svg_axis.h"
#include "experiments/svg_chart.h"

namespace restock {

using nlohmann::json;

namespace {

constexpr size_t kMaxTableRows = 60;

/// What could not be served, NaN where all was: only shortages get a dot.
std::vector<double> Unserved(const json& trace) {
  std::vector<double> demand = NumbersAt(trace, "demand"), sold = NumbersAt(trace, "sold");
  for (size_t i = 0; i < demand.size(); ++i) {
    const double shortage = i < sold.size() ? demand[i] - sold[i] : 0;
    demand[i] = shortage > 1e-6 ? shortage : std::numeric_limits<double>::quiet_NaN();
  }
  return demand;
}

HtmlTable TraceTable(const json& trace) {
  HtmlTable table({"Date", "On hand", "On the way", "Ordered", "Demand", "Served"}, 1);
  const std::vector<double> days = DatesAt(trace, "dates");
  std::vector<std::vector<double>> columns;
  for (const char* key : {"on_hand", "in_transit", "ordered", "demand", "sold"}) {
    columns.push_back(NumbersAt(trace, key));
    columns.back().resize(days.size(), std::numeric_limits<double>::quiet_NaN());
  }
  for (size_t i = 0; i < std::min(days.size(), kMaxTableRows); ++i) {
    std::vector<std::string> cells = {std::isfinite(days[i]) ? FormatDay(static_cast<int>(days[i]), true) : "–"};
    for (const std::vector<double>& column : columns) cells.push_back(FormatNumber(column[i]));
    table.AddRow(cells);
  }
  return table;
}

std::string TraceFigure(const RunFiles& run, const json& trace, double highest) {
  const RunUnits units = UnitsOf(run);
  const std::string policy = PolicyLabel(TextAt(trace, "policy"));
  const std::vector<double> days = DatesAt(trace, "dates");
  XyChart chart;
  chart.x_is_date = true;
  chart.y_includes = {0, highest};
  chart.frame.title = fmt::format("Stock of {} at {} under {}", Shorten(TextAt(trace, "sku"), 60),
                                  Shorten(TextAt(trace, "location"), 60), policy);
  chart.frame.description =
      "Stock at the start of each period as steps, orders as bars, demand and what could not be served as dots.";
  chart.frame.y_label = fmt::format("Quantity [{}]", units.unit);
  chart.traces = {{"On hand", Mark::kStep, 0, days, NumbersAt(trace, "on_hand")},
                  {"Ordered", Mark::kBars, 1, days, NumbersAt(trace, "ordered")},
                  {"Demand", Mark::kDots, 6, days, NumbersAt(trace, "demand")},
                  {"Not served", Mark::kDots, 3, days, Unserved(trace)}};
  return Figure(DrawXyChart(chart), policy, TraceTable(trace).ToHtml("Stock, orders and demand"), false);
}

/// The largest value that any of the traces draws, so that charts side by side share a scale.
double Highest(const std::vector<json>& traces) {
  Extent extent;
  for (const json& trace : traces) {
    for (const char* key : {"on_hand", "ordered", "demand"}) extent.Add(NumbersAt(trace, key));
  }
  return extent.high;
}

}  // namespace

std::string InventoryHtml(const RunFiles& run, int max_charts) {
  // the best policy and the best rule beside it, site by site
  const std::string best = TextAt(ObjectAt(run.summary, "best"), "policy"),
                    rule = BestRule(run.summary, MainSet(run.summary));
  std::vector<std::pair<std::string, std::vector<json>>> sites;
  for (const json& trace : ListAt(run.traces, "traces")) {
    const std::string policy = TextAt(trace, "policy");
    if (policy != best && policy != rule) continue;
    const std::string site =
        fmt::format("{} at {}", Shorten(TextAt(trace, "sku"), 60), Shorten(TextAt(trace, "location"), 60));
    auto place = std::find_if(sites.begin(), sites.end(), [&](const auto& entry) { return entry.first == site; });
    if (place == sites.end()) place = sites.insert(sites.end(), {site, {}});
    place->second.insert(policy == best ? place->second.begin() : place->second.end(), trace);
  }

  std::string html;
  for (size_t i = 0; i < sites.size() && static_cast<int>(i) < max_charts; ++i) {
    html += fmt::format("<h3>{}</h3>\n<div class=\"pair\">", Escape(sites[i].first));
    for (const json& trace : sites[i].second) html += TraceFigure(run, trace, Highest(sites[i].second));
    html += "</div>\n";
  }
  if (html.empty()) return "";
  const json& first = sites[0].second[0];
  return fmt::format(
             "<p class=\"soft\">{}, path {:.0f}: the same demand for each policy. Shown are a product that sells much, "
             "one in the middle and one that sells "
             "little.</p>\n",
             Escape(SetLabel(TextAt(first, "scenario_set"))), NumberAt(first, "scenario") + 1) +
         html;
}

}  // namespace restock
