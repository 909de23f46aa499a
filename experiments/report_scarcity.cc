#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "experiments/html.h"
#include "experiments/report_sections.h"
#include "experiments/report_words.h"

namespace restock {

using nlohmann::json;

namespace {

constexpr size_t kMostRows = 12;

/// Something scarce, and what one more unit of it saves in the plans of each planner.
struct ScarceThing {
  std::string label;
  std::map<std::string, double> value;  // by planner  [money/period]
  std::map<std::string, double> tight_share;

  double ValueFor(const std::string& planner) const { return value.contains(planner) ? value.at(planner) : NAN; }
};

/// `storage` of `north` -> `room at north for one more unit of volume`.
std::string ThingLabel(const json& price) {
  const std::string kind = TextAt(price, "kind"), name = TextAt(price, "name");
  if (kind == "storage") return "room at " + name + " for one more unit of volume";
  if (kind == "lane") return "one more unit per order of " + name;
  if (kind == "shipping") return "one more unit shipped of " + name;
  return "one more of " + name;
}

std::string PlannerOf(const json& price) {
  const std::string plans = TextAt(price, "plans");
  return plans.empty() ? "bound" : plans;
}

std::string PlannerLabel(const std::string& planner) {
  return planner == "bound" ? "all demand known" : PolicyLabel(planner);
}

/// Those who plan, the most foresighted of those who do not know demand ahead first: headlines speak of that one.
std::vector<std::string> PlannersOf(const json& summary) {
  std::vector<std::string> planners;
  for (const char* planner : {"multistage_lp", "stochastic_lp", "lp", "bound"}) {
    const auto is_of = [&](const json& price) { return PlannerOf(price) == planner; };
    if (std::ranges::any_of(ListAt(summary, "shadow_prices"), is_of)) planners.emplace_back(planner);
  }
  return planners;
}

std::vector<ScarceThing> ThingsOf(const json& summary, const std::string& set) {
  std::vector<ScarceThing> things;
  for (const json& price : ListAt(summary, "shadow_prices")) {
    if (TextAt(price, "scenario_set") != set) continue;
    const std::string label = ThingLabel(price);
    auto found = std::ranges::find(things, label, &ScarceThing::label);
    if (found == things.end()) found = things.insert(things.end(), {label, {}, {}});
    found->value[PlannerOf(price)] = NumberAt(price, "value");
    found->tight_share[PlannerOf(price)] = NumberAt(price, "tight_share");
  }
  return things;
}

std::string Words(const std::vector<ScarceThing>& things, const std::string& planner, const RunUnits& units) {
  const auto saves = [&](const ScarceThing& thing) { return thing.ValueFor(planner) > 0; };
  const auto num_scarce = std::ranges::count_if(things, saves);
  const std::string plans = planner == "bound" ? "for somebody who knows all demand ahead"
                                               : "in the plans of the " + PolicyLabel(planner) + " policy";
  if (num_scarce == 0) {
    return fmt::format(
        "Nothing is scarce {}: for none of the {} limits of storage, lanes and orders would one more unit save "
        "anything.",
        plans, things.size());
  }
  const ScarceThing& first = things.front();
  const auto num_free = static_cast<long>(things.size()) - num_scarce;
  return fmt::format("The most is saved, {}, by {}: {} per {}, if it were there every {}; it helps in {} of them. {}",
                     plans, first.label, Money(first.ValueFor(planner), units.currency), units.period, units.period,
                     Percent(first.tight_share.at(planner)),
                     num_free > 0
                         ? fmt::format("{} of the {} limits cost nothing as they are.", num_free, things.size())
                     : things.size() == 1 ? "It is the only limit that is set."
                                          : fmt::format("Each of the {} limits costs something.", things.size()));
}

std::string Table(const std::vector<ScarceThing>& things, const std::vector<std::string>& planners,
                  const RunUnits& units) {
  std::vector<std::string> header = {"One more of what"};
  for (const std::string& planner : planners)
    header.push_back(fmt::format("Saves per {}: {}", units.period, PlannerLabel(planner)));
  header.emplace_back("Helps in");
  HtmlTable table(header, 1);
  for (size_t i = 0; i < std::min(things.size(), kMostRows); ++i) {
    const bool is_scarce = std::ranges::any_of(things[i].value, [](const auto& entry) { return entry.second > 0; });
    if (!is_scarce) continue;
    std::vector<std::string> cells = {things[i].label};
    for (const std::string& planner : planners) cells.push_back(Money(things[i].ValueFor(planner), units.currency));
    cells.push_back(Percent(things[i].tight_share.contains(planners[0]) ? things[i].tight_share.at(planners[0]) : NAN));
    table.AddRow(cells);
  }
  return table.empty() ? "" : table.ToHtml("What one more unit would save");
}

}  // namespace

std::string ScarcityHtml(const RunFiles& run) {
  std::vector<ScarceThing> things = ThingsOf(run.summary, MainSet(run.summary));
  if (things.empty()) return "";
  const std::vector<std::string> planners = PlannersOf(run.summary);
  std::ranges::stable_sort(things, [&](const ScarceThing& a, const ScarceThing& b) {
    return a.ValueFor(planners[0]) > b.ValueFor(planners[0]);
  });
  const RunUnits units = UnitsOf(run);
  return "<p>" + Escape(Words(things, planners[0], units)) + "</p>\n" + Table(things, planners, units) +
         SmallPrint(
             "Shadow prices: by how much a plan's cost would fall with a little more room or capacity in every " +
             units.period +
             ", the mean over all plans that were made. Who knows all demand ahead avoids limits that others run "
             "into, so for real orders a limit mostly costs more. A price holds for a little more, not for much "
             "more.");
}

}  // namespace restock
