#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "agents/rule_search.h"
#include "common/config_node.h"
#include "env/problem_file.h"
#include "experiments/best_known.h"

namespace restock {

/// A run of a problem file: what it says beside the problem.
struct ProblemRunConfig {
  std::string name;   // of the run directory, after the file
  uint64_t seed = 1;  // of all chance
  int threads = 0;    // 0: one per core
  Problem problem;
  std::optional<BestKnown> best_known;
  std::string resolved_yaml;
};

/// Whether a configuration is a problem of the textbooks, which gives its demand as a distribution, and no sales file.
bool IsProblem(const ConfigNode& root);

/// Throws ConfigError with file, line, value and cure, also where agents are to be trained.
ProblemRunConfig ReadProblemRun(const std::filesystem::path& file, std::vector<std::string> overrides);

/// The least cost that is known, or why there is none.
struct ProblemBound {
  std::string kind;  // optimal, best_known; empty: none
  double cost = 0;
  std::string words;  // the method, the source, or why there is no bound
};

/// A rule with its best parameters, on demand that the search has never seen.
struct RuleOutcome {
  TunedRule rule;
  std::vector<PathCost> paths;
  CostEstimate cost;
};

struct ProblemOutcome {
  ProblemBound bound;
  std::vector<RuleOutcome> rules;  // the cheapest first

  /// (cost - bound) / |bound|
  double Gap(const RuleOutcome& rule) const;
};

/// Solves the problem exactly where that is possible, finds the best parameters of every classical rule that fits its
/// network, and measures them.
ProblemOutcome RunProblem(const ProblemRunConfig& config);

/// The same as a table for people.
std::string ProblemTable(const ProblemRunConfig& config, const ProblemOutcome& outcome);
/// `average cost per period`
std::string CostWords(const EvaluationProtocol& protocol);
/// `S 26, cap 5`
std::string ParameterWords(const TunedRule& rule);

}  // namespace restock
