#include "experiments/problem_programs.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "agents/lp_policy.h"
#include "experiments/statistics.h"

namespace restock {
namespace {

constexpr int kLongestEpisode = 40;  // that is planned to its end  [period]
constexpr int kShortestWindow = 14;  // [period]
constexpr int kNumTuningPaths = 16;
constexpr int kMostPaths = 32;
constexpr double kUsualFlows = 1.5e6;  // that all programs of a run decide together: a minute or two

/// Far enough ahead to see what an order placed now will serve, twice over.
int WindowOf(const Network& network) {
  int longest = 1;
  for (int site = 0; site < network.num_sites(); ++site) {
    for (int phase = 0; phase < network.CalendarCycle(); ++phase)
      longest = std::max(longest, network.EchelonProtectionPeriods(site, phase));
  }
  return std::max(kShortestWindow, 2 * longest);
}

bool HasEnd(const Problem& problem) { return problem.protocol.kind == ProtocolKind::kFiniteHorizon; }

/// How far a program plans: as configured, else to the end of a short episode, else as far as the lead times ask for.
int HorizonOf(const ProblemProgramsConfig& config, const std::string& name, const Problem& problem, int num_periods) {
  const int wanted = config.settings.horizon.at(name);
  if (wanted > 0) return wanted;
  return HasEnd(problem) && num_periods <= kLongestEpisode ? num_periods : WindowOf(*problem.network);
}

/// Programs of the size of a deterministic one that a step of a path solves: lp is tried with every service level.
int NumCopies(const ProblemProgramsConfig& config, const std::string& name, int horizon) {
  if (name == "lp") return static_cast<int>(config.service_levels.size());
  return StochasticProgramOf(config.settings, name, horizon).num_scenarios;
}

/// The member of lp with the safety stocks that cost least.
TunedRule TuneServiceLevel(const ProblemProgramsConfig& config, const Problem& problem,
                           const EvaluationProtocol& protocol, const Random& random, LpPolicyConfig lp) {
  EvaluationProtocol few = protocol;
  few.num_runs = std::min(few.num_runs, kNumTuningPaths);
  const PolicyJudge judge(problem, few, random);
  TunedRule best;
  double least = std::numeric_limits<double>::infinity();
  for (const double level : config.service_levels) {
    lp.service_level = lp.central_service_level = level;
    std::shared_ptr<const Policy> policy = MakeLpPolicy(problem.network, lp);
    const double cost = MeanOf(judge.Judge(*policy, {"on_hand"}, /*num_threads=*/1)).mean;
    if (cost >= least) continue;
    least = cost;
    best = {"lp", {{"service level %", static_cast<int>(std::lround(100 * level))}}, std::move(policy)};
  }
  best.num_evaluations = static_cast<int>(config.service_levels.size());
  return best;
}

}  // namespace

ProblemProgramsConfig ReadLinearPrograms(ConfigNode root) {
  ProblemProgramsConfig config;
  if (!root.Has("linear_programs")) root.Read("linear_programs", config.names);
  config.names.clear();
  for (auto& [name, settings] : root.Child("linear_programs").Entries()) {
    if (!IsLinearProgram(name)) settings.Fail("is no linear program. There are lp, stochastic_lp and multistage_lp.");
    ReadLinearProgram(name, settings, Between(0, 365), config.settings);
    if (name == "lp") settings.Read("service_levels", config.service_levels, Between(0.5, 0.999));
    if (config.service_levels.empty()) settings.Fail("service_levels", "must name at least one, such as [0.9]");
    settings.ExpectNoMoreKeys();
    config.names.push_back(name);
  }
  return config;
}

int FewestPeriods(const ProblemProgramsConfig& config, const Problem& problem) {
  if (HasEnd(problem)) return 1;
  int longest = config.names.empty() ? WindowOf(*problem.network) : 1;
  for (const std::string& name : config.names)
    longest = std::max(longest, HorizonOf(config, name, problem, problem.protocol.num_periods));
  return std::min(problem.protocol.num_periods, longest);
}

int UsualNumPaths(const ProblemProgramsConfig& config, const Problem& problem, int num_lp_periods) {
  const EvaluationProtocol& protocol = problem.protocol;
  const int num_periods =
      protocol.warm_up + (HasEnd(problem) ? protocol.num_periods : std::min(protocol.num_periods, num_lp_periods));
  double periods_planned = 0;  // by all programs in a period of a path
  for (const std::string& name : config.names) {
    const int horizon = HorizonOf(config, name, problem, num_periods);
    periods_planned += static_cast<double>(horizon) * NumCopies(config, name, horizon);
  }
  const double flows_of_path = static_cast<double>(num_periods) * problem.network->num_lanes() * periods_planned;
  return static_cast<int>(std::clamp(kUsualFlows / flows_of_path, 2.0, static_cast<double>(kMostPaths)));
}

EvaluationProtocol ProgramProtocol(const EvaluationProtocol& protocol, const ProgramPathsConfig& paths) {
  EvaluationProtocol shortened = protocol;
  shortened.num_runs = std::min(protocol.num_runs, paths.num_lp_scenarios);
  if (protocol.kind != ProtocolKind::kFiniteHorizon)
    shortened.num_periods = std::min(protocol.num_periods, paths.num_lp_periods);
  return shortened;
}

double PerfectInformationResult::mean() const { return Mean(paths); }
double PerfectInformationResult::standard_error() const { return StandardError(paths); }

std::vector<TunedRule> MakeProgramPolicies(const ProblemProgramsConfig& config, const Problem& problem,
                                           const EvaluationProtocol& protocol, const Random& random) {
  const int num_periods = protocol.warm_up + protocol.num_periods;

  std::vector<TunedRule> policies;
  for (const std::string& name : config.names) {
    const int horizon = HorizonOf(config, name, problem, num_periods);
    const bool to_the_end = config.settings.horizon.at(name) == 0 && HasEnd(problem) && num_periods <= kLongestEpisode;
    if (name == "lp") {
      policies.push_back(
          TuneServiceLevel(config, problem, protocol, random,
                           {.horizon = horizon, .ends_with_episode = to_the_end, .discount = protocol.discount}));
      continue;
    }
    StochasticLpConfig program = StochasticProgramOf(config.settings, name, horizon);
    program.ends_with_episode = to_the_end;
    program.discount = protocol.discount;
    policies.push_back({.name = name,
                        .parameters = {{"demand paths", program.num_scenarios}},
                        .policy = MakeStochasticLpPolicy(problem.network, program)});
  }
  return policies;
}

}  // namespace restock
