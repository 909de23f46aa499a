#include "experiments/problem_report.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "experiments/html.h"
#include "experiments/report_rows.h"
#include "experiments/report_sections.h"
#include "experiments/report_words.h"

namespace restock {
namespace {

using nlohmann::json;

constexpr size_t kLongestInLead = 80;  // characters of parameters

std::string Paragraph(const std::string& text) { return "<p>" + Escape(text) + "</p>\n"; }

// `x of y` -> `X of y.`
std::string Sentence(std::string words) {
  if (!words.empty() && words[0] >= 'a' && words[0] <= 'z') words[0] = static_cast<char>(words[0] - 'a' + 'A');
  return words + ".";
}

std::string ParameterCell(const json& row) {
  std::string cell;
  for (const auto& [name, value] : ObjectAt(row, "parameters").items())
    cell += fmt::format("{}{} {}", cell.empty() ? "" : ", ", name, value.dump());
  return cell;
}

// Exact where that is known, otherwise of the paths.
double CostOf(const json& row) {
  const double exact = NumberAt(row, "exact_cost"), paired = NumberAt(row, "paired_cost");
  if (std::isfinite(exact)) return exact;
  return std::isfinite(paired) ? paired : NumberAt(row, "mean_cost");
}

double ErrorOf(const json& row) {
  const double paired = NumberAt(row, "paired_standard_error");
  return std::isfinite(paired) ? paired : NumberAt(row, "standard_error");
}

/// What is paid if all demand is known; an empty object where that was not computed.
const json& PerfectInformationOf(const RunFiles& run) {
  static const json kNone = json::object();
  for (const json& bound : ListAt(run.summary, "bounds"))
    if (TextAt(bound, "kind") == "perfect_information") return bound;
  return kNone;
}

// A linear program's policy.
bool IsProgram(const json& row) { return TextAt(row, "name").ends_with("lp"); }

bool HasPrograms(const RunFiles& run) { return std::ranges::any_of(ListAt(run.summary, "policies"), IsProgram); }

// Of each policy, in a list that opens.
std::string Parameters(const std::vector<json>& rows) {
  std::string list;
  for (const json& row : rows) {
    if (const std::string cell = ParameterCell(row); !cell.empty())
      list += fmt::format("<dt>{}</dt><dd>{}</dd>\n", Escape(PolicyLabel(TextAt(row, "name"))), Escape(cell));
  }
  return list.empty() ? "" : "<details><summary>Parameters</summary>\n<dl>\n" + list + "</dl></details>\n";
}

// The bounds, and each policy by its cost.
std::string PolicyTable(const RunFiles& run) {
  const json& bound = ObjectAt(run.summary, "bound");
  const bool has_bound = std::isfinite(NumberAt(bound, "cost"));
  const json& known = PerfectInformationOf(run);
  const double known_cost = NumberAt(known, "cost");
  const bool has_known = std::isfinite(known_cost), is_profit = known_cost < 0;
  std::vector<std::string> header = {"Policy", "Cost", "± std. error", "Gap", "Fill rate"};
  if (HasPrograms(run)) header.push_back("Against best rule");
  if (has_known) header.push_back(is_profit ? "Share of the profit with all demand known" : "Above all demand known");
  HtmlTable table(header, 1);
  const auto add = [&](std::vector<std::string> cells, const std::string& difference, const std::string& beside_known,
                       bool highlight) {
    if (HasPrograms(run)) cells.push_back(difference);
    if (has_known) cells.push_back(beside_known);
    table.AddRow(cells, highlight);
  };
  if (has_bound) {
    const bool is_optimal = TextAt(bound, "kind") == "optimal";
    add({is_optimal ? "Optimum" : "Best known", fmt::format("{:.4f}", NumberAt(bound, "cost")), "", "", ""}, "", "",
        false);
  }
  if (has_known) {
    add({fmt::format("All demand known (first {:.0f})", NumberAt(known, "num_scenarios")),
         fmt::format("{:.4f}", known_cost), fmt::format("{:.4f}", NumberAt(known, "standard_error")), "", ""},
        "", is_profit ? "100 %" : "", false);
  }
  const std::string best = TextAt(run.summary, "best_classical");
  const json& policies = ListAt(run.summary, "policies");
  const std::vector<json> rows(policies.begin(), policies.end());
  for (const json& row : rows) {
    const std::string name = TextAt(row, "name");
    const bool is_exact = std::isfinite(NumberAt(row, "exact_cost"));
    const double gap = NumberAt(row, "gap_to_perfect_information");
    add({RowLabel(row, rows), fmt::format("{:.4f}", CostOf(row)),
         is_exact ? "exact" : fmt::format("{:.4f}", ErrorOf(row)), Percent(NumberAt(row, "gap_to_bound")),
         Percent(NumberAt(row, "fill_rate"))},
        name == best ? "the best rule" : DifferenceCell(DifferenceOf(row)), Percent(is_profit ? 1 - gap : gap),
        name == best);
  }
  std::string html = table.ToHtml("The best of every rule, and what was learned: " + TextAt(run.summary, "cost"));
  if (has_bound)
    html +=
        SmallPrint(fmt::format("{}: {}.", TextAt(bound, "kind") == "optimal" ? "The optimum" : "The best known cost",
                               TextAt(bound, "method")));
  if (const std::string words = TextAt(run.summary, "linear_programs"); !words.empty())
    html +=
        SmallPrint(Sentence(words) +
                   (HasPrograms(run) ? " Differences to the best rule are paired: on the same paths. Where a policy "
                                       "is marked “first”, its own cost is that of these paths alone, and its place "
                                       "in the table follows from the difference."
                                     : ""));
  if (!has_bound) html += Paragraph("There is no exact optimum beside it: " + TextAt(run.summary, "no_bound"));
  return html + Parameters(rows);
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
  return words + fmt::format(", {} {} the {}", Percent(std::abs(gap)), gap < 0 ? "below" : "above",
                             is_optimal ? "exact optimum" : "best cost that is known");
}

// "97.8 % of the profit of somebody who knows all demand ahead", "31 % above the cost of somebody who ..."
std::string BesideAllKnown(const RunFiles& run, const json& row) {
  const double gap = NumberAt(row, "gap_to_perfect_information");
  if (!std::isfinite(gap)) return "";
  const bool is_profit = NumberAt(PerfectInformationOf(run), "cost") < 0;
  return is_profit ? Percent(1 - gap) + " of that profit" : Percent(gap) + " above that cost";
}

// Every linear program beside the best rule, and both beside the bound.
std::string ProgramLead(const RunFiles& run, const json& rule) {
  const double known = NumberAt(PerfectInformationOf(run), "cost");
  std::string words;
  if (std::isfinite(known))
    words = fmt::format(
        "Somebody who knew all demand ahead would {} {:.4f}: no policy can do better on the same paths. "
        "{} comes to {}. ",
        known < 0 ? "earn" : "pay", std::abs(known), PolicyLabel(TextAt(rule, "name")), BesideAllKnown(run, rule));
  for (const json& row : ListAt(run.summary, "policies")) {
    if (!IsProgram(row)) continue;
    const std::string beside = BesideAllKnown(run, row);
    words +=
        fmt::format("The {} policy {}{}. ", PolicyLabel(TextAt(row, "name")),
                    DifferenceWords(DifferenceOf(row), PolicyLabel(TextAt(rule, "name")), IntervalLabel(run.summary)),
                    beside.empty() ? "" : ", and comes to " + beside);
  }
  return words.empty() ? "" : Paragraph(words);
}

std::string Lead(const RunFiles& run) {
  const json& rule = PolicyRowOf(run.summary, TextAt(run.summary, "best_classical"), MainSet(run.summary));
  const json& first = ListAt(run.summary, "policies").front();  // the cheapest
  std::string words;
  if (IsProgram(first))
    words = fmt::format("Cheapest is the {} policy. ", PolicyLabel(TextAt(first, "name")));
  else if (TextAt(first, "name") != TextAt(rule, "name"))
    words =
        fmt::format("Cheapest is what {} learned, at {}. ", PolicyLabel(TextAt(first, "name")), CostWords(run, first));
  const std::string parameters = ParameterCell(rule);
  words += fmt::format("The best classical rule is {}{}: {} {}.", PolicyLabel(TextAt(rule, "name")),
                       parameters.size() > kLongestInLead ? "" : " (" + parameters + ")", TextAt(run.summary, "cost"),
                       CostWords(run, rule));
  return fmt::format("<h1>{}</h1>\n", Escape(TextAt(run.summary, "problem"))) + Paragraph(words) +
         ProgramLead(run, rule);
}

}  // namespace

bool IsProblemRun(const RunFiles& run) { return !TextAt(run.summary, "problem").empty(); }

std::string ProblemReportPage(const RunFiles& run) {
  return HtmlPage(run.name + " – Restock report", Lead(run),
                  {{"policies", "Policies", PolicyTable(run)},
                   {"costs", "Costs", CostsHtml(run)},
                   {"scarcity", "What is scarce", ScarcityHtml(run)},
                   {"service", "What service costs", ServiceHtml(run)},
                   {"promotions", "What the promotions need", PromotionsHtml(run)},
                   {"method", "How it was measured", HowMeasured(run)},
                   {"configuration", "Configuration", ConfigurationHtml(run)}});
}

}  // namespace restock
