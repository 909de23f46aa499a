#include "experiments/problem_table.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/file.h"
#include "common/progress.h"
#include "experiments/problem_files.h"
#include "experiments/problem_run.h"

namespace restock {
namespace {

using Json = nlohmann::json;

struct Instance {
  std::string name;                    // poisson-4-1
  std::vector<std::string> overrides;  // demand.kind=poisson, ...
};

std::vector<Instance> InstancesOf(const ProblemTableConfig& config) {
  std::vector<Instance> instances = {{"", config.overrides}};
  const auto in_file_name = [](std::string value) {
    for (char& letter : value)
      if (!std::isalnum(static_cast<unsigned char>(letter)) && letter != '.' && letter != '_') letter = '_';
    return value;
  };
  for (const VariedSetting& setting : config.varied) {
    std::vector<Instance> more;
    for (const Instance& instance : instances) {
      for (const std::string& value : setting.values) {
        more.push_back(instance);
        more.back().name += (instance.name.empty() ? "" : "-") + in_file_name(value);
        more.back().overrides.push_back(setting.key + "=" + value);
      }
    }
    instances = std::move(more);
  }
  std::set<std::string> names;
  for (const Instance& instance : instances)
    if (!names.insert(instance.name).second)
      throw ConfigError("--vary gives two instances that would both be called " + instance.name +
                        ": name each value once.");
  return instances;
}

RunDirectory RunInstance(const ProblemTableConfig& config, const Instance& instance) {
  const std::filesystem::path folder = config.out / (instance.name.empty() ? "instance" : instance.name);
  const ProblemRunConfig run_config = ReadProblemRun(config.problem, instance.overrides);
  const bool was_begun = std::filesystem::exists(folder / "config.yaml");
  const RunDirectory run = RunDirectory::Create(folder, was_begun);
  if (was_begun && ReadFile(run.config()) != run_config.resolved_yaml)
    throw ConfigError(folder.string() + ": holds a run with other settings. Choose another --out.");
  WriteFileAtomically(run.config(), run_config.resolved_yaml);
  if (!std::filesystem::exists(run.report())) RunAndWriteProblem(run_config, run);
  return run;
}

struct TableRow {
  std::string instance;
  std::string policy;
  std::optional<int> seed;
  double cost = 0;
  std::optional<double> gap;  // where there is something to compare with  [%]
  double seconds = 0;
};

std::vector<TableRow> RowsOf(const Instance& instance, const RunDirectory& run) {
  const Json summary = Json::parse(ReadFile(run.summary()));
  const Json build = Json::parse(ReadFile(run.build()));
  std::vector<TableRow> rows;
  for (const Json& policy : summary.at("policies")) {
    const Json& exact = policy.at("exact_cost");
    const Json paired = policy.value("paired_cost", Json());
    const Json& simulated = paired.is_null() ? policy.at("mean_cost") : paired;
    const Json& gap = policy.at("gap_to_bound");
    TableRow row{.instance = instance.name,
                 .policy = policy.at("name"),
                 .seed = {},
                 .cost = (exact.is_null() ? simulated : exact).get<double>(),
                 .gap = {}};
    if (!gap.is_null()) row.gap = 100 * gap.get<double>();
    if (!policy.at("seed").is_null()) {
      row.seed = policy.at("seed").get<int>();
      row.seconds = build.at("seconds").value(fmt::format("training {}-{}", row.policy, *row.seed), NAN);
    }
    rows.push_back(row);
  }
  return rows;
}

void WriteRows(const std::vector<TableRow>& rows, const std::filesystem::path& file) {
  std::string text = "instance,policy,seed,cost,gap,seconds\n";
  for (const TableRow& row : rows)
    text +=
        fmt::format("{},{},{},{:.6f},{},{:.1f}\n", row.instance, row.policy, row.seed ? std::to_string(*row.seed) : "",
                    row.cost, row.gap ? fmt::format("{:.4f}", *row.gap) : "", row.seconds);
  WriteFileAtomically(file, text);
}

std::string Words(const std::vector<TableRow>& rows) {
  std::map<std::string, std::vector<TableRow>> by_policy;
  for (const TableRow& row : rows) by_policy[row.policy].push_back(row);
  std::string table =
      fmt::format("{:<22}{:>6}{:>12}{:>12}{:>12}  {}\n", "", "runs", "mean gap", "worst gap", "CPU s", "worst in");
  for (const auto& [policy, of_policy] : by_policy) {
    double gap = 0, seconds = 0;
    int num_compared = 0;
    for (const TableRow& row : of_policy) {
      gap += row.gap.value_or(0);
      num_compared += row.gap.has_value();
      seconds += row.seconds / static_cast<double>(of_policy.size());
    }
    const TableRow& worst = *std::ranges::max_element(of_policy, {}, &TableRow::gap);  // no gap is less than any
    const std::string mean_seconds = worst.seed ? fmt::format("{:.1f}", seconds) : "";
    const std::string gaps =
        worst.gap ? fmt::format("{:>10.3f} %{:>10.3f} %", gap / num_compared, *worst.gap) : std::string(24, ' ');
    table += fmt::format("{:<22}{:>6}{}{:>12}  {}\n", policy, of_policy.size(), gaps, mean_seconds,
                         worst.gap ? worst.instance : "");
  }
  return table;
}

}  // namespace

VariedSetting ParseVariedSetting(const std::string& text) {
  const size_t equals = text.find('=');
  VariedSetting setting{text.substr(0, equals), {}};
  for (size_t first = equals; first != std::string::npos;) {
    const size_t end = text.find(',', first + 1);
    setting.values.push_back(text.substr(first + 1, end == std::string::npos ? end : end - first - 1));
    first = end;
  }
  const bool has_gap = std::ranges::any_of(setting.values, &std::string::empty);
  if (setting.key.empty() || setting.values.empty() || has_gap)
    throw ConfigError("--vary " + text + ": must be a setting and its values, such as lead_time=1,2,3.");
  return setting;
}

std::string RunProblemTable(const ProblemTableConfig& config) {
  const std::vector<Instance> instances = InstancesOf(config);
  for (const Instance& instance : instances) CheckProblemRun(ReadProblemRun(config.problem, instance.overrides));
  std::vector<TableRow> rows;
  for (size_t i = 0; i < instances.size(); ++i) {
    const std::vector<TableRow> of_instance = RowsOf(instances[i], RunInstance(config, instances[i]));
    rows.insert(rows.end(), of_instance.begin(), of_instance.end());
    WriteRows(rows, config.out / "table.csv");
  }
  return fmt::format("{} instances of {}\n", instances.size(), config.problem.string()) + Words(rows) +
         (config.out / "table.csv").string() + "\n";
}

}  // namespace restock
