#include "experiments/problem_run.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "agents/exact_judge.h"
#include "agents/first_scenarios.h"
#include "agents/learner_suits.h"
#include "agents/plan_prices.h"
#include "common/error.h"
#include "common/progress.h"
#include "env/expected_demand.h"
#include "experiments/statistics.h"
#include "experiments/training.h"
#include "optimization/exact_optimum.h"
#include "optimization/replenishment_lp.h"

namespace restock {
namespace {

ProblemPathsConfig ReadPaths(ConfigNode node) {
  ProblemPathsConfig paths;
  node.Read("train", paths.train, Between(1, 1'000'000));
  node.Read("select", paths.select, Between(1, 1'000'000));
  node.Read("num_periods", paths.num_periods, Between(2, 1'000'000));
  node.ExpectNoMoreKeys();
  return paths;
}

ProgramPathsConfig ReadEvaluation(ConfigNode node, const ProblemProgramsConfig& programs, const Problem& problem) {
  ProgramPathsConfig paths;
  node.Read("num_lp_periods", paths.num_lp_periods, Between(1, 1'000'000));
  paths.num_lp_scenarios = UsualNumPaths(programs, problem, paths.num_lp_periods);
  node.Read("num_lp_scenarios", paths.num_lp_scenarios, Between(0, 1'000'000));
  if (const int fewest = FewestPeriods(programs, problem); paths.num_lp_scenarios > 0 && paths.num_lp_periods < fewest)
    node.Fail("num_lp_periods",
              fmt::format("must be at least {}, but is {}: what linear programs are judged by stands for the whole "
                          "problem, and fewer periods do not show what their orders are good for. To do without "
                          "programs: evaluation.num_lp_scenarios=0.",
                          fewest, paths.num_lp_periods));
  node.ExpectNoMoreKeys();
  return paths;
}

void ReadAll(ConfigNode& root, ProblemRunConfig& config) {
  root.Read("name", config.name);
  root.Read("seed", config.seed);
  root.Read("threads", config.threads, Between(0, 1024));
  config.programs = ReadLinearPrograms(root);
  config.agents.clear();
  for (auto& [algorithm, node] : root.Child("agents").Entries())
    config.agents.push_back(ReadAgentConfig(algorithm, node));
  config.training = ReadTrainingConfig(root.Child("training"));
  config.paths = ReadPaths(root.Child("scenarios"));
  config.problem = ReadProblem(root);
  // a problem without an end is planned for some weeks, which is priced when somebody asks for it
  const bool has_end = config.problem.protocol.kind == ProtocolKind::kFiniteHorizon;
  config.service = ReadService(root.Child("service"), {.frontier = has_end ? kUsualFillRates : std::vector<double>()});
  config.program_paths = ReadEvaluation(root.Child("evaluation"), config.programs, config.problem);
}

int ServicePeriods(const ProblemRunConfig& config) {
  const EvaluationProtocol& protocol = config.problem.protocol;
  const bool has_end = protocol.kind == ProtocolKind::kFiniteHorizon;
  return config.service.num_periods > 0 ? config.service.num_periods : has_end ? protocol.num_periods : kServicePeriods;
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

// Demand for learning and for choosing, each from a stream of its own.
TrainingWorld MakeProblemWorld(const ProblemRunConfig& config, const Random& random) {
  const Problem& problem = config.problem;
  const EvaluationProtocol& protocol = problem.protocol;
  const int num_counted = protocol.kind == ProtocolKind::kAverage ? 0 : protocol.warm_up + protocol.num_periods;
  const int num_periods =
      protocol.kind == ProtocolKind::kFiniteHorizon ? num_counted : std::max(config.paths.num_periods, num_counted);
  const auto demand = [&](const char* stream, int num_paths) -> std::shared_ptr<const DemandSource> {
    return FirstScenarios(MakeProblemDemand(problem, num_periods, random.Stream(stream)), num_paths);
  };
  return {.network = problem.network,
          .train = demand("train", config.paths.train),
          .select = demand("select", config.paths.select),
          .horizon = protocol.kind == ProtocolKind::kFiniteHorizon ? num_periods : 0};
}

// The best parameters of every rule.
void SearchRules(const ProblemRunConfig& config, const Random& random, std::vector<JudgedPolicy>& policies) {
  const std::vector<ClassicalRule> rules = RulesFor(config.problem);
  Progress progress("searching rules", static_cast<int64_t>(rules.size()));
  const RuleSearch search(config.problem, config.problem.protocol, random.Stream("search"), config.threads);
  for (const ClassicalRule& rule : rules) {
    const auto num_done = static_cast<int64_t>(policies.size());
    const auto watch = [&](int num_evaluations) {
      progress.Advance(num_done, fmt::format("{}, {} tried", rule.name, num_evaluations));
    };
    policies.push_back({.rule = search.Tune(rule, watch)});
  }
  progress.Advance(static_cast<int64_t>(rules.size()));
}

void TrainOnProblem(const ProblemRunConfig& config, const Random& random, const RunDirectory& run,
                    std::vector<JudgedPolicy>& policies) {
  const TrainingPlan plan{config.agents, config.training, config.threads};
  for (NamedPolicy& learned : TrainAgents(plan, MakeProblemWorld(config, random), random.Stream("agents"), run)) {
    if (learned.name.ends_with("_untrained")) continue;
    policies.push_back({.kind = PolicyKind::kLearned,
                        .rule = {.name = learned.name, .parameters = {}, .policy = learned.policy},
                        .seed = learned.seed,
                        .training_seconds = learned.training_seconds});
  }
}

std::vector<std::string> FeaturesOf(const JudgedPolicy& policy) {
  switch (policy.kind) {
    case PolicyKind::kRule:
      return RuleFeatures();
    case PolicyKind::kProgram:
      return {"on_hand"};  // it looks at the state itself
    default:
      return {};
  }
}

// What service costs from the stock at the start.
void FindService(const ProblemRunConfig& config, const Random& random, ProblemOutcome& outcome) {
  const Problem& problem = config.problem;
  if (config.service.frontier.empty() || !ReplenishmentLp::FirstUnknown(*problem.network).empty()) return;
  Progress progress("pricing service", 0);
  const int num_periods = ServicePeriods(config);
  const auto demand = MakeProblemDemand(problem, num_periods, random.Stream("service"));
  outcome.service = PriceService(config.service, *problem.network, *demand, num_periods);
}

// What they cost on other demand, the same for all.
void JudgePolicies(const ProblemRunConfig& config, const Random& random, std::vector<JudgedPolicy>& policies) {
  Progress progress("measuring", static_cast<int64_t>(policies.size()));
  const PolicyJudge judge(config.problem, config.problem.protocol, random.Stream("judge"));
  for (size_t i = 0; i < policies.size(); ++i) {
    JudgedPolicy& one = policies[i];
    one.paths = judge.Judge(*one.rule.policy, FeaturesOf(one), config.threads);
    one.cost = MeanOf(one.paths);
    one.exact_cost = ExactAverageCost(config.problem, *one.rule.policy);
    progress.Advance(static_cast<int64_t>(i + 1), one.rule.name);
  }
}

ServedEpisodes MeanServed(const std::vector<PathCost>& paths) {
  ServedEpisodes mean;
  const auto count = static_cast<double>(paths.size());
  for (const PathCost& path : paths) {
    mean.demand += path.demand / count;
    mean.sold += path.sold / count;
    mean.cost += path.cost / count;
  }
  return mean;
}

// What the promotions ask of the cheapest plan, and of the cheapest policy.
nlohmann::ordered_json TellPromotions(const ProblemRunConfig& config, const Random& random, const JudgedPolicy& best) {
  const Network& network = *config.problem.network;
  const EvaluationProtocol& protocol = config.problem.protocol;
  if (config.problem.promotions.empty()) return {};
  Problem usual = config.problem;
  usual.promotions.clear();
  const auto demand = MakeProblemDemand(usual, ServicePeriods(config), random);
  nlohmann::ordered_json plan =
      PlanPromotions(config.problem.promotions, network, ExpectedAhead(network, *demand, ServicePeriods(config)),
                     demand->first_phase());
  if (!config.problem.MeetsPromotions()) return plan;
  const bool is_program = best.kind == PolicyKind::kProgram;
  const EvaluationProtocol of_best = is_program ? ProgramProtocol(protocol, config.program_paths) : protocol;
  const PolicyJudge judge(usual, of_best, random.Stream("judge"));
  const std::vector<PathCost> without = judge.Judge(*best.rule.policy, FeaturesOf(best), config.threads);
  plan["simulated"] =
      SimulatedJson(best.rule.name, of_best.num_runs, of_best.num_periods, MeanServed(without), MeanServed(best.paths));
  return plan;
}

// Programs on the first of these paths, all others on the same, and what each would cost if demand were known.
void JudgePrograms(const ProblemRunConfig& config, const Random& random, ProblemOutcome& outcome) {
  if (config.program_paths.num_lp_scenarios == 0) return;
  const std::string unknown = ReplenishmentLp::FirstUnknown(*config.problem.network);
  if (!unknown.empty()) outcome.no_programs = "a linear program cannot tell " + unknown;
  if (!unknown.empty()) return;
  const EvaluationProtocol protocol = ProgramProtocol(config.problem.protocol, config.program_paths);
  const PolicyJudge judge(config.problem, protocol, random.Stream("judge"));
  Progress progress("planning with linear programs", static_cast<int64_t>(config.programs.names.size()) + 2);

  // the bound says nothing new beside the optimum
  int64_t num_done = 0;
  progress.Advance(num_done, "perfect information");
  if (outcome.bound.kind != "optimal") {
    PerfectInformationResult& known = outcome.perfect_information.emplace();
    known.paths = judge.PerfectInformation(protocol.num_runs, config.threads, &known.prices);
  }
  progress.Advance(++num_done, "service levels");
  const JudgedPolicy rule = outcome.best_rule();
  std::vector<TunedRule> programs =
      MakeProgramPolicies(config.programs, config.problem, protocol, random.Stream("search"));
  for (TunedRule& program : programs) {
    progress.Advance(++num_done, program.name);
    JudgedPolicy judged{.kind = PolicyKind::kProgram, .rule = std::move(program)};
    const auto priced = PricedPolicy::Of(*judged.rule.policy);
    judged.paths = judge.Judge(*priced, FeaturesOf(judged), /*num_threads=*/1);
    judged.cost = MeanOf(judged.paths);
    judged.prices = priced->prices();
    outcome.policies.push_back(std::move(judged));
  }

  // all policies beside the best rule, on the same paths
  const std::vector<PathCost> of_rule = judge.Judge(*rule.rule.policy, RuleFeatures(), config.threads);
  for (JudgedPolicy& one : outcome.policies) {
    const bool is_program = one.kind == PolicyKind::kProgram;
    one.program_paths = is_program ? one.paths : judge.Judge(*one.rule.policy, FeaturesOf(one), config.threads);
    if (one.rule.name == rule.rule.name) continue;
    for (size_t path = 0; path < of_rule.size(); ++path)
      one.against_rule.push_back(one.program_paths[path].cost - of_rule[path].cost);
    if (!is_program) continue;
    const double of_rule_here = MeanOf(of_rule).mean;
    const bool is_shorter = protocol.num_periods < config.problem.protocol.num_periods;
    const bool grows_with_time = protocol.kind != ProtocolKind::kAverage;
    const bool stretches = is_shorter && grows_with_time && of_rule_here != 0;
    const double longer = stretches ? rule.best_cost_estimate() / of_rule_here : 1;
    const double rule_error = rule.exact_cost ? 0 : rule.cost.standard_error;
    one.paired_cost = {.mean = rule.best_cost_estimate() + longer * Mean(one.against_rule),
                       .standard_error = std::hypot(rule_error, longer * StandardError(one.against_rule))};
  }
}

}  // namespace

bool IsProblem(const ConfigNode& root) { return root.Has("network") && root.Has("demand") && !root.Has("data"); }

ProblemRunConfig ReadProblemRun(const std::filesystem::path& file, std::vector<std::string> overrides) {
  ProblemRunConfig config;
  config.name = file.stem().string();
  ConfigNode root = LoadConfig(file, overrides);
  ReadAll(root, config);

  // of the best known costs the one of this problem goes with the run, and no other
  if (!config.problem.MeetsPromotions()) config.best_known = FindBestKnown(file, root);
  if (root.Has("best_known")) {
    overrides.push_back("best_known=" + ToYaml(config.best_known));
    root = LoadConfig(file, overrides);
    ReadAll(root, config);
  }
  config.resolved_yaml = root.ResolvedYaml();
  return config;
}

void CheckProblemRun(const ProblemRunConfig& config) {
  const Problem& problem = config.problem;
  if (!config.agents.empty()) {
    const TrainingWorld world = MakeProblemWorld(config, Random(config.seed));
    for (const AgentConfig& agent : config.agents)
      CheckLearner(agent, *world.network, world.train->has_fixed_forecasts(), world.horizon);
  }
  const int num_periods = ServicePeriods(config);
  const auto demand = MakeProblemDemand(problem, num_periods, Random(config.seed));
  CheckPromotions(problem.promotions, *problem.network, num_periods, "service.periods");
  CheckService(config.service, *problem.network, ExpectedAhead(*problem.network, *demand, num_periods),
               demand->first_phase());
}

const JudgedPolicy& ProblemOutcome::best_rule() const {
  return *std::ranges::find_if(policies, &JudgedPolicy::is_rule);
}

double ProblemOutcome::GapToPerfectInformation(const JudgedPolicy& policy) const {
  if (!perfect_information || std::abs(perfect_information->mean()) < 1e-9) return std::nan("");
  return (MeanOf(policy.program_paths).mean - perfect_information->mean()) / std::abs(perfect_information->mean());
}

double ProblemOutcome::Gap(const JudgedPolicy& policy) const {
  const bool is_nothing = std::abs(bound.cost) < 1e-9;  // what rounding leaves of 0
  if (bound.kind.empty() || is_nothing) return std::nan("");
  return (policy.best_cost_estimate() - bound.cost) / std::abs(bound.cost);
}

ProblemOutcome RunProblem(const ProblemRunConfig& config, const RunDirectory& run) {
  const Random random(config.seed);
  ProblemOutcome outcome{.bound = FindBound(config),
                         .perfect_information = {},
                         .no_programs = "",
                         .service = {},
                         .promotions = {},
                         .policies = {}};
  SearchRules(config, random, outcome.policies);
  TrainOnProblem(config, random, run, outcome.policies);
  JudgePolicies(config, random, outcome.policies);
  std::ranges::stable_sort(outcome.policies, {}, &JudgedPolicy::best_cost_estimate);
  JudgePrograms(config, random, outcome);
  FindService(config, random, outcome);
  std::ranges::stable_sort(outcome.policies, {}, &JudgedPolicy::best_cost_estimate);
  outcome.promotions = TellPromotions(config, random, outcome.policies.front());
  return outcome;
}

}  // namespace restock
