#include "experiments/problem_files.h"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/file.h"
#include "experiments/build_info.h"
#include "experiments/evaluation.h"
#include "experiments/report.h"
#include "experiments/stages.h"
#include "experiments/statistics.h"
#include "experiments/summary.h"

namespace restock {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kSet = "scenarios";
constexpr double kConfidence = 0.95;

const char* NameOf(ProtocolKind kind) {
  return kind == ProtocolKind::kAverage      ? "average"
         : kind == ProtocolKind::kDiscounted ? "discounted"
                                             : "finite_horizon";
}

ScenarioOutcome ToScenario(const PathCost& path) {
  ScenarioOutcome scenario;
  scenario.cost = path.cost;
  scenario.parts = path.parts;
  scenario.demand = path.demand;
  scenario.sold = path.sold;
  scenario.num_site_periods = path.num_site_periods;
  scenario.num_short = path.num_short;
  scenario.mean_on_hand = std::nan("");
  return scenario;
}

// Over paths, against the best rule.
Json DifferenceOf(const JudgedPolicy& one, const ProblemOutcome& outcome) {
  if (one.against_rule.empty()) return Json();
  const double mean = Mean(one.against_rule), rule = MeanOf(outcome.best_rule().program_paths).mean;
  const std::optional<Interval> interval = StudentInterval({one.against_rule}, kConfidence);
  return {{"mean", mean},
          {"low", interval ? Json(interval->low) : Json()},
          {"high", interval ? Json(interval->high) : Json()},
          {"relative", rule != 0 ? Json(mean / std::abs(rule)) : Json()},
          {"num_scenarios", one.against_rule.size()}};
}

Json SeedOf(const JudgedPolicy& one) { return one.seed ? Json(*one.seed) : Json(); }

Json ToJson(const JudgedPolicy& one, const ProblemOutcome& outcome) {
  // means over the paths
  const auto mean = [&](const auto& value) {
    double sum = 0;
    for (const PathCost& path : one.paths) sum += value(path);
    return sum / static_cast<double>(one.paths.size());
  };
  Json costs;
  for (size_t kind = 0; kind < kNumCostKinds; ++kind)
    costs[kCostNames[kind]] = mean([kind](const PathCost& path) { return path.parts[kind]; });
  const double demand = mean([](const PathCost& path) { return path.demand; });
  const double sold = mean([](const PathCost& path) { return path.sold; });
  const double num_short = mean([](const PathCost& path) { return path.num_short; });
  const double num_site_periods = mean([](const PathCost& path) { return path.num_site_periods; });

  Json parameters = Json::object();
  for (const auto& [name, value] : one.rule.parameters) parameters[name] = value;
  const double gap = outcome.Gap(one), gap_to_known = outcome.GapToPerfectInformation(one);
  return {{"name", one.rule.name},
          {"seed", SeedOf(one)},
          {"scenario_set", kSet},
          {"num_scenarios", one.paths.size()},
          {"mean_cost", one.cost.mean},
          {"standard_error", one.cost.standard_error},
          {"exact_cost", one.exact_cost ? Json(*one.exact_cost) : Json()},
          {"paired_cost", one.paired_cost ? Json(one.paired_cost->mean) : Json()},
          {"paired_standard_error", one.paired_cost ? Json(one.paired_cost->standard_error) : Json()},
          {"parameters", parameters},
          {"costs", costs},
          {"fill_rate", demand > 0 ? sold / demand : 1},
          {"stockout_share", num_short / num_site_periods},
          {"gap_to_bound", std::isnan(gap) ? Json() : Json(gap)},
          {"cost_on_bound_scenarios", one.program_paths.empty() ? Json() : Json(MeanOf(one.program_paths).mean)},
          {"gap_to_perfect_information", std::isnan(gap_to_known) ? Json() : Json(gap_to_known)},
          {"difference", DifferenceOf(one, outcome)},
          {"num_evaluations", one.rule.num_evaluations}};
}

Json PerfectInformationJson(const PerfectInformationResult& known, int num_periods) {
  return {{"kind", "perfect_information"},
          {"scenario_set", kSet},
          {"cost", known.mean()},
          {"standard_error", known.standard_error()},
          {"num_scenarios", known.paths.size()},
          {"num_periods", num_periods}};
}

// Of the bound's plans, and of each program's.
Json ShadowPricesJson(const ProblemRunConfig& config, const ProblemOutcome& outcome) {
  const Network& network = *config.problem.network;
  Json prices = Json::array();
  if (outcome.perfect_information)
    AppendShadowPrices(network, outcome.perfect_information->prices, kSet, "bound", prices);
  for (const JudgedPolicy& one : outcome.policies) AppendShadowPrices(network, one.prices, kSet, one.rule.name, prices);
  return prices;
}

}  // namespace

void WriteProblemSummary(const ProblemRunConfig& config, const ProblemOutcome& outcome,
                         const std::filesystem::path& file) {
  const EvaluationProtocol& protocol = config.problem.protocol;
  const ProblemBound& bound = outcome.bound;
  const JudgedPolicy& best = outcome.policies.front();
  const std::string& best_rule = outcome.best_rule().rule.name;
  Json policies = Json::array();
  for (const JudgedPolicy& one : outcome.policies) policies.push_back(ToJson(one, outcome));

  Json json = {{"schema", 1},
               {"problem", config.name},
               {"cost", CostWords(protocol)},
               {"protocol",
                {{"kind", NameOf(protocol.kind)},
                 {"num_periods", protocol.num_periods},
                 {"warm_up", protocol.warm_up},
                 {"discount", protocol.discount},
                 {"num_runs", protocol.num_runs}}},
               {"best", {{"policy", best.rule.name}, {"seed", SeedOf(best)}}},
               {"best_classical", best_rule},
               {"scenario_sets",
                {{{"name", kSet},
                  {"description", "Demand drawn from the problem's own distribution that no search has seen."},
                  {"num_scenarios", protocol.num_runs},
                  {"num_periods", protocol.num_periods},
                  {"best_classical", best_rule}}}},
               {"policies", policies},
               {"confidence", kConfidence},
               {"bound", Json()},
               {"bounds", Json::array()},
               {"linear_programs", ProgramWords(config, outcome)},
               {"shadow_prices", ShadowPricesJson(config, outcome)},
               {"service", outcome.service ? ToJson(*outcome.service) : Json()},
               {"promotions", outcome.promotions}};
  if (bound.kind.empty()) {
    json["no_bound"] = bound.words;
  } else {
    json["bound"] = {{"kind", bound.kind}, {"scenario_set", kSet}, {"cost", bound.cost}, {"method", bound.words}};
    json["bounds"].push_back(json["bound"]);
  }
  if (outcome.perfect_information)
    json["bounds"].push_back(PerfectInformationJson(*outcome.perfect_information,
                                                    ProgramProtocol(protocol, config.program_paths).num_periods));
  WriteFileAtomically(file, json.dump(1) + "\n");
}

void WriteProblemEvaluation(const ProblemRunConfig& config, const ProblemOutcome& outcome,
                            const std::filesystem::path& file) {
  SetEvaluation set{.name = kSet,
                    .description = "",
                    .num_scenarios = config.problem.protocol.num_runs,
                    .num_periods = config.problem.protocol.num_periods};
  for (const JudgedPolicy& one : outcome.policies) {
    set.policies.push_back({.name = one.rule.name,
                            .seed = one.seed,
                            .is_rule = one.is_rule(),
                            .is_slow = one.kind == PolicyKind::kProgram,
                            .scenarios = {}});
    for (const PathCost& path : one.paths) set.policies.back().scenarios.push_back(ToScenario(path));
  }
  WriteEvaluation({set}, file);
}

ProblemOutcome RunAndWriteProblem(const ProblemRunConfig& config, const RunDirectory& run) {
  Stopwatch watch;
  const ProblemOutcome outcome = RunProblem(config, run);
  watch.Lap("policies");
  std::map<std::string, double> seconds = watch.seconds();
  for (const JudgedPolicy& one : outcome.policies) {
    if (one.seed) seconds[fmt::format("training {}-{}", one.rule.name, *one.seed)] = one.training_seconds;
  }
  WriteProblemEvaluation(config, outcome, run.evaluation());
  WriteProblemSummary(config, outcome, run.summary());
  WriteBuildInfo(config.seed, config.threads, seconds, run);
  WriteReport(run.path());
  run.RemoveCheckpoints();
  run.RemoveEmptyFolders();
  return outcome;
}

}  // namespace restock
