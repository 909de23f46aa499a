#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "agents/rule_search.h"
#include "common/config_node.h"
#include "env/problem_file.h"
#include "experiments/best_known.h"
#include "experiments/experiment_config.h"
#include "experiments/problem_programs.h"
#include "experiments/promotions.h"
#include "experiments/run_directory.h"
#include "experiments/service.h"

namespace restock {

/// How much demand of a problem's own distribution learners see. Where the cost is an average, paths have
/// `num_periods`, else as many as the protocol counts.
struct ProblemPathsConfig {
  int train = 1'000'000;  // paths to learn from
  int select = 128;       // paths to choose the best checkpoint by
  int num_periods = 1000;
};

/// A run of a problem file: what it says beside the problem.
struct ProblemRunConfig {
  std::string name;   // of the run directory, after the file
  uint64_t seed = 1;  // of all chance but that of training, which has seeds of its own
  int threads = 0;    // 0: one per core
  Problem problem;
  ProblemProgramsConfig programs;
  std::vector<AgentConfig> agents;
  TrainingConfig training;
  ProblemPathsConfig paths;
  ProgramPathsConfig program_paths;
  ServiceConfig service;
  std::optional<BestKnown> best_known;
  std::string resolved_yaml;
};

/// Whether a configuration is a problem of the textbooks, which gives its demand as a distribution, and no sales file.
bool IsProblem(const ConfigNode& root);

/// Throws ConfigError with file, line, value and cure.
ProblemRunConfig ReadProblemRun(const std::filesystem::path& file, std::vector<std::string> overrides);

/// Throws ConfigError where no plan keeps what `service:` asks for, see CheckService(), promotions cannot be planned,
/// or a learner does not suit the problem.
void CheckProblemRun(const ProblemRunConfig& config);

/// The least cost that is known, or why there is none.
struct ProblemBound {
  std::string kind;  // optimal, best_known; empty: none
  double cost = 0;
  std::string words;  // the method, the source, or why there is no bound
};

enum class PolicyKind { kRule, kProgram, kLearned };

/// A rule with its best parameters, a linear program, or what an agent learned with one seed, on demand that none has
/// ever seen. Programs see the first paths only.
struct JudgedPolicy {
  PolicyKind kind = PolicyKind::kRule;
  TunedRule rule;                // of a learned policy name and policy alone
  std::optional<int> seed = {};  // of its training
  double training_seconds = 0;
  std::vector<PathCost> paths = {};
  CostEstimate cost = {};                 // simulated
  std::optional<double> exact_cost = {};  // where the problem is small

  // of the programs' paths, which all policies meet where there are programs or a bound
  std::vector<PathCost> program_paths = {};
  std::vector<double> against_rule = {};  // cost minus that of the best rule, path by path; empty: it is the rule
  std::vector<ShadowPrice> prices = {};   // of a program's plans
  std::optional<CostEstimate> paired_cost = {};  // of a program: the rule's on all paths and the mean difference to it

  bool is_rule() const { return kind == PolicyKind::kRule; }
  /// What its gap is told from; the standard error of an exact cost is 0.
  CostEstimate estimate() const { return exact_cost ? CostEstimate{*exact_cost, 0} : paired_cost.value_or(cost); }
  double best_cost_estimate() const { return estimate().mean; }
};

struct ProblemOutcome {
  ProblemBound bound;
  std::optional<PerfectInformationResult> perfect_information;  // none where the optimum is known
  std::string no_programs;                                      // why there are none
  std::optional<ServiceResult> service;                         // only of a finite horizon
  nlohmann::ordered_json promotions;                            // what they need, see promotions.h
  std::vector<JudgedPolicy> policies;                           // the cheapest first

  const JudgedPolicy& best_rule() const;
  /// (cost - bound) / |bound|; NaN where there is no bound, or where it is 0.
  double Gap(const JudgedPolicy& policy) const;
  /// The same beside what would be paid if demand were known, on the programs' paths.
  double GapToPerfectInformation(const JudgedPolicy& policy) const;
};

/// Solves the problem exactly where that is possible, finds the best parameters of every classical rule that fits its
/// network, trains the agents on demand drawn from the problem's distribution, and measures all of them on other
/// demand: by the problem's protocol, and exactly where the problem is small. Linear programs join in on the first
/// paths where they know the network, beside the bound of perfect information. Training that was interrupted goes on
/// from the checkpoints in `run`.
ProblemOutcome RunProblem(const ProblemRunConfig& config, const RunDirectory& run);

/// The same as a table for people.
std::string ProblemTable(const ProblemRunConfig& config, const ProblemOutcome& outcome);
/// What the programs and the bound were measured on, in words; empty where there are none.
std::string ProgramWords(const ProblemRunConfig& config, const ProblemOutcome& outcome);
/// `average cost per period`
std::string CostWords(const EvaluationProtocol& protocol);
/// `S 26, cap 5`; `seed 1, 28.3 CPU seconds`
std::string ParameterWords(const JudgedPolicy& policy);

}  // namespace restock
