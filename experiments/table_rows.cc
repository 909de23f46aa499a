#include "experiments/table_rows.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/file.h"
#include "common/random.h"

namespace restock {
namespace {

using Json = nlohmann::json;

constexpr double kConfidence = 0.95;
constexpr int kNumResamples = 4000;
constexpr uint64_t kSeed = 1;  // of the bootstrap

// Exact where that is known, otherwise of the paths that all policies meet.
double CostOf(const Json& policy) {
  if (const Json& exact = policy.at("exact_cost"); !exact.is_null()) return exact.get<double>();
  const Json paired = policy.value("paired_cost", Json());
  return (paired.is_null() ? policy.at("mean_cost") : paired).get<double>();
}

std::optional<double> CostOfBestRule(const Json& summary) {
  const Json name = summary.value("best_classical", Json());
  for (const Json& policy : summary.at("policies"))
    if (policy.at("name") == name) return CostOf(policy);
  return std::nullopt;
}

// To the optimum; where nobody knows it to what is paid if all demand is known, or to the best published cost.
std::optional<double> GapOf(const Json& policy, bool has_optimum) {
  const auto gap = [&](const char* key) {
    const Json value = policy.value(key, Json());
    return value.is_null() ? std::nullopt : std::optional(value.get<double>());
  };
  const std::optional<double> known = gap("gap_to_perfect_information");
  return has_optimum || !known ? gap("gap_to_bound") : known;
}

std::string Cell(const std::optional<double>& share) { return share ? fmt::format("{:.4f}", 100 * *share) : ""; }

std::vector<double> Pool(const std::vector<std::vector<double>>& strata) {
  std::vector<double> all;
  for (const std::vector<double>& stratum : strata) all.insert(all.end(), stratum.begin(), stratum.end());
  return all;
}

std::optional<Interval> StratifiedBootstrap(const std::vector<std::vector<double>>& strata) {
  if (std::ranges::none_of(strata, [](const auto& seeds) { return seeds.size() > 1; })) return std::nullopt;
  RandomStream stream = Random(kSeed).Stream("stratified bootstrap").At(0);
  std::vector<double> means;
  std::vector<double> drawn;
  for (int i = 0; i < kNumResamples; ++i) {
    drawn.clear();
    for (const std::vector<double>& seeds : strata)
      for (size_t k = 0; k < seeds.size(); ++k) drawn.push_back(stream.Choice(std::span(seeds)));
    means.push_back(InterquartileMean(drawn));
  }
  std::ranges::sort(means);
  return Interval{SortedQuantile(means, (1 - kConfidence) / 2), SortedQuantile(means, (1 + kConfidence) / 2)};
}

/// What one policy did, by instance in the order of the block.
struct PolicyRuns {
  std::vector<const TableRow*> rows;

  std::vector<std::vector<double>> ByInstance(std::optional<double> TableRow::*value) const {
    std::vector<std::vector<double>> values;
    const std::string* instance = nullptr;
    for (const TableRow* row : rows) {
      if (instance == nullptr || *instance != row->instance) values.emplace_back();
      instance = &row->instance;
      values.back().push_back((row->*value).value());
    }
    return values;
  }
  bool Has(std::optional<double> TableRow::*value) const {
    return std::ranges::all_of(rows, [&](const TableRow* row) { return (row->*value).has_value(); });
  }
};

void CompareWithRule(const PolicyRuns& runs, PolicySummary& summary) {
  if (!runs.Has(&TableRow::beside_rule)) return;
  std::vector<double> means;
  for (const std::vector<double>& seeds : runs.ByInstance(&TableRow::beside_rule)) means.push_back(Mean(seeds));
  summary.beside_rule = Mean(means);
  summary.beside_rule_interval = MeanInterval(means, kConfidence, kNumResamples, Random(kSeed).Stream("instances"));
}

PolicySummary Summarize(const std::string& policy, const PolicyRuns& runs, bool has_gaps) {
  const auto judged_by = has_gaps ? &TableRow::gap : &TableRow::beside_rule;
  PolicySummary summary{.policy = policy,
                        .gaps = runs.ByInstance(judged_by),
                        .is_beside_rule = !has_gaps,
                        .is_learned = runs.rows.front()->seed.has_value()};
  const std::vector<double> pooled = Pool(summary.gaps);
  summary.mean = Mean(pooled);
  summary.interquartile_mean = InterquartileMean(pooled);
  summary.interval = StratifiedBootstrap(summary.gaps);
  for (const TableRow* row : runs.rows) {
    summary.seconds += row->seconds / static_cast<double>(runs.rows.size());
    const double gap = (row->*judged_by).value();
    if (summary.worst_instance.empty() || gap > summary.worst) {
      summary.worst = gap;
      summary.worst_instance = row->instance;
    }
  }
  CompareWithRule(runs, summary);
  return summary;
}

}  // namespace

std::vector<TableRow> RowsOfRun(const TableInstance& instance, const RunDirectory& run) {
  const Json summary = Json::parse(ReadFile(run.summary()));
  const Json build = Json::parse(ReadFile(run.build()));
  const std::optional<double> rule = CostOfBestRule(summary);
  const Json bound = summary.value("bound", Json());
  const bool has_optimum = bound.is_object() && bound.value("kind", "") == "optimal";
  std::vector<TableRow> rows;
  for (const Json& policy : summary.at("policies")) {
    TableRow row{.block = instance.block,
                 .instance = instance.name,
                 .policy = policy.at("name"),
                 .seed = {},
                 .cost = CostOf(policy),
                 .gap = GapOf(policy, has_optimum),
                 .beside_rule = {}};
    if (rule && *rule != 0) row.beside_rule = (row.cost - *rule) / std::abs(*rule);
    if (!policy.at("seed").is_null()) {
      row.seed = policy.at("seed").get<int>();
      row.seconds = build.at("seconds").value(fmt::format("training {}-{}", row.policy, *row.seed), NAN);
    }
    rows.push_back(row);
  }
  return rows;
}

std::string TableCsv(const std::vector<TableRow>& rows) {
  std::string text = "instance,policy,seed,cost,gap,beside_rule,seconds\n";
  for (const TableRow& row : rows)
    text += fmt::format("{},{},{},{:.6f},{},{},{:.1f}\n", row.instance, row.policy,
                        row.seed ? std::to_string(*row.seed) : "", row.cost, Cell(row.gap), Cell(row.beside_rule),
                        row.seconds);
  return text;
}

std::vector<PolicySummary> SummarizeBlock(const std::vector<TableRow>& rows, size_t block, bool beside_rule) {
  std::map<std::string, PolicyRuns> by_policy;
  std::set<std::string> instances;
  bool has_gaps = !beside_rule, has_rules = true;
  for (const TableRow& row : rows) {
    if (row.block != block) continue;
    by_policy[row.policy].rows.push_back(&row);
    instances.insert(row.instance);
    has_gaps = has_gaps && row.gap.has_value();
    has_rules = has_rules && row.beside_rule.has_value();
  }
  if (!has_gaps && !has_rules) return {};
  std::vector<PolicySummary> summaries;
  for (const auto& [policy, runs] : by_policy) {
    const PolicySummary summary = Summarize(policy, runs, has_gaps);
    if (summary.gaps.size() == instances.size()) summaries.push_back(summary);
  }
  std::ranges::sort(summaries, {}, &PolicySummary::mean);
  return summaries;
}

double PerformanceProfile(const PolicySummary& policy, double gap) {
  const std::vector<double> gaps = Pool(policy.gaps);
  return static_cast<double>(std::ranges::count_if(gaps, [&](double one) { return one <= gap; })) /
         static_cast<double>(gaps.size());
}

}  // namespace restock
