#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "env/network_state.h"
#include "experiments/html.h"
#include "experiments/report_sections.h"
#include "experiments/report_words.h"
#include "experiments/svg_axis.h"
#include "experiments/svg_chart.h"

namespace restock {

using nlohmann::json;

namespace {

/// The kinds of cost that any policy has, in the simulator's order.
std::vector<std::string> CostKinds(const std::vector<json>& rows) {
  std::vector<std::string> kinds;
  for (const char* kind : kCostNames) {
    const auto pays = [&](const json& row) { return std::abs(NumberAt(ObjectAt(row, "costs"), kind)) > 0; };
    if (std::any_of(rows.begin(), rows.end(), pays)) kinds.push_back(kind);
  }
  return kinds;
}

/// What the run counts: `Cost per day`, or what a problem says.
std::string CostLabel(const RunFiles& run) {
  std::string label = TextAt(run.summary, "cost");
  if (label.empty()) return "Cost per " + UnitsOf(run).period;
  if (label[0] >= 'a' && label[0] <= 'z') label[0] = static_cast<char>(label[0] - 'a' + 'A');
  return label;
}

std::vector<double> CostsByKind(const json& row, const std::vector<std::string>& kinds) {
  std::vector<double> costs;
  for (const std::string& kind : kinds) costs.push_back(NumberAt(ObjectAt(row, "costs"), kind.c_str()));
  return costs;
}

/// Bars with their table, the sums of the rows in its last column.
std::string BarsFigure(const StackedBars& chart, const std::vector<double>& sums, const std::string& caption) {
  std::vector<std::string> header = {"Policy"};
  header.insert(header.end(), chart.parts.begin(), chart.parts.end());
  header.push_back("sum");
  HtmlTable table(header, 1);
  for (size_t row = 0; row < chart.rows.size(); ++row) {
    std::vector<std::string> cells = {chart.rows[row]};
    for (const double value : chart.values[row]) cells.push_back(FormatNumber(value, 4));
    cells.push_back(FormatNumber(sums[row], 4));
    table.AddRow(cells);
  }
  return Figure(DrawStackedBars(chart), caption, table.ToHtml(chart.frame.title), true);
}

std::string CostFigure(const RunFiles& run, const std::string& set, const std::vector<json>& rows,
                       const std::vector<std::string>& kinds) {
  const RunUnits units = UnitsOf(run);
  StackedBars chart;
  std::vector<double> sums;
  for (const json& row : rows) {
    chart.rows.push_back(RowLabel(row, rows));
    chart.values.push_back(CostsByKind(row, kinds));
    sums.push_back(NumberAt(row, "mean_cost"));
  }
  chart.parts = kinds;
  chart.frame.title = "Cost by kind";
  chart.frame.description = "One bar per policy, its parts are the kinds of cost; credits lie left of zero.";
  chart.frame.x_label = fmt::format("{} [{}]", CostLabel(run), units.currency);
  chart.frame.width = kWideChart;
  return BarsFigure(chart, sums, SetLabel(set) + ": what the cost of each policy is made of");
}

/// What is bought and left over is paid and credited: only the balance tells something about a policy.
void NetLeftovers(StackedBars& chart) {
  const auto purchase = std::find(chart.parts.begin(), chart.parts.end(), kCostNames[kPurchase]);
  const auto credit = std::find(chart.parts.begin(), chart.parts.end(), kCostNames[kLeftoverCredit]);
  if (purchase == chart.parts.end() || credit == chart.parts.end()) return;
  const auto to = purchase - chart.parts.begin(), from = credit - chart.parts.begin();
  for (std::vector<double>& values : chart.values) {
    values[static_cast<size_t>(to)] += values[static_cast<size_t>(from)];
    values.erase(values.begin() + from);
  }
  *purchase = "purchase less leftover credit";
  chart.parts.erase(credit);
}

/// Where a saving comes from: each kind of cost minus that of the best rule, for policies judged on the same scenarios.
std::string CostDifferenceFigure(const RunFiles& run, const std::string& set, const std::vector<json>& rows,
                                 const std::vector<std::string>& kinds) {
  const RunUnits units = UnitsOf(run);
  const std::string rule = BestRule(run.summary, set);
  const json& rule_row = PolicyRowOf(run.summary, rule, set);
  const std::vector<double> rule_costs = CostsByKind(rule_row, kinds);
  StackedBars chart;
  std::vector<double> sums;
  for (const json& row : rows) {
    const std::string name = TextAt(row, "name");
    if (name == rule || IsUntrained(name) || NumberAt(row, "num_scenarios") != NumberAt(rule_row, "num_scenarios"))
      continue;
    std::vector<double> costs = CostsByKind(row, kinds);
    for (size_t kind = 0; kind < kinds.size(); ++kind) costs[kind] -= rule_costs[kind];
    chart.rows.push_back(PolicyLabel(name));
    chart.values.push_back(costs);
    sums.push_back(NumberAt(row, "mean_cost") - NumberAt(rule_row, "mean_cost"));
  }
  if (chart.rows.empty()) return "";
  chart.parts = kinds;
  NetLeftovers(chart);
  chart.frame.title = "Difference by kind of cost";
  chart.frame.description = "Parts left of zero are saved against the best rule, parts right of it are paid more.";
  chart.frame.x_label = fmt::format("{} minus that of {} [{}]", CostLabel(run), PolicyLabel(rule), units.currency);
  chart.frame.width = kWideChart;
  return BarsFigure(chart, sums,
                    "Where the difference to " + PolicyLabel(rule) +
                        " comes from: left of zero is saved, right of zero is paid more");
}

}  // namespace

std::string CostsHtml(const RunFiles& run) {
  const std::string set = MainSet(run.summary);
  const std::vector<json> rows = RowsOf(run.summary, set);
  const std::vector<std::string> kinds = CostKinds(rows);
  return kinds.empty() ? "" : CostFigure(run, set, rows, kinds) + CostDifferenceFigure(run, set, rows, kinds);
}

}  // namespace restock
