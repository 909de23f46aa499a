#include "experiments/problem_table.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "common/error.h"
#include "common/file.h"
#include "experiments/problem_files.h"
#include "experiments/problem_run.h"
#include "experiments/table_report.h"
#include "experiments/table_rows.h"

namespace restock {
namespace {

RunDirectory RunInstance(const TableInstance& instance, const std::filesystem::path& out) {
  const std::filesystem::path folder = out / instance.name;
  const ProblemRunConfig run_config = ReadProblemRun(instance.problem, instance.overrides);
  const bool was_begun = std::filesystem::exists(folder / "config.yaml");
  const RunDirectory run = RunDirectory::Create(folder, was_begun);
  if (was_begun && ReadFile(run.config()) != run_config.resolved_yaml)
    throw ConfigError(folder.string() + ": holds a run with other settings. Choose another --out.");
  WriteFileAtomically(run.config(), run_config.resolved_yaml);
  if (!std::filesystem::exists(run.report())) RunAndWriteProblem(run_config, run);
  return run;
}

std::string Percent(double share) { return fmt::format("{:.3f} %", 100 * share); }

std::string BlockWords(const std::vector<PolicySummary>& policies) {
  std::string words = fmt::format("{:<28}{:>6}{:>12}{:>12}{:>12}{:>14}{:>9}  {}\n", "", "runs",
                                  policies.front().is_beside_rule ? "mean (rule)" : "mean gap", "middle half", "worst",
                                  "beside rule", "CPU s", "worst in");
  for (const PolicySummary& policy : policies) {
    words += fmt::format("{:<28}{:>6}{:>12}{:>12}{:>12}{:>14}{:>9}  {}\n", policy.policy, policy.num_runs(),
                         Percent(policy.mean), Percent(policy.interquartile_mean), Percent(policy.worst),
                         policy.beside_rule ? Percent(*policy.beside_rule) : "",
                         policy.is_learned ? fmt::format("{:.1f}", policy.seconds) : "", policy.worst_instance);
  }
  return words;
}

}  // namespace

std::string RunProblemTable(const ProblemTableConfig& config) {
  const std::vector<TableInstance> instances = InstancesOf(config.blocks, config.overrides);
  for (const TableInstance& instance : instances) CheckProblemRun(ReadProblemRun(instance.problem, instance.overrides));
  std::vector<TableRow> rows;
  for (const TableInstance& instance : instances) {
    const std::vector<TableRow> of_instance = RowsOfRun(instance, RunInstance(instance, config.out));
    rows.insert(rows.end(), of_instance.begin(), of_instance.end());
    WriteFileAtomically(config.out / "table.csv", TableCsv(rows));
  }
  WriteFileAtomically(config.out / "report.html", TableReportPage(config, rows));

  std::string words;
  for (size_t block = 0; block < config.blocks.size(); ++block) {
    const auto num_instances = std::ranges::count(instances, block, &TableInstance::block);
    const std::string& name = config.blocks[block].name;
    words += fmt::format("{}{} instances of {}\n", name.empty() ? "" : name + ": ", num_instances,
                         config.blocks[block].problem.lexically_normal().string());
    if (const auto policies = SummarizeBlock(rows, block, config.blocks[block].beside_rule); !policies.empty())
      words += BlockWords(policies);
  }
  return words + (config.out / "table.csv").string() + "\n" + (config.out / "report.html").string() + "\n";
}

}  // namespace restock
