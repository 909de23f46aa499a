#include "experiments/problem_report.h"

#include <cmath>

#include <fmt/format.h>

#include "experiments/html.h"
#include "experiments/report_rows.h"
#include "experiments/report_sections.h"
#include "experiments/report_words.h"

namespace restock {
namespace {

using nlohmann::json;

std::string Paragraph(const std::string& text) { return "<p>" + Escape(text) + "</p>\n"; }

std::string ParameterCell(const json& row) {
  std::string cell;
  for (const auto& [name, value] : ObjectAt(row, "parameters").items())
    cell += fmt::format("{}{} {}", cell.empty() ? "" : ", ", name, value.dump());
  return cell;
}

// Exact where that is known, otherwise of the paths.
double CostOf(const json& row) {
  const double exact = NumberAt(row, "exact_cost");
  return std::isfinite(exact) ? exact : NumberAt(row, "mean_cost");
}

// The bound, and each policy by its cost.
std::string PolicyTable(const RunFiles& run) {
  const json& bound = ObjectAt(run.summary, "bound");
  const bool has_bound = std::isfinite(NumberAt(bound, "cost"));
  HtmlTable table({"Policy", "Parameters", "Cost", "± std. error", "Gap", "Fill rate"}, 2);
  if (has_bound) {
    const bool is_optimal = TextAt(bound, "kind") == "optimal";
    table.AddRow({is_optimal ? "Optimum" : "Best known", TextAt(bound, "method"),
                  fmt::format("{:.4f}", NumberAt(bound, "cost")), "", "", ""});
  }
  const std::string best = TextAt(run.summary, "best_classical");
  for (const json& row : ListAt(run.summary, "policies")) {
    const std::string name = TextAt(row, "name");
    const bool is_exact = std::isfinite(NumberAt(row, "exact_cost"));
    table.AddRow({PolicyLabel(name), ParameterCell(row), fmt::format("{:.4f}", CostOf(row)),
                  is_exact ? "exact" : fmt::format("{:.4f}", NumberAt(row, "standard_error")),
                  Percent(NumberAt(row, "gap_to_bound")), Percent(NumberAt(row, "fill_rate"))},
                 name == best);
  }
  std::string html = table.ToHtml("The best of every rule, and what was learned: " + TextAt(run.summary, "cost"));
  if (!has_bound) html += Paragraph("There is no exact optimum beside it: " + TextAt(run.summary, "no_bound"));
  return html;
}

std::string HowMeasured(const RunFiles& run) {
  const json& protocol = ObjectAt(run.summary, "protocol");
  std::string html = Paragraph(
      fmt::format("The parameters of each rule are whole numbers, found by simulation, all candidates on the same "
                  "demand. Then each "
                  "rule is measured once on {:.0f} other paths of {:.0f} periods, after {:.0f} periods that do not "
                  "count; all rules "
                  "meet the same demand. The standard error is that of the mean over paths.",
                  NumberAt(protocol, "num_runs"), NumberAt(protocol, "num_periods"), NumberAt(protocol, "warm_up")));
  html += "<dl>\n";
  for (const json& row : ListAt(run.summary, "policies")) {
    const std::string name = TextAt(row, "name");
    html += fmt::format("<dt>{}</dt><dd>{}</dd>\n", Escape(PolicyLabel(name)), Escape(PolicyDescription(name)));
  }
  return html + "</dl>\n";
}

// "4.7295, 0.02 % above the exact optimum"
std::string CostWords(const RunFiles& run, const json& row) {
  const double gap = NumberAt(row, "gap_to_bound");
  std::string words = fmt::format("{:.4f}", CostOf(row));
  if (!std::isfinite(gap)) return words;
  const bool is_optimal = TextAt(ObjectAt(run.summary, "bound"), "kind") == "optimal";
  return words +
         fmt::format(", {} above the {}", Percent(gap), is_optimal ? "exact optimum" : "best cost that is known");
}

std::string Lead(const RunFiles& run) {
  const json& rule = PolicyRowOf(run.summary, TextAt(run.summary, "best_classical"), MainSet(run.summary));
  const json& first = ListAt(run.summary, "policies").front();  // the cheapest
  std::string words;
  if (TextAt(first, "name") != TextAt(rule, "name"))
    words =
        fmt::format("Cheapest is what {} learned, at {}. ", PolicyLabel(TextAt(first, "name")), CostWords(run, first));
  words += fmt::format("The best classical rule is {} ({}): {} {}.", PolicyLabel(TextAt(rule, "name")),
                       ParameterCell(rule), TextAt(run.summary, "cost"), CostWords(run, rule));
  return fmt::format("<h1>{}</h1>\n", Escape(TextAt(run.summary, "problem"))) + Paragraph(words);
}

}  // namespace

bool IsProblemRun(const RunFiles& run) { return !TextAt(run.summary, "problem").empty(); }

std::string ProblemReportPage(const RunFiles& run) {
  return HtmlPage(run.name + " – Restock report", Lead(run),
                  {{"policies", "Policies", PolicyTable(run)},
                   {"costs", "Costs", CostsHtml(run)},
                   {"method", "How it was measured", HowMeasured(run)},
                   {"configuration", "Configuration", ConfigurationHtml(run)}});
}

}  // namespace restock
