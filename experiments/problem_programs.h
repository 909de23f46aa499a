#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agents/policy_judge.h"
#include "agents/rule_search.h"
#include "common/config_node.h"
#include "env/problem_file.h"
#include "experiments/linear_programs.h"
#include "optimization/shadow_prices.h"

namespace restock {

/// The linear programs that a run of a problem compares. A horizon of 0 plans a short episode to its end, a longer one
/// as far as the lead times ask for.
struct ProblemProgramsConfig {
  std::vector<std::string> names = {"lp", "stochastic_lp"};
  LinearProgramsConfig settings;
  std::vector<double> service_levels = {0.5, 0.8, 0.9, 0.95, 0.98};  // of lp's safety stocks, the best of which it gets
};

/// Reads `linear_programs:`, a list of names or a map to settings.
ProblemProgramsConfig ReadLinearPrograms(ConfigNode root);

/// How much demand the programs and the bound see: a program is solved in every period of every path.
struct ProgramPathsConfig {
  int num_lp_scenarios = 32;  // paths; 0: no programs and no bound; see UsualNumPaths()
  int num_lp_periods = 200;   // that count, where the protocol does not end by itself
};

/// Of num_lp_periods, as many as the programs plan ahead: fewer would not show what the orders placed in them are good
/// for. 1 where the protocol has an end.
int FewestPeriods(const ProblemProgramsConfig& config, const Problem& problem);

/// 32 paths, or as many as large programs leave time for, at least 2.
int UsualNumPaths(const ProblemProgramsConfig& config, const Problem& problem, int num_lp_periods);

/// The problem's protocol on so much demand: its first paths, shorter where costs are not of a finite horizon.
EvaluationProtocol ProgramProtocol(const EvaluationProtocol& protocol, const ProgramPathsConfig& paths);

/// What the least costs with all demand known are, on the first paths.
struct PerfectInformationResult {
  std::vector<double> paths;
  std::vector<ShadowPrice> prices;
  double mean() const;
  double standard_error() const;
};

/// The policies of the programs, lp with the service level that costs least on some paths of `random`.  `protocol`: see
/// ProgramProtocol(). The network must be one that programs know (ReplenishmentLp::FirstUnknown).
std::vector<TunedRule> MakeProgramPolicies(const ProblemProgramsConfig& config, const Problem& problem,
                                           const EvaluationProtocol& protocol, const Random& random);

}  // namespace restock
