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

std::string Card(const std::string& name, const std::string& value, const std::string& note, const char* tone = "") {
  return fmt::format(
      "<li class=\"card\"><div class=\"name\">{}</div><div class=\"value {}\">{}</div><div "
      "class=\"note\">{}</div></li>\n",
      Escape(name), tone, Escape(value), Escape(note));
}

std::string Paragraph(const std::string& text) { return text.empty() ? "" : "<p>" + Escape(text) + "</p>\n"; }

/// The rows of the headline: the best policy and the best rule on the main set.
struct Leaders {
  std::string best, rule, set;
  const json& best_row;
  const json& rule_row;
  bool IsRule() const { return best == rule; }
};

Leaders LeadersOf(const json& summary) {
  const std::string set = MainSet(summary), best = TextAt(ObjectAt(summary, "best"), "policy"),
                    rule = BestRule(summary, set);
  return {best, rule, set, PolicyRowOf(summary, best, set), PolicyRowOf(summary, rule, set)};
}

/// Training seeds whose interval lies below zero, of all that have one.
std::pair<int, int> CheaperSeeds(const json& row) {
  int num_cheaper = 0, num_seeds = 0;
  for (const json& seed : ListAt(row, "seeds")) {
    const RelativeDifference difference = DifferenceOf(seed);
    if (!difference.IsKnown()) continue;
    ++num_seeds;
    num_cheaper += difference.IsCheaper();
  }
  return {num_cheaper, num_seeds};
}

std::string Cards(const RunFiles& run, const Leaders& leaders) {
  const RunUnits units = UnitsOf(run);
  const RelativeDifference difference = DifferenceOf(leaders.best_row);
  std::string cards = Card("Chosen policy", PolicyLabel(leaders.best),
                           Money(NumberAt(leaders.best_row, "mean_cost"), units.currency) + " per " + units.period +
                               " for the whole network");
  if (difference.IsKnown() && !leaders.IsRule()) {
    cards += Card("Cost against the best rule", Percent(difference.mean, true),
                  fmt::format("{} {} to {}; the rule: {}", IntervalLabel(run.summary), Percent(difference.low, true),
                              Percent(difference.high, true), PolicyLabel(leaders.rule)),
                  difference.IsCheaper()  ? "good"
                  : difference.IsDearer() ? "bad"
                                          : "");
  }
  const double fill_rate = NumberAt(leaders.best_row, "fill_rate"),
               rule_fill_rate = NumberAt(leaders.rule_row, "fill_rate");
  if (std::isfinite(fill_rate)) {
    cards += Card("Fill rate", Percent(fill_rate),
                  std::isfinite(rule_fill_rate) && !leaders.IsRule()
                      ? "of demand met from stock; " + PolicyLabel(leaders.rule) + ": " + Percent(rule_fill_rate)
                      : "of demand met from stock");
  }
  if (const double gap = NumberAt(leaders.best_row, "gap_to_bound"); std::isfinite(gap)) {
    cards += Card("Gap to the bound", Percent(gap),
                  "above the cost with perfect knowledge of demand, which nobody can reach");
  }
  if (const double turns = NumberAt(leaders.best_row, "turns"); std::isfinite(turns)) {
    cards += Card("Stock turns", FormatNumber(turns), "a year: sales over the mean stock in the whole network");
  }
  return "<ul class=\"cards\">\n" + cards + "</ul>\n";
}

/// Whether another policy came out cheaper than the chosen one when both were judged on the same scenarios.
std::string SurpriseWords(const json& summary, const Leaders& leaders) {
  const double cost = NumberAt(leaders.best_row, "mean_cost"), count = NumberAt(leaders.best_row, "num_scenarios");
  std::string cheapest;
  double lowest = cost;
  for (const json& row : ListAt(summary, "policies")) {
    if (TextAt(row, "scenario_set") != leaders.set || NumberAt(row, "num_scenarios") != count) continue;
    if (NumberAt(row, "mean_cost") < lowest) {
      lowest = NumberAt(row, "mean_cost");
      cheapest = TextAt(row, "name");
    }
  }
  constexpr double kVisibleShare = 0.0005;
  if (!((cost - lowest) / std::abs(cost) > kVisibleShare)) return "";
  return fmt::format(
      "On the judging scenarios {} came out {} cheaper than the chosen policy. The choice was made on other scenarios, "
      "before judging, and "
      "stays: choosing by the judging scenarios would flatter the result.",
      PolicyLabel(cheapest), Percent((cost - lowest) / std::abs(cost)));
}

/// The saving on the main set, in money and as a share, and whether it may be chance.
std::string SavingWords(const RunFiles& run, const Leaders& leaders) {
  const RunUnits units = UnitsOf(run);
  const RelativeDifference difference = DifferenceOf(leaders.best_row);
  const double count = NumberAt(leaders.best_row, "num_scenarios");
  const std::string where =
      std::isfinite(count) ? fmt::format("On {:.0f} demand scenarios that nothing was trained or tuned on, ", count)
                           : "";
  if (leaders.IsRule()) {
    const std::string why = run.metrics.empty() ? "no agent was trained in this run"
                                                : "no learned policy did better on the scenarios kept for choosing";
    return fmt::format("The tuned classical rule {} was chosen: {}.", PolicyLabel(leaders.best), why);
  }
  if (!difference.IsKnown()) return "";
  const std::string rule = PolicyLabel(leaders.rule) + ", the best tuned classical rule";
  std::string words = fmt::format("{}{} {}. {}", where, PolicyLabel(leaders.best),
                                  DifferenceWords(difference, rule, IntervalLabel(run.summary)), Verdict(difference));
  if (difference.IsCheaper()) {
    const double periods = units.period == "week" ? 52 : 365;
    words += fmt::format(" That is {} per {}, or {} in a year at this rate.", Money(-difference.money, units.currency),
                         units.period, Money(-difference.money * periods, units.currency));
  }
  const auto [num_cheaper, num_seeds] = CheaperSeeds(leaders.best_row);
  if (num_seeds > 1) {
    words += fmt::format(
        " Training was repeated from {} seeds: {} of {} are cheaper than the rule with an interval that excludes zero.",
        num_seeds, num_cheaper, num_seeds);
  }
  return words;
}

/// The second witness: demand that really came.
std::string HeldOutWords(const json& summary, const Leaders& leaders) {
  const json& row = PolicyRowOf(summary, leaders.best, "held_out");
  const RelativeDifference difference = DifferenceOf(row);
  if (leaders.set == "held_out" || leaders.IsRule() || !difference.IsKnown()) return "";
  const std::string rule = PolicyLabel(BestRule(summary, "held_out")) + ", the best rule there";
  return fmt::format(
      "On the demand that really came in the held-out periods {} {}. {} This is one stretch of time; other times may "
      "differ more than the interval says.",
      PolicyLabel(leaders.best), DifferenceWords(difference, rule, IntervalLabel(summary)), Verdict(difference));
}

std::string ServiceWords(const json& summary, const Leaders& leaders) {
  const double fill_rate = NumberAt(leaders.best_row, "fill_rate"),
               short_share = NumberAt(leaders.best_row, "stockout_share");
  if (!std::isfinite(fill_rate)) return "";
  std::string words = fmt::format("{} of demand is met from stock", Percent(fill_rate));
  if (std::isfinite(short_share))
    words += fmt::format("; a product runs short at a site in {} of all site-periods", Percent(short_share));
  // a share of the cost has no meaning where the cost is a profit
  const bool is_cost = NumberAt(ObjectAt(summary, "bound"), "cost") > 0;
  if (const double gap = NumberAt(leaders.best_row, "gap_to_bound"); gap > 0 && is_cost) {
    words += fmt::format(
        ". Even a planner who knew all demand ahead would pay {} of this cost: at most {} of it could still be saved",
        Percent(1 / (1 + gap)), Percent(gap / (1 + gap)));
  }
  return words + ".";
}

/// Who they are, for readers who have met neither.
std::string WhoIsWho(const Leaders& leaders) {
  std::string words;
  for (const std::string& name : {leaders.best, leaders.IsRule() ? std::string() : leaders.rule}) {
    const std::string description = PolicyDescription(name);
    if (!description.empty()) words += (words.empty() ? "" : " ") + PolicyLabel(name) + ": " + description;
  }
  return words;
}

std::string DivergedWords(const json& summary) {
  std::string words;
  for (const json& learner : ListAt(summary, "diverged")) {
    words += fmt::format("{}{} seed {:.0f} (update {:.0f})", words.empty() ? "" : ", ",
                         PolicyLabel(TextAt(learner, "agent")), NumberAt(learner, "seed"), NumberAt(learner, "update"));
  }
  return words.empty() ? "" : "Training diverged and went back to its last good weights: " + words + ".";
}

}  // namespace

std::string HeadlineHtml(const RunFiles& run) {
  // what was run
  const RunUnits units = UnitsOf(run);
  std::string facts =
      fmt::format("{:.0f} locations, {:.0f} products, {:.0f} sites", NumberAt(run.summary, "num_locations"),
                  NumberAt(run.summary, "num_skus"), NumberAt(run.summary, "num_sites"));
  if (!std::isfinite(NumberAt(run.summary, "num_sites")))
    facts = run.forecasts.empty() ? "No evaluation was made" : "Forecasts alone";
  facts += fmt::format(" · one period is a {} · goods in {}", units.period, units.unit);
  if (units.currency != RunUnits().currency) facts += " · money in " + units.currency;
  if (!run.forecasts.empty()) facts += " · sales until " + FormatDay(run.forecasts.front().origin, true);
  std::string html = fmt::format("<h1>{}</h1>\n<p class=\"soft\">{}</p>\n", Escape(run.name), Escape(facts));

  // what came out
  const Leaders leaders = LeadersOf(run.summary);
  if (leaders.best_row.empty()) return html;
  html += Cards(run, leaders) + "<div class=\"words\">\n";
  html += Paragraph(SavingWords(run, leaders)) + Paragraph(HeldOutWords(run.summary, leaders)) +
          Paragraph(SurpriseWords(run.summary, leaders)) + Paragraph(ServiceWords(run.summary, leaders)) +
          Paragraph(DivergedWords(run.summary));
  return html + "</div>\n<p class=\"soft\">" + Escape(WhoIsWho(leaders)) + "</p>\n";
}

}  // namespace restock
