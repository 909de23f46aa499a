#include "experiments/problem_run.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "common/error.h"
#include "common/progress.h"
#include "optimization/exact_optimum.h"

namespace restock {
namespace {

// Agents are trained on a ScenarioSet, which a problem does not have.
void RefuseAgents(ConfigNode& root) {
  if (!root.Has("agents")) return;
  const auto agents = root.Child("agents").Entries();
  if (agents.empty()) return;
  root.Fail("agents", fmt::format("names {}, but agents cannot be trained on a problem file yet. Leave agents out, or "
                                  "train them on a configuration with data.generate, such as configs/quickstart.yaml",
                                  agents.front().first));
}

void ReadAll(ConfigNode& root, ProblemRunConfig& config) {
  root.Read("name", config.name);
  root.Read("seed", config.seed);
  root.Read("threads", config.threads, Between(0, 1024));
  RefuseAgents(root);
  config.problem = ReadProblem(root);
}

std::string ToYaml(const std::optional<BestKnown>& known) {
  if (!known) return "[]";
  std::string source = known->source;
  std::ranges::replace(source, '"', '\'');
  return fmt::format("[{{cost: {}, source: \"{}\"}}]", known->cost, source);
}

ProblemBound FindBound(const ProblemRunConfig& config) {
  Progress progress("solving exactly", 0);
  std::string why_not;
  try {
    const ExactOptimum optimum = SolveExactly(config.problem);
    return {"optimal", optimum.cost, optimum.method};
  } catch (const ConfigError& error) {
    why_not = error.what();
  }
  if (config.best_known) return {"best_known", config.best_known->cost, config.best_known->source};
  return {"", 0, why_not};
}

}  // namespace

bool IsProblem(const ConfigNode& root) { return root.Has("network") && root.Has("demand") && !root.Has("data"); }

ProblemRunConfig ReadProblemRun(const std::filesystem::path& file, std::vector<std::string> overrides) {
  ProblemRunConfig config;
  config.name = file.stem().string();
  ConfigNode root = LoadConfig(file, overrides);
  ReadAll(root, config);

  // of the best known costs the one of this problem goes with the run, and no other
  config.best_known = FindBestKnown(file, root);
  if (root.Has("best_known")) {
    overrides.push_back("best_known=" + ToYaml(config.best_known));
    root = LoadConfig(file, overrides);
    ReadAll(root, config);
  }
  config.resolved_yaml = root.ResolvedYaml();
  return config;
}

double ProblemOutcome::Gap(const RuleOutcome& rule) const {
  return bound.kind.empty() ? std::nan("") : (rule.cost.mean - bound.cost) / std::abs(bound.cost);
}

ProblemOutcome RunProblem(const ProblemRunConfig& config) {
  const Problem& problem = config.problem;
  const Random random(config.seed);
  ProblemOutcome outcome{FindBound(config), {}};

  // the best parameters of every rule
  const std::vector<ClassicalRule> rules = RulesFor(problem);
  {
    Progress progress("searching rules", static_cast<int64_t>(rules.size()));
    const RuleSearch search(problem, problem.protocol, random.Stream("search"), config.threads);
    for (const ClassicalRule& rule : rules) {
      progress.Advance(static_cast<int64_t>(outcome.rules.size()), rule.name);
      outcome.rules.push_back({search.Tune(rule), {}, {}});
    }
    progress.Advance(static_cast<int64_t>(rules.size()));
  }

  // what they cost on other demand, the same for all
  Progress progress("measuring", static_cast<int64_t>(rules.size()));
  const PolicyJudge judge(problem, problem.protocol, random.Stream("judge"));
  for (size_t i = 0; i < outcome.rules.size(); ++i) {
    RuleOutcome& one = outcome.rules[i];
    one.paths = judge.Judge(*one.rule.policy, RuleFeatures(), config.threads);
    one.cost = MeanOf(one.paths);
    progress.Advance(static_cast<int64_t>(i + 1), one.rule.name);
  }
  std::ranges::stable_sort(outcome.rules, {}, [](const RuleOutcome& one) { return one.cost.mean; });
  return outcome;
}

std::string CostWords(const EvaluationProtocol& protocol) {
  switch (protocol.kind) {
    case ProtocolKind::kDiscounted:
      return fmt::format("discounted cost ({} a period) of {} periods", protocol.discount, protocol.num_periods);
    case ProtocolKind::kFiniteHorizon:
      return fmt::format("cost of {} periods", protocol.num_periods);
    default:
      return "average cost per period";
  }
}

std::string ParameterWords(const TunedRule& rule) {
  std::string words;
  for (const auto& [name, value] : rule.parameters)
    words += fmt::format("{}{} {}", words.empty() ? "" : ", ", name, value);
  return words;
}

std::string ProblemTable(const ProblemRunConfig& config, const ProblemOutcome& outcome) {
  const ProblemBound& bound = outcome.bound;
  const EvaluationProtocol& protocol = config.problem.protocol;
  const bool is_optimal = bound.kind == "optimal";
  std::string table = fmt::format("{}: {}\n", config.name, CostWords(protocol));
  table += fmt::format("{:<22}{:>12}{:>12}{:>10}  {}\n", "", "cost", "std. error",
                       bound.kind.empty() ? ""
                       : is_optimal       ? "gap"
                                          : "to best",
                       "");
  if (bound.kind.empty()) {
    table += fmt::format(
        "no exact optimum: {} Where a cost is published, best_known: [{{cost, source}}] in the file compares with "
        "it.\n",
        bound.words);
  } else {
    table += fmt::format("{:<22}{:>12.4f}{:>12}{:>10}  {}\n", is_optimal ? "optimum" : "best known", bound.cost, "", "",
                         bound.words);
  }
  for (const RuleOutcome& rule : outcome.rules) {
    const std::string gap = bound.kind.empty() ? "" : fmt::format("{:.2f} %", 100 * outcome.Gap(rule));
    table += fmt::format("{:<22}{:>12.4f}{:>12.4f}{:>10}  {}\n", rule.rule.name, rule.cost.mean,
                         rule.cost.standard_error, gap, ParameterWords(rule.rule));
  }
  return table + fmt::format("rules: best parameters by search, measured on {} other paths of {} periods\n",
                             protocol.num_runs, protocol.num_periods);
}

}  // namespace restock
