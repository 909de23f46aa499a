#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "experiments/html.h"
#include "experiments/report_sections.h"
#include "experiments/report_words.h"
#include "experiments/svg_axis.h"

namespace restock {

using nlohmann::json;

namespace {

constexpr size_t kMostRows = 40;

std::string PeriodsOf(double first, double last, const RunUnits& units) {
  return first == last ? fmt::format("{} {:.0f}", units.period, first)
                       : fmt::format("{}s {:.0f} to {:.0f}", units.period, first, last);
}

std::string PromotionWords(const json& promotion, const RunUnits& units) {
  const auto any = [](const std::string& name, const char* all) { return name == "*" ? std::string(all) : name; };
  const double first = NumberAt(promotion, "first_period"), count = NumberAt(promotion, "num_periods");
  return fmt::format("{} at {} in {}: {:.4g} times as much as usual", any(TextAt(promotion, "sku"), "every product"),
                     any(TextAt(promotion, "location"), "all locations"), PeriodsOf(first, first + count - 1, units),
                     NumberAt(promotion, "factor"));
}

std::string Words(const json& plan, const RunUnits& units) {
  const double demand = NumberAt(plan, "more_demand"), is_short = NumberAt(plan, "more_short"),
               cost = NumberAt(plan, "more_cost");
  std::string words = fmt::format("The promotions bring a demand of {} {} more. ", FormatNumber(demand), units.unit);
  words += is_short > 1e-6 * std::abs(demand)
               ? fmt::format("Of it {} {} cannot be met at once: stock, lead times or limits are in the way. ",
                             FormatNumber(is_short), units.unit)
               : "All of it can be met at once. ";
  return words + fmt::format("With them the cheapest plan costs {} {}, what they sell included where prices are known.",
                             Money(std::abs(cost), units.currency), cost < 0 ? "less" : "more");
}

}  // namespace

std::string PromotionsHtml(const RunFiles& run) {
  const json& plan = ObjectAt(run.summary, "promotions");
  if (ListAt(plan, "promotions").empty()) return "";
  const RunUnits units = UnitsOf(run);
  std::string html = "<ul>\n";
  for (const json& promotion : ListAt(plan, "promotions"))
    html += "<li>" + Escape(PromotionWords(promotion, units)) + "</li>\n";
  html += "</ul>\n<p>" + Escape(Words(plan, units)) + "</p>\n";

  HtmlTable orders({"Order more of", "Units", "When"}, 1);
  const json& all = ListAt(plan, "orders");
  for (size_t i = 0; i < std::min(all.size(), kMostRows); ++i)
    orders.AddRow({TextAt(all[i], "lane"), FormatNumber(NumberAt(all[i], "units")),
                   PeriodsOf(NumberAt(all[i], "first_period"), NumberAt(all[i], "last_period"), units)});
  HtmlTable stock({"More stock of", "Units at most", "At the end of"}, 1);
  const json& held = ListAt(plan, "stock");
  for (size_t i = 0; i < std::min(held.size(), kMostRows); ++i)
    stock.AddRow({TextAt(held[i], "site"), FormatNumber(NumberAt(held[i], "units")),
                  fmt::format("{} {:.0f}", units.period, NumberAt(held[i], "period"))});
  if (!orders.empty()) html += orders.ToHtml("What the promotions need: orders");
  if (!stock.empty()) html += stock.ToHtml("What the promotions need: stock built up");
  return html + "<p class=\"soft\">" +
         Escape(fmt::format("The difference of two cheapest plans of {:.0f} {}s on expected demand, from the stock at "
                            "the start, with and without the promotions; {}s count from 0. Policies above are judged "
                            "on demand without them.",
                            NumberAt(plan, "num_periods"), units.period, units.period)) +
         "</p>\n";
}

}  // namespace restock
