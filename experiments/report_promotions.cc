#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "experiments/html.h"
#include "experiments/report_sections.h"
#include "experiments/report_words.h"
#include "experiments/svg_axis.h"

namespace restock {

using nlohmann::json;

namespace {

constexpr size_t kMostRows = 20;

/// When something happens: by dates where the run has some, otherwise by periods, which count from 0.
class PlanTimes {
 public:
  explicit PlanTimes(const RunFiles& run) : units_(UnitsOf(run)) {
    if (!run.forecasts.empty()) first_day_ = run.forecasts.front().origin + days();
  }

  bool has_dates() const { return first_day_.has_value(); }
  std::string Of(double first, double last) const {
    if (has_dates()) return first == last ? Day(first) : Day(first) + " to " + Day(last);
    return first == last ? fmt::format("{} {:.0f}", units_.period, first)
                         : fmt::format("{}s {:.0f} to {:.0f}", units_.period, first, last);
  }

 private:
  int days() const { return units_.period == "week" ? 7 : 1; }
  std::string Day(double period) const { return FormatDay(*first_day_ + static_cast<int>(period) * days(), true); }

  RunUnits units_;
  std::optional<int> first_day_;  // since 1970-01-01
};

std::string PromotionWords(const json& promotion, const PlanTimes& times) {
  const auto any = [](const std::string& name, const char* all) { return name == "*" ? std::string(all) : name; };
  const double first = NumberAt(promotion, "first_period"), count = NumberAt(promotion, "num_periods");
  return fmt::format("{} at {}{}{}: {:.4g} times as much as usual", any(TextAt(promotion, "sku"), "every product"),
                     any(TextAt(promotion, "location"), "all locations"), times.has_dates() ? ", " : " in ",
                     times.Of(first, first + count - 1), NumberAt(promotion, "factor"));
}

/// The largest of what is needed more, first.
std::vector<json> LargestOf(const json& list) {
  std::vector<json> largest(list.begin(), list.end());
  std::ranges::stable_sort(largest,
                           [](const json& a, const json& b) { return NumberAt(a, "units") > NumberAt(b, "units"); });
  largest.resize(std::min(largest.size(), kMostRows));
  return largest;
}

std::string CaptionOf(const char* what, const json& all) {
  const std::string most = all.size() > kMostRows ? fmt::format(", the largest {} of {}", kMostRows, all.size()) : "";
  return fmt::format("What the promotions need: {}{}", what, most);
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

/// What they do to a policy that is judged with and without them.
std::string SimulatedWords(const json& plan, const RunUnits& units) {
  const json& simulated = ObjectAt(plan, "simulated");
  if (simulated.empty()) return "";
  const double cost = NumberAt(simulated, "more_cost"), demand = NumberAt(simulated, "more_demand");
  return fmt::format(
      "{}, simulated with and without them on {:.0f} paths of {:.0f} {}s, is asked for {} {} more, sells "
      "{} more at once and pays {} {}; its fill rate goes from {} to {}.",
      PolicyLabel(TextAt(simulated, "policy")), NumberAt(simulated, "num_scenarios"),
      NumberAt(simulated, "num_periods"), units.period, FormatNumber(demand), units.unit,
      FormatNumber(NumberAt(simulated, "more_sold")), Money(std::abs(cost), units.currency), cost < 0 ? "less" : "more",
      Percent(NumberAt(simulated, "fill_rate_without")), Percent(NumberAt(simulated, "fill_rate_with")));
}

/// Whether the costs above are paid with them.
std::string JudgedWords(const RunFiles& run) {
  const bool is_average = TextAt(ObjectAt(run.summary, "protocol"), "kind") == "average";
  return is_average ? "Policies are judged on demand without them: an average over the long run does not feel what "
                      "happens once."
                    : "Policies are judged on demand with them, and forecasts know of them from the start.";
}

}  // namespace

std::string PromotionsHtml(const RunFiles& run) {
  const json& plan = ObjectAt(run.summary, "promotions");
  if (ListAt(plan, "promotions").empty()) return "";
  const RunUnits units = UnitsOf(run);
  const PlanTimes times(run);
  std::string html = "<ul>\n";
  for (const json& promotion : ListAt(plan, "promotions"))
    html += "<li>" + Escape(PromotionWords(promotion, times)) + "</li>\n";
  html += "</ul>\n<p>" + Escape(Words(plan, units)) + "</p>\n";
  if (const std::string words = SimulatedWords(plan, units); !words.empty()) html += "<p>" + Escape(words) + "</p>\n";

  HtmlTable orders({"Order more of", "In all [" + units.unit + "]", "When to order"}, 1);
  for (const json& order : LargestOf(ListAt(plan, "orders")))
    orders.AddRow({TextAt(order, "lane"), FormatNumber(NumberAt(order, "units")),
                   times.Of(NumberAt(order, "first_period"), NumberAt(order, "last_period"))});
  HtmlTable stock({"More stock of", "At most [" + units.unit + "]", "At the end of"}, 1);
  for (const json& held : LargestOf(ListAt(plan, "stock")))
    stock.AddRow({TextAt(held, "site"), FormatNumber(NumberAt(held, "units")),
                  times.Of(NumberAt(held, "period"), NumberAt(held, "period"))});
  if (!orders.empty()) html += orders.ToHtml(CaptionOf("orders", ListAt(plan, "orders")));
  if (!stock.empty()) html += stock.ToHtml(CaptionOf("stock built up", ListAt(plan, "stock")));
  const std::string counted = times.has_dates() ? "" : fmt::format("; {}s count from 0", units.period);
  return html +
         SmallPrint(fmt::format("The difference of two cheapest plans of {:.0f} {}s on expected demand, from the stock "
                                "at the start, with and without the promotions{}. {}",
                                NumberAt(plan, "num_periods"), units.period, counted, JudgedWords(run)));
}

}  // namespace restock
