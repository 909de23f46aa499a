#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "experiments/html.h"
#include "experiments/report_sections.h"
#include "experiments/report_words.h"

namespace restock {

using nlohmann::json;

namespace {

/// `storage` of `north` -> `room at north for one more unit of volume`.
std::string ThingLabel(const json& price) {
  const std::string kind = TextAt(price, "kind"), name = TextAt(price, "name");
  if (kind == "storage") return "room at " + name + " for one more unit of volume";
  if (kind == "lane") return "one more unit per order of " + name;
  if (kind == "shipping") return "one more unit shipped of " + name;
  return "one more of " + name;
}

/// The dearest first; what saves nothing is told apart.
std::vector<json> ByValue(const RunFiles& run, const std::string& set) {
  std::vector<json> prices;
  for (const json& price : ListAt(run.summary, "shadow_prices"))
    if (TextAt(price, "scenario_set") == set) prices.push_back(price);
  std::stable_sort(prices.begin(), prices.end(),
                   [](const json& a, const json& b) { return NumberAt(a, "value") > NumberAt(b, "value"); });
  return prices;
}

std::string Words(const std::vector<json>& prices, const RunUnits& units) {
  const auto saves = [](const json& price) { return NumberAt(price, "value") > 0; };
  const auto num_scarce = std::count_if(prices.begin(), prices.end(), saves);
  if (num_scarce == 0) {
    return fmt::format(
        "Nothing is scarce: for none of the {} limits of storage, lanes and orders would one more unit have saved "
        "anything.",
        prices.size());
  }
  const json& first = prices.front();
  return fmt::format(
      "The most is saved by {}: {} per {}, if it were there every {}; it would help in {} of them. {} of the {} limits "
      "cost nothing as they are.",
      ThingLabel(first), Money(NumberAt(first, "value"), units.currency), units.period, units.period,
      Percent(NumberAt(first, "tight_share")), static_cast<long>(prices.size()) - num_scarce, prices.size());
}

constexpr size_t kMostRows = 12;

}  // namespace

std::string ScarcityHtml(const RunFiles& run) {
  const std::vector<json> prices = ByValue(run, MainSet(run.summary));
  if (prices.empty()) return "";
  const RunUnits units = UnitsOf(run);
  HtmlTable table({"What", "Saves per " + units.period, "Helps in"}, 1);
  for (size_t i = 0; i < std::min(prices.size(), kMostRows); ++i) {
    if (NumberAt(prices[i], "value") <= 0) break;
    table.AddRow({ThingLabel(prices[i]), Money(NumberAt(prices[i], "value"), units.currency),
                  Percent(NumberAt(prices[i], "tight_share"))});
  }
  std::string html = "<p>" + Escape(Words(prices, units)) + "</p>\n";
  if (!table.empty()) html += table.ToHtml("What one more unit would save");
  return html + "<p class=\"soft\">" +
         Escape(
             "From the plans of somebody who knew all demand ahead (the perfect-information bound): by how much their "
             "cost would fall with a little more room or capacity in every period. Who does not know demand ahead "
             "runs into limits more often, so for real orders a limit mostly costs more. It holds for a little more, "
             "not for much more.") +
         "</p>\n";
}

}  // namespace restock
