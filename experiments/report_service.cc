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

constexpr double kAll = 0.9999;

struct ServiceLine {
  std::vector<double> fill_rate;  // [%]
  std::vector<double> cost;       // [money]
  std::vector<double> marginal;   // [money/unit]
};

ServiceLine LineOf(const json& service) {
  ServiceLine line;
  for (const json& point : ListAt(service, "points")) {
    line.fill_rate.push_back(100 * NumberAt(point, "fill_rate"));
    line.cost.push_back(NumberAt(point, "cost"));
    line.marginal.push_back(std::max(0.0, NumberAt(point, "marginal_cost")));
  }
  return line;
}

std::string Words(const json& service, const ServiceLine& line, const RunUnits& units) {
  const size_t last = line.cost.size() - 1;
  const double most = NumberAt(service, "most");
  std::string words = most > kAll
                          ? "There are plans that meet all demand at once. "
                          : fmt::format(
                                "No plan of {:.0f} {}s from the stock at the start meets more than {} of the demand at "
                                "once. ",
                                NumberAt(service, "num_periods"), units.period, Percent(most));
  words +=
      fmt::format("The stock-out costs that are set ask for a fill rate of {}. ", Percent(NumberAt(service, "chosen")));
  if (last < 2) return words;
  const size_t before = last - 1;
  return words + fmt::format(
                     "From {:.4g} % to {:.4g} % the plan costs {} more; at {:.4g} % one more {} met at once "
                     "costs {}.",
                     line.fill_rate[before], line.fill_rate[last],
                     Money(line.cost[last] - line.cost[before], units.currency), line.fill_rate[before],
                     units.unit == "units" ? "unit" : units.unit, Money(line.marginal[before], units.currency));
}

std::string Curve(const json& service, const ServiceLine& line, const RunUnits& units) {
  XyChart chart;
  chart.frame.title = "What service costs";
  chart.frame.description = "Cost of the cheapest plan by the fill rate that it reaches; it rises ever faster.";
  chart.frame.x_label = "Demand met at once [%]";
  chart.frame.y_label =
      fmt::format("Cost of {:.0f} {}s [{}]", NumberAt(service, "num_periods"), units.period, units.currency);
  chart.y_includes = {};
  chart.traces = {{"plan", Mark::kLine, 0, line.fill_rate, line.cost}, {"", Mark::kDots, 0, line.fill_rate, line.cost}};
  chart.vertical = Rule{"asked for by the stock-out costs", 100 * NumberAt(service, "chosen")};
  chart.frame.width = kWideChart;
  HtmlTable table({"Demand met at once", "Cost of the plan", "More than the row above", "One more unit met costs"}, 1);
  for (size_t i = 0; i < line.cost.size(); ++i)
    table.AddRow({fmt::format("{:.4g} %", line.fill_rate[i]), Money(line.cost[i], units.currency),
                  i == 0 ? "" : Money(line.cost[i] - line.cost[i - 1], units.currency),
                  Money(line.marginal[i], units.currency)});
  return Figure(DrawXyChart(chart), "The cheapest plan for each fill rate, without the penalty for being short",
                table.ToHtml("Cost by fill rate"), true);
}

}  // namespace

std::string ServiceHtml(const RunFiles& run) {
  const json& service = ObjectAt(run.summary, "service");
  const ServiceLine line = LineOf(service);
  if (line.cost.empty()) return "";
  const RunUnits units = UnitsOf(run);
  return "<p>" + Escape(Words(service, line, units)) + "</p>\n" + Curve(service, line, units) +
         SmallPrint(
             fmt::format("One plan of orders for {:.0f} paths of demand at once, fixed ahead: who orders anew in "
                         "every {} pays less for the same service, but the shape is the same. Service counts from "
                         "the first {} that an order can reach; the price of one more unit holds for a little more.",
                         NumberAt(service, "num_paths"), units.period, units.period));
}

}  // namespace restock
