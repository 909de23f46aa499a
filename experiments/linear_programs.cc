#include "experiments/linear_programs.h"

#include <algorithm>
#include <cmath>

namespace restock {
namespace {

constexpr double kMostPaths = 1000;  // of one program

/// `branchings: [[1, 4], [4, 3]]`: after 1 period into 4 parts, after 4 each of them into 3.
void ReadBranchings(ConfigNode& settings, std::vector<DemandBranching>& branchings) {
  if (!settings.Has("branchings")) return;
  std::vector<std::vector<double>> pairs;
  settings.Read("branchings", pairs, Between(1, 365));
  if (pairs.empty()) settings.Fail("branchings", "must name at least one, such as [[1, 4], [4, 3]]");
  branchings.clear();
  int last = 0;
  double num_paths = 1;
  for (const std::vector<double>& pair : pairs) {
    const auto is_whole = [](double value) { return value == std::floor(value); };
    if (pair.size() != 2 || !std::ranges::all_of(pair, is_whole) || pair[0] < last || pair[1] < 2)
      settings.Fail("branchings",
                    "must be pairs of periods after the present, rising, and parts, such as [[1, 4], [4, 3]]");
    last = static_cast<int>(pair[0]);
    branchings.push_back({last, static_cast<int>(pair[1])});
    num_paths *= pair[1];
    if (num_paths > kMostPaths)
      settings.Fail("branchings", "must lead to at most 1000 paths: the product of all parts");
  }
}

}  // namespace

bool IsLinearProgram(const std::string& name) { return LinearProgramsConfig().horizon.contains(name); }

void ReadLinearProgram(const std::string& name, ConfigNode& settings, const Range& horizon,
                       LinearProgramsConfig& config) {
  settings.Read("horizon", config.horizon.at(name), horizon);
  if (name == "stochastic_lp") {
    settings.Read("num_scenarios", config.num_scenarios, Between(2, kMostPaths));
    settings.Read("reduce_from", config.reduce_from, Between(0, 1000));
    if (config.reduce_from > 0 && config.reduce_from <= config.num_scenarios)
      settings.Fail("reduce_from", "must be more than num_scenarios, which stand for so many paths, or 0 for none");
  }
  if (name == "multistage_lp") ReadBranchings(settings, config.branchings);
}

StochasticLpConfig StochasticProgramOf(const LinearProgramsConfig& config, const std::string& name, int horizon) {
  StochasticLpConfig program{.horizon = horizon, .num_scenarios = config.num_scenarios};
  if (name == "stochastic_lp") {
    program.reduce_from = config.reduce_from;
    return program;
  }
  program.branchings = config.branchings;
  program.num_scenarios = 1;
  for (const DemandBranching& branching : config.branchings) program.num_scenarios *= branching.parts;
  return program;
}

}  // namespace restock
