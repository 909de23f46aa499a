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
#include "experiments/run_directory.h"

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
  std::vector<AgentConfig> agents;
  TrainingConfig training;
  ProblemPathsConfig paths;
  std::optional<BestKnown> best_known;
  std::string resolved_yaml;
};

/// Whether a configuration is a problem of the textbooks, which gives its demand as a distribution, and no sales file.
bool IsProblem(const ConfigNode& root);

/// Throws ConfigError with file, line, value and cure.
ProblemRunConfig ReadProblemRun(const std::filesystem::path& file, std::vector<std::string> overrides);

/// The least cost that is known, or why there is none.
struct ProblemBound {
  std::string kind;  // optimal, best_known; empty: none
  double cost = 0;
  std::string words;  // the method, the source, or why there is no bound
};

/// A rule with its best parameters, or what an agent learned with one seed, on demand that neither has ever seen.
struct JudgedPolicy {
  TunedRule rule;                // of a learned policy name and policy alone
  std::optional<int> seed = {};  // of its training; none: a rule
  double training_seconds = 0;
  std::vector<PathCost> paths = {};
  CostEstimate cost = {};                 // simulated
  std::optional<double> exact_cost = {};  // where the problem is small

  bool is_rule() const { return !seed.has_value(); }
  double best_cost_estimate() const { return exact_cost.value_or(cost.mean); }
};

struct ProblemOutcome {
  ProblemBound bound;
  std::vector<JudgedPolicy> policies;  // the cheapest first

  const JudgedPolicy& best_rule() const;
  /// (cost - bound) / |bound|; NaN where there is no bound, or where it is 0.
  double Gap(const JudgedPolicy& policy) const;
};

/// Solves the problem exactly where that is possible, finds the best parameters of every classical rule that fits its
/// network, trains the agents on demand drawn from the problem's distribution, and measures all of them on other
/// demand: by the problem's protocol, and exactly where the problem is small. Training that was interrupted goes on
/// from the checkpoints in `run`.
ProblemOutcome RunProblem(const ProblemRunConfig& config, const RunDirectory& run);

/// The same as a table for people.
std::string ProblemTable(const ProblemRunConfig& config, const ProblemOutcome& outcome);
/// `average cost per period`
std::string CostWords(const EvaluationProtocol& protocol);
/// `S 26, cap 5`; `seed 1, 28.3 CPU seconds`
std::string ParameterWords(const JudgedPolicy& policy);

}  // namespace restock
