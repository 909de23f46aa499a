#include <cmath>

#include <fmt/format.h>

#include "experiments/html.h"
#include "experiments/report_sections.h"
#include "experiments/report_words.h"
#include "experiments/svg_axis.h"

namespace restock {

using nlohmann::json;

namespace {

constexpr size_t kMaxConfigBytes = 60'000;  // of a configuration shown in full

struct Term {
  const char* word;
  const char* meaning;
};

constexpr Term kTerms[] = {
    {"Fill rate",
     "The share of all demand that is met from stock at once, counted in units: products that sell much weigh more."},
    {"Short site-periods",
     "The share of all pairs of a site (a product at a location) and a period in which demand was not met in full."},
    {"Turns", "Units sold in a year over the mean stock in the whole network, central stock included."},
    {"Bound",
     "The cost of a linear program that knows all demand ahead, order costs and whole units relaxed. No policy can "
     "cost less, and none can reach it, since nobody knows demand."},
    {"Gap to the bound", "(cost − bound) / |bound|, on the scenarios for which the bound was computed."},
    {"Paired difference",
     "All policies meet the same demand, scenario by scenario. The difference of their costs has far less chance in it "
     "than the costs themselves."},
    {"Interval",
     "Of the paired differences. Sampled scenarios are drawn again and again with replacement (bootstrap); fewer than "
     "30 "
     "get Student's t-interval. Held-out demand is one stretch of time, however many windows are cut from it: its "
     "t-interval adds up what differs between warehouses and between products, and knows nothing of other times. Where "
     "an interval excludes zero, chance alone hardly explains the difference."},
    {"Training seed",
     "Learning by trial depends on chance. It is repeated from several seeds, and each one is judged."},
    {"Weighted quantile loss",
     "How far a forecast's quantiles are from what came, over all levels, in shares of demand: the measure of a "
     "forecast that orders are based on."},
    {"WAPE, bias",
     "Sum of absolute errors of the median over demand; sum of errors of the mean over demand (above zero: forecast "
     "too high)."},
    {"MASE, RMSSE", "Errors relative to those of repeating the last season in the past: below 1 is better than that."},
};

std::string Glossary() {
  std::string html = "<h3>What the words mean</h3>\n<dl>\n";
  for (const Term& term : kTerms)
    html += fmt::format("<dt>{}</dt><dd>{}</dd>\n", Escape(term.word), Escape(term.meaning));
  return html + "</dl>\n";
}

/// The policies of the run, each with a sentence.
std::string PolicyList(const json& summary) {
  std::string html;
  for (const json& row : ListAt(summary, "policies")) {
    const std::string name = TextAt(row, "name"), description = PolicyDescription(name);
    if (description.empty() || TextAt(row, "scenario_set") != MainSet(summary)) continue;
    html += fmt::format("<dt>{}</dt><dd>{}</dd>\n", Escape(PolicyLabel(name)), Escape(description));
  }
  return html.empty() ? "" : "<h3>The policies</h3>\n<dl>\n" + html + "</dl>\n";
}

/// The sets of demand, and that learning and judging share none.
std::string Protocol(const json& summary) {
  std::string sets;
  for (const json& set : ListAt(summary, "scenario_sets")) {
    const double count = NumberAt(set, "num_scenarios"), periods = NumberAt(set, "num_periods");
    std::string size = std::isfinite(count) && std::isfinite(periods)
                           ? fmt::format(" ({:.0f} paths of {:.0f} periods)", count, periods)
                           : "";
    sets += fmt::format("<dt>{}</dt><dd>{}{}</dd>\n", Escape(SetLabel(TextAt(set, "name"))),
                        Escape(TextAt(set, "description")), size);
  }
  std::string html =
      "<p>Training, tuning of the classical rules, the choice of the best policy and the final judgement use separate "
      "demand; the last was drawn once and "
      "used for nothing else. Every policy starts from the same stock and meets the same demand. Stock and goods on "
      "the way that are left at the end are "
      "credited at their value.</p>\n";
  if (!sets.empty()) html += "<dl>\n" + sets + "</dl>\n";
  return html;
}

}  // namespace

std::string MethodHtml(const RunFiles& run) {
  if (ListAt(run.summary, "policies").empty()) return Glossary();
  return Protocol(run.summary) + PolicyList(run.summary) + Glossary();
}

std::string ConfigurationHtml(const RunFiles& run) {
  // what it was run with
  HtmlTable table({"What", "Value"}, 2);
  const auto add = [&](const std::string& name, const json& value) {
    if (value.is_string() && !value.get<std::string>().empty())
      table.AddRow({name, value.get<std::string>()});
    else if (value.is_number() || value.is_array())
      table.AddRow({name, value.dump()});
  };
  for (const char* key : {"version", "commit", "compiler", "flags", "device", "threads", "seed", "training_seeds"}) {
    if (run.build.contains(key)) add(key, run.build[key]);
  }
  for (const auto& [library, version] : ObjectAt(run.build, "libraries").items()) add(library, version);

  std::string html = table.empty() ? ""
                                   : "<details><summary>Program and machine</summary>" +
                                         table.ToHtml("What the run was made with") + "</details>\n";
  const bool is_cut = run.config.size() > kMaxConfigBytes;
  html += fmt::format(
      "<details open=\"open\"><summary>config.yaml: the whole configuration, defaults included</summary><pre "
      "tabindex=\"0\">{}{}</pre></details>\n",
      Escape(run.config.substr(0, kMaxConfigBytes)), is_cut ? "\n... (the rest stands in config.yaml)" : "");
  return html;
}

}  // namespace restock
