#include "experiments/problem_programs.h"

#include <algorithm>
#include <cmath>

#include "agents/lp_policy.h"
#include "experiments/statistics.h"

namespace restock {
namespace {

constexpr int kLongestEpisode = 40;  // that is planned to its end  [period]
constexpr int kShortestWindow = 14;  // [period]
constexpr int kNumTuningPaths = 16;

/// Far enough ahead to see what an order placed now will serve, twice over.
int WindowOf(const Network& network) {
  int longest = 1;
  for (int site = 0; site < network.num_sites(); ++site) {
    for (int phase = 0; phase < network.CalendarCycle(); ++phase)
      longest = std::max(longest, network.EchelonProtectionPeriods(site, phase));
  }
  return std::max(kShortestWindow, 2 * longest);
}

}  // namespace

LinearProgramsConfig ReadLinearPrograms(ConfigNode root) {
  LinearProgramsConfig config;
  if (!root.Has("linear_programs")) root.Read("linear_programs", config.names);
  config.names.clear();
  for (auto& [name, settings] : root.Child("linear_programs").Entries()) {
    if (name != "lp" && name != "stochastic_lp") settings.Fail("is no linear program. There are lp and stochastic_lp.");
    settings.Read("horizon", (name == "lp" ? config.lp : config.stochastic_lp).horizon, Between(0, 365));
    if (name == "lp") settings.Read("service_levels", config.service_levels, Between(0.5, 0.999));
    if (name == "stochastic_lp") settings.Read("num_scenarios", config.num_scenarios, Between(2, 1000));
    settings.ExpectNoMoreKeys();
    config.names.push_back(name);
  }
  return config;
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

std::vector<TunedRule> MakeProgramPolicies(const LinearProgramsConfig& config, const Problem& problem,
                                           const EvaluationProtocol& protocol, const Random& random) {
  const int num_periods = protocol.warm_up + protocol.num_periods;
  const bool has_end = protocol.kind == ProtocolKind::kFiniteHorizon;

  std::vector<TunedRule> policies;
  for (const std::string& name : config.names) {
    const int wanted = (name == "lp" ? config.lp : config.stochastic_lp).horizon;
    const bool to_the_end = wanted == 0 && has_end && num_periods <= kLongestEpisode;
    const int horizon = to_the_end ? num_periods : wanted > 0 ? wanted : WindowOf(*problem.network);
    if (name == "lp") {
      EvaluationProtocol few = protocol;
      few.num_runs = std::min(few.num_runs, kNumTuningPaths);
      const PolicyJudge judge(problem, few, random);
      TunedRule best;
      double least = std::numeric_limits<double>::infinity();
      for (const double level : config.service_levels) {
        std::shared_ptr<const Policy> policy = MakeLpPolicy(problem.network, {.horizon = horizon,
                                                                              .service_level = level,
                                                                              .central_service_level = level,
                                                                              .ends_with_episode = to_the_end,
                                                                              .discount = protocol.discount});
        const double cost = MeanOf(judge.Judge(*policy, {"on_hand"}, /*num_threads=*/1)).mean;
        if (cost >= least) continue;
        least = cost;
        best = {name, {{"service level %", static_cast<int>(std::lround(100 * level))}}, std::move(policy)};
      }
      best.num_evaluations = static_cast<int>(config.service_levels.size());
      policies.push_back(std::move(best));
    } else {
      policies.push_back({.name = name,
                          .parameters = {{"demand paths", config.num_scenarios}},
                          .policy = MakeStochasticLpPolicy(problem.network, {.horizon = horizon,
                                                                             .num_scenarios = config.num_scenarios,
                                                                             .ends_with_episode = to_the_end,
                                                                             .discount = protocol.discount})});
    }
  }
  return policies;
}

}  // namespace restock
