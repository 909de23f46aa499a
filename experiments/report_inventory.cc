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
                  {"Ordered", Mark::kBars, 4, days, NumbersAt(trace, "ordered")},
                  {"Demand", Mark::kDots, 6, days, NumbersAt(trace, "demand")},
                  {"Not served", Mark::kDots, 1, days, Unserved(trace)}};
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

/// The best policy and one to compare it with, both with traces: the best rule, or else the cheapest other policy.
std::vector<std::string> ShownPolicies(const RunFiles& run) {
  const std::string set = MainSet(run.summary), best = TextAt(ObjectAt(run.summary, "best"), "policy");
  std::vector<std::string> candidates = {best, BestRule(run.summary, set)};
  for (const json& row : RowsOf(run.summary, set)) candidates.push_back(TextAt(row, "name"));
  std::vector<std::string> shown;
  for (const std::string& policy : candidates) {
    const auto is_of_policy = [&](const json& trace) { return TextAt(trace, "policy") == policy; };
    const json& traces = ListAt(run.traces, "traces");
    const bool has_trace = std::any_of(traces.begin(), traces.end(), is_of_policy);
    if (has_trace && shown.size() < 2 && std::find(shown.begin(), shown.end(), policy) == shown.end())
      shown.push_back(policy);
  }
  return shown;
}

/// The traces of one site, those of the shown policies in their order.
struct SiteTraces {
  std::string location, sku;
  std::vector<json> traces;
};
std::vector<SiteTraces> TracesBySite(const RunFiles& run) {
  std::vector<SiteTraces> sites;
  for (const std::string& policy : ShownPolicies(run)) {
    for (const json& trace : ListAt(run.traces, "traces")) {
      if (TextAt(trace, "policy") != policy) continue;
      const std::string location = TextAt(trace, "location"), sku = TextAt(trace, "sku");
      auto site = std::find_if(sites.begin(), sites.end(),
                               [&](const SiteTraces& other) { return other.location == location && other.sku == sku; });
      if (site == sites.end()) site = sites.insert(sites.end(), {location, sku, {}});
      site->traces.push_back(trace);
    }
  }

  // where goods are sold first, central sites after
  const auto sells = [&](const SiteTraces& site) {
    const json& series = ListAt(run.traces, "series");
    return std::any_of(series.begin(), series.end(),
                       [&](const json& one) { return TextAt(one, "warehouse") == site.location; });
  };
  std::stable_partition(sites.begin(), sites.end(), sells);
  return sites;
}

}  // namespace

std::string InventoryHtml(const RunFiles& run, int max_charts) {
  const std::vector<SiteTraces> sites = TracesBySite(run);
  std::string html;
  for (size_t i = 0; i < sites.size() && static_cast<int>(i) < max_charts; ++i) {
    html += fmt::format("<h3>{} at {}</h3>\n<div class=\"pair\">", Escape(Shorten(sites[i].sku, 60)),
                        Escape(Shorten(sites[i].location, 60)));
    for (const json& trace : sites[i].traces) html += TraceFigure(run, trace, Highest(sites[i].traces));
    html += "</div>\n";
  }
  if (html.empty()) return "";
  const std::string set = SetLabel(TextAt(sites[0].traces[0], "scenario_set"));
  return fmt::format(
             "<p class=\"soft\">{}, first path: the same demand for each policy. Shown are a product that sells much, "
             "one in the middle and one that sells "
             "little.</p>\n",
             Escape(set)) +
         html;
}

}  // namespace restock
