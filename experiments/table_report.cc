#include "experiments/table_report.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "experiments/html.h"
#include "experiments/report_words.h"
#include "experiments/svg_chart.h"

namespace restock {
namespace {

constexpr size_t kMostDrawn = kNumChartColors;  // policies of a chart
constexpr int kNumProfilePoints = 200;
constexpr double kProfileShare = 0.9;  // of the drawn runs that the profile's axis reaches
constexpr int kRowHeight = 30;         // [pixel]

std::string BesideRule(const PolicySummary& policy) {
  if (!policy.beside_rule) return "–";
  const std::string mean = Percent(*policy.beside_rule, /*with_sign=*/true);
  if (!policy.beside_rule_interval) return mean;
  return fmt::format("{} ({} to {})", mean, Percent(policy.beside_rule_interval->low, true),
                     Percent(policy.beside_rule_interval->high, true));
}

std::string Gap(double gap) { return fmt::format("{:.3f} %", 100 * gap); }

// Whether the block's gaps are to the best rule.
const char* GapName(const std::vector<PolicySummary>& policies) {
  return policies.front().is_beside_rule ? "Difference to the best rule" : "Gap to the least known cost";
}

std::string SummaryTable(const std::vector<PolicySummary>& policies) {
  HtmlTable table({"Policy", "Runs", "Mean", "Middle half", "95 % interval", "Worst", "Worst in",
                   "Beside the best rule", "CPU seconds"},
                  1);
  for (const PolicySummary& policy : policies) {
    table.AddRow(
        {PolicyLabel(policy.policy), std::to_string(policy.num_runs()), Gap(policy.mean),
         Gap(policy.interquartile_mean),
         policy.interval ? Gap(policy.interval->low) + " to " + Gap(policy.interval->high) : "–", Gap(policy.worst),
         policy.worst_instance, BesideRule(policy), policy.is_learned ? fmt::format("{:.1f}", policy.seconds) : ""},
        policy.is_learned);
  }
  return table.ToHtml(std::string(GapName(policies)) + " over all instances and seeds");
}

std::string MiddleHalfChart(const std::vector<PolicySummary>& drawn) {
  IntervalChart chart{.frame = {.title = "Middle half of all runs",
                                .description = "The interquartile mean of every policy's gap, with its interval over "
                                               "training seeds where there are several.",
                                .x_label = std::string(GapName(drawn)) + " [%]",
                                .y_label = "",
                                .height = 90 + kRowHeight * static_cast<int>(drawn.size())},
                      .rows = {},
                      .reference = Rule{"0", 0}};
  for (size_t i = 0; i < drawn.size(); ++i) {
    const double mean = 100 * drawn[i].interquartile_mean;
    const Interval interval = drawn[i].interval.value_or(Interval{mean / 100, mean / 100});
    chart.rows.push_back({.name = PolicyLabel(drawn[i].policy),
                          .value = mean,
                          .low = 100 * interval.low,
                          .high = 100 * interval.high,
                          .color = static_cast<int>(i)});
  }
  return DrawIntervalChart(chart);
}

// From the least gap to what nearly all runs of the best policies keep.
std::pair<double, double> ProfileRange(const std::vector<PolicySummary>& drawn) {
  std::vector<double> gaps;
  for (const PolicySummary& policy : drawn)
    for (const std::vector<double>& seeds : policy.gaps) gaps.insert(gaps.end(), seeds.begin(), seeds.end());
  std::ranges::sort(gaps);
  return {std::min(0.0, gaps.front()), std::max(SortedQuantile(gaps, kProfileShare), 1e-4)};
}

std::string ProfileChart(const std::vector<PolicySummary>& drawn) {
  XyChart chart{
      .frame = {.title = "Performance profile",
                .description = "For every gap the share of runs that stay within it: the further up and left, "
                               "the better.",
                .x_label = std::string(GapName(drawn)) + " of at most [%]",
                .y_label = "Share of runs [%]"},
      .bands = {},
      .traces = {},
      .vertical = {}};
  const auto [from, to] = ProfileRange(drawn);
  for (size_t i = 0; i < drawn.size(); ++i) {
    Trace trace{
        .name = PolicyLabel(drawn[i].policy), .mark = Mark::kStep, .color = static_cast<int>(i), .x = {}, .y = {}};
    for (int point = 0; point <= kNumProfilePoints; ++point) {
      const double gap = from + (to - from) * point / kNumProfilePoints;
      trace.x.push_back(100 * gap);
      trace.y.push_back(100 * PerformanceProfile(drawn[i], gap));
    }
    chart.traces.push_back(trace);
  }
  return DrawXyChart(chart);
}

std::string BlockHtml(const std::vector<PolicySummary>& policies) {
  if (policies.empty()) return "<p>Neither an optimum nor a rule is known to compare with.</p>\n";
  const std::string table = SummaryTable(policies);
  std::vector<PolicySummary> drawn(policies.begin(),
                                   policies.begin() + static_cast<ptrdiff_t>(std::min(policies.size(), kMostDrawn)));
  return table + "<div class=\"pair\">\n" +
         Figure(MiddleHalfChart(drawn), "Mean of the middle half of the gaps of every policy.", "", false) +
         Figure(ProfileChart(drawn), "How many of its instances and seeds each policy keeps within a gap.", "", false) +
         "</div>\n";
}

std::string InstanceTable(const std::vector<TableRow>& rows, size_t block) {
  HtmlTable table({"Instance", "Policy", "Seed", "Cost", "Gap", "Beside the best rule", "CPU seconds"}, 2);
  for (const TableRow& row : rows) {
    if (row.block != block) continue;
    table.AddRow({row.instance, PolicyLabel(row.policy), row.seed ? std::to_string(*row.seed) : "",
                  fmt::format("{:.4f}", row.cost), row.gap ? Gap(*row.gap) : "–",
                  row.beside_rule ? Gap(*row.beside_rule) : "–", row.seed ? fmt::format("{:.1f}", row.seconds) : ""});
  }
  return "<details><summary>All runs</summary>\n" + table.ToHtml("Every policy on every instance") + "</details>\n";
}

std::string Lead(const ProblemTableConfig& config, const std::vector<TableRow>& rows) {
  std::set<std::string> instances;
  for (const TableRow& row : rows) instances.insert(row.instance);
  std::string words = fmt::format("{} instances. ", instances.size());
  for (size_t block = 0; block < config.blocks.size(); ++block) {
    const std::vector<PolicySummary> policies = SummarizeBlock(rows, block, config.blocks[block].beside_rule);
    if (policies.empty()) continue;
    const PolicySummary& best = policies.front();
    words += fmt::format("{}: {} is best, with a mean of {} {}. ",
                         config.blocks[block].name.empty() ? config.title : config.blocks[block].name,
                         PolicyLabel(best.policy), Gap(best.mean),
                         best.is_beside_rule ? "beside the best rule" : "above the least known cost");
  }
  return "<h1>" + Escape(config.title) + "</h1>\n<p>" + Escape(words) + "</p>\n";
}

std::string Method() {
  return "<p>" +
         Escape(
             "Every instance is a run of its own, in the folder that is called after it, with a report of its own. "
             "Gaps "
             "are those of exact costs where the problem is small, otherwise of the mean cost on demand that no rule "
             "and no agent has seen. The gap is to the optimum, to the best published cost, or to the cost of somebody "
             "who knows all demand ahead; where a block has none of these, the difference to the best classical rule "
             "stands in its place. The middle half is the mean of the gaps without the best and the worst quarter of "
             "all runs; its interval draws the training seeds of each instance anew (a stratified bootstrap, Agarwal "
             "et "
             "al. 2021). The performance profile tells for each gap the share of runs that stay within it (Dolan and "
             "Moré 2002). Differences to the best rule are paired: both meet the same demand; their interval is over "
             "instances.") +
         "</p>\n";
}

}  // namespace

std::string TableReportPage(const ProblemTableConfig& config, const std::vector<TableRow>& rows) {
  std::vector<Section> sections;
  for (size_t block = 0; block < config.blocks.size(); ++block) {
    const std::string& name = config.blocks[block].name;
    sections.push_back({.id = "block" + std::string(1 + block, 'x'),  // letters only
                        .title = name.empty() ? "Policies" : name,
                        .html = BlockHtml(SummarizeBlock(rows, block, config.blocks[block].beside_rule)) +
                                InstanceTable(rows, block)});
  }
  sections.push_back({"method", "How it was measured", Method()});
  return HtmlPage(config.title + " – Restock table", Lead(config, rows), sections);
}

}  // namespace restock
