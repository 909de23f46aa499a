#include "experiments/compare.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "common/csv.h"
#include "common/error.h"
#include "common/file.h"
#include "experiments/compare_problem.h"
#include "experiments/comparison.h"
#include "experiments/html.h"
#include "experiments/report_files.h"
#include "experiments/report_words.h"
#include "experiments/run_directory.h"
#include "experiments/sales_fingerprint.h"
#include "experiments/statistics.h"
#include "experiments/svg_axis.h"
#include "experiments/svg_chart.h"

namespace restock {

using nlohmann::json;

namespace {

constexpr size_t kMaxDifferences = 60;  // keys shown: more is another problem
constexpr size_t kMaxRows = 60;         // policies shown in the picture

/// A run and what its chosen policy cost on each scenario of the main set.
struct ComparedRun {
  std::string name;
  RunFiles files;
  std::map<int, double> cost;  // by scenario, mean over the seeds
};

std::string ChosenPolicy(const json& summary) { return TextAt(ObjectAt(summary, "best"), "policy"); }

std::map<int, double> ScenarioCosts(const std::filesystem::path& file, const std::string& policy,
                                    const std::string& set) {
  std::map<int, std::vector<double>> costs;
  if (!std::filesystem::exists(file)) return {};
  CsvReader csv(file);
  const int name = csv.RequireColumn("policy"), of_set = csv.RequireColumn("scenario_set"),
            scenario = csv.RequireColumn("scenario"), cost = csv.RequireColumn("cost");
  while (csv.NextRow()) {
    if (csv.Text(name) == policy && csv.Text(of_set) == set)
      costs[static_cast<int>(csv.Number(scenario))].push_back(csv.Number(cost));
  }
  std::map<int, double> means;
  for (const auto& [number, values] : costs) means[number] = Mean(values);
  return means;
}

ComparedRun ReadRun(const std::filesystem::path& run_dir) {
  ComparedRun run{run_dir.string(), ReadRunFiles(run_dir), {}};
  if (ListAt(run.files.summary, "policies").empty()) {
    throw DataError(run_dir.string() + ": has no evaluation to compare. Go on with: restock run " + run_dir.string() +
                    " --resume");
  }
  run.cost = ScenarioCosts(RunDirectory::Open(run_dir).evaluation(), ChosenPolicy(run.files.summary),
                           MainSet(run.files.summary));
  return run;
}

/// The configurations, and beside them the sales that were found under `data.path`, where all runs know them.
std::vector<FlatConfig> ReadProblems(const std::vector<std::filesystem::path>& run_dirs) {
  std::vector<FlatConfig> configs;
  std::vector<std::string> sales;
  for (const std::filesystem::path& run_dir : run_dirs) {
    const RunDirectory run = RunDirectory::Open(run_dir);
    configs.push_back(ReadFlatConfig(run.config()));
    if (const auto fingerprint = SavedFingerprint(run)) sales.push_back(fingerprint->ToString());
  }
  for (size_t i = 0; sales.size() == configs.size() && i < sales.size(); ++i) configs[i]["data.sales"] = sales[i];
  return configs;
}

/// The chosen policy of a run against that of the first, scenario by scenario; not known where the scenarios are not
/// the same.
RelativeDifference AgainstFirst(const ComparedRun& run, const ComparedRun& first) {
  std::vector<double> differences, base;
  for (const auto& [scenario, cost] : run.cost) {
    if (const auto other = first.cost.find(scenario); other != first.cost.end()) {
      differences.push_back(cost - other->second);
      base.push_back(other->second);
    }
  }
  if (differences.size() < 2 || Mean(base) == 0) return {std::nan(""), 0, 0, 0};
  const ComparisonConfig defaults;
  const double confidence = NumberAt(first.files.summary, "confidence");
  const auto interval = MeanInterval(differences, std::isfinite(confidence) ? confidence : defaults.confidence,
                                     defaults.num_resamples, Random(1).Stream("compare"));
  const double mean = Mean(differences), scale = 1 / std::abs(Mean(base));
  return {mean * scale, interval->low * scale, interval->high * scale, mean};
}

/// What may be concluded from the runs side by side.
std::string ComparabilityWords(const Comparability& comparability) {
  if (!comparability.is_same_problem) {
    std::string keys;
    for (size_t i = 0; i < std::min<size_t>(3, comparability.problem_keys.size()); ++i)
      keys += (i > 0 ? ", " : "") + comparability.problem_keys[i];
    return fmt::format(
        "Not comparable: the runs differ in their data or network ({}{}). Costs of different problems say nothing "
        "about which policy is better.",
        keys, comparability.problem_keys.size() > 3 ? ", ..." : "");
  }
  if (!comparability.is_same_demand) {
    return "Same problem, but not the same sampled demand: the costs on sampled scenarios differ by chance too. "
           "Held-out demand is the same in all runs.";
  }
  return "Same problem and same demand: the chosen policies are compared scenario by scenario.";
}

/// The rows of one run in the main table: the chosen policy, and the best rule.
struct TableRow {
  std::string run, policy, cost, rule, first, fill_rate, gap;
};
std::vector<TableRow> TableOf(const std::vector<ComparedRun>& runs, const Comparability& comparability) {
  std::vector<TableRow> table;
  for (const ComparedRun& run : runs) {
    const json& summary = run.files.summary;
    const std::string set = MainSet(summary), rule = BestRule(summary, set), chosen = ChosenPolicy(summary);
    const RelativeDifference first = comparability.is_same_demand && &run != &runs.front()
                                         ? AgainstFirst(run, runs.front())
                                         : RelativeDifference{std::nan(""), 0, 0, 0};
    for (const std::string& policy : chosen == rule ? std::vector{chosen} : std::vector{chosen, rule}) {
      const json& row = PolicyRowOf(summary, policy, set);
      if (row.empty()) continue;
      table.push_back({run.name, PolicyLabel(policy),
                       fmt::format("{} ± {}", FormatNumber(NumberAt(row, "mean_cost"), 4),
                                   FormatNumber(NumberAt(row, "standard_error"), 2)),
                       policy == rule ? "the best rule" : DifferenceCell(DifferenceOf(row)),
                       policy == chosen ? DifferenceCell(first) : "–", Percent(NumberAt(row, "fill_rate")),
                       Percent(NumberAt(row, "gap_to_bound"))});
    }
  }
  return table;
}

std::vector<std::string> TableHeader(const RunUnits& units) {
  return {"Run",
          "Policy",
          fmt::format("Cost per {} [{}]", units.period, units.currency),
          "Against its best rule",
          "Against the first run",
          "Fill rate",
          "Gap to bound"};
}

std::vector<std::string> Cells(const TableRow& row) {
  return {row.run, row.policy, row.cost, row.rule, row.first, row.fill_rate, row.gap};
}

/// Columns as wide as their widest cell, two blanks between them; the first two to the left.
void PrintTable(const std::vector<TableRow>& table, const RunUnits& units, std::ostream& out) {
  std::vector<std::vector<std::string>> lines = {TableHeader(units)};
  for (const TableRow& row : table) lines.push_back(Cells(row));
  std::vector<size_t> width(lines[0].size());
  for (const auto& line : lines) {
    for (size_t i = 0; i < line.size(); ++i) width[i] = std::max(width[i], CountCharacters(line[i]));
  }
  for (const auto& line : lines) {
    for (size_t i = 0; i < line.size(); ++i) {
      const std::string blanks(width[i] - CountCharacters(line[i]), ' ');
      out << (i < 2 ? line[i] + blanks : blanks + line[i]) << (i + 1 < line.size() ? "  " : "\n");
    }
  }
}

/// `95 % interval`; only `interval` where the runs do not agree.
std::string CommonIntervalLabel(const std::vector<ComparedRun>& runs) {
  const std::string label = IntervalLabel(runs.front().files.summary);
  const bool is_common = std::all_of(runs.begin(), runs.end(),
                                     [&](const ComparedRun& run) { return IntervalLabel(run.files.summary) == label; });
  return is_common ? label : "interval";
}

/// Every policy of every run against the best rule of its own run.
std::string IntervalFigure(const std::vector<ComparedRun>& runs) {
  IntervalChart chart;
  const std::string interval = CommonIntervalLabel(runs);
  HtmlTable table({"Run", "Policy", "Difference (" + interval + ")"}, 2);
  for (size_t i = 0; i < runs.size(); ++i) {
    const json& summary = runs[i].files.summary;
    for (const json& row : RowsOf(summary, MainSet(summary))) {
      const RelativeDifference difference = DifferenceOf(row);
      const std::string policy = TextAt(row, "name");
      if (!difference.IsKnown() || IsUntrained(policy) || policy == BestRule(summary, MainSet(summary)) ||
          chart.rows.size() >= kMaxRows)
        continue;
      chart.rows.push_back({PolicyLabel(policy) + ", " + runs[i].files.name, 100 * difference.mean,
                            100 * difference.low, 100 * difference.high, static_cast<int>(i) % kNumChartColors,
                            policy != ChosenPolicy(summary)});
      table.AddRow({runs[i].name, PolicyLabel(policy), DifferenceCell(difference)});
    }
  }
  if (chart.rows.empty()) return "";
  chart.reference = Rule{"best rule of the same run", 0};
  chart.frame.title = "Cost against the best rule of the same run";
  chart.frame.description = "A dot is the mean paired difference, its line the " + interval +
                            "; left of zero is cheaper. Chosen policies have "
                            "large dots.";
  chart.frame.x_label = "Cost against the best rule of the same run [%]; left is cheaper";
  chart.frame.width = kWideChart;
  return Figure(DrawIntervalChart(chart),
                "Each policy against the best classical rule of its own run, one colour per run, with its " + interval,
                table.ToHtml("Differences"), true);
}

std::string DifferencesTable(const std::vector<ComparedRun>& runs, const std::vector<ConfigDifference>& differences) {
  if (differences.empty()) return "<p>The configurations are the same.</p>\n";
  std::vector<std::string> header = {"Key"};
  for (const ComparedRun& run : runs) header.push_back(run.files.name);
  HtmlTable table(header, static_cast<int>(header.size()));
  for (size_t i = 0; i < std::min(differences.size(), kMaxDifferences); ++i) {
    std::vector<std::string> cells = {differences[i].key};
    for (const std::string& value : differences[i].values) cells.push_back(value.empty() ? "–" : Shorten(value, 60));
    table.AddRow(cells);
  }
  const std::string rest = differences.size() > kMaxDifferences ? fmt::format("<p class=\"soft\">{} more differ.</p>\n",
                                                                              differences.size() - kMaxDifferences)
                                                                : "";
  return table.ToHtml("Keys of the configurations that differ") + rest;
}

/// The accuracy of each run's own forecaster.
std::string ForecastTable(const std::vector<ComparedRun>& runs) {
  HtmlTable table({"Run", "Model", "Weighted quantile loss", "WAPE", "Bias"}, 2);
  for (const ComparedRun& run : runs) {
    const json& forecast = ObjectAt(run.files.summary, "forecast");
    for (const json& row : ListAt(forecast, "backtest")) {
      if (TextAt(row, "model") != TextAt(forecast, "model")) continue;
      table.AddRow({run.name, ModelLabel(TextAt(row, "model")), FormatNumber(NumberAt(row, "weighted_quantile_loss")),
                    Percent(NumberAt(row, "wape")), Percent(NumberAt(row, "bias"), true)});
    }
  }
  return table.empty() ? "" : table.ToHtml("Accuracy of each run's forecaster in its backtest; smaller is better");
}

}  // namespace

void CompareRuns(const std::vector<std::filesystem::path>& run_dirs, const std::filesystem::path& html,
                 std::ostream& out) {
  std::vector<ComparedRun> runs;
  for (const std::filesystem::path& run_dir : run_dirs) runs.push_back(ReadRun(run_dir));
  const std::vector<ConfigDifference> differences = DifferencesOf(ReadProblems(run_dirs));
  const Comparability comparability = ComparabilityOf(differences);
  const std::vector<TableRow> rows = TableOf(runs, comparability);
  const RunUnits units = UnitsOf(runs.front().files);

  // as a page
  HtmlTable table(TableHeader(units), 2);
  for (const TableRow& row : rows) table.AddRow(Cells(row));
  const std::string lead = fmt::format("<h1>{} runs side by side</h1>\n<div class=\"words\"><p>{}</p></div>\n",
                                       runs.size(), Escape(ComparabilityWords(comparability)));
  WriteFileAtomically(html,
                      HtmlPage("Runs side by side – Restock", lead,
                               {{"runs", "Runs",
                                 table.ToHtml("The chosen policy and the best rule of each run, on sampled scenarios") +
                                     IntervalFigure(runs)},
                                {"forecasts", "Forecasts", ForecastTable(runs)},
                                {"configuration", "What differs", DifferencesTable(runs, differences)}}));

  // on the terminal
  PrintTable(rows, units, out);
  out << ComparabilityWords(comparability) << "\n" << html.string() << "\n";
}

}  // namespace restock
