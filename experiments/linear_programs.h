#pragma once

#include <map>
#include <string>
#include <vector>

#include "agents/lp_policy.h"
#include "common/config_node.h"

namespace restock {

/// Settings of the policies that plan with linear programs: lp, stochastic_lp and multistage_lp.
struct LinearProgramsConfig {
  std::map<std::string, int> horizon = {
      {"lp", 0}, {"stochastic_lp", 0}, {"multistage_lp", 0}};  // periods planned ahead
  int num_scenarios = 10;                                      // demand paths of the stochastic program
  int reduce_from = 0;  // paths drawn, for which these stand, see StochasticLpConfig
  std::vector<DemandBranching> branchings = {{1, 4}, {4, 3}};  // of the multistage program's demand paths
};

bool IsLinearProgram(const std::string& name);

/// Reads what stands under the name of a program; keys of its own may be left for the caller.  `horizon`: what it may
/// be
void ReadLinearProgram(const std::string& name, ConfigNode& settings, const Range& horizon,
                       LinearProgramsConfig& config);

/// How stochastic_lp, or multistage_lp, plans so many periods ahead.
StochasticLpConfig StochasticProgramOf(const LinearProgramsConfig& config, const std::string& name, int horizon);

}  // namespace restock
