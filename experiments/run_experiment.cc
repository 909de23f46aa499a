#include "experiments/run_experiment.h"

#include "experiments/build_info.h"
#include "experiments/data_findings.h"
#include "experiments/promotions.h"
#include "experiments/report.h"
#include "experiments/sales_fingerprint.h"
#include "experiments/saved_run.h"
#include "experiments/stages.h"
#include "experiments/summary.h"
#include "experiments/traces.h"
#include "experiments/training.h"

namespace restock {
namespace {

// The demand of the run, which must be what it was when the run began.
DemandSplit LoadSameDemand(const ExperimentConfig& config, const RunDirectory& run) {
  DemandSplit demand = LoadDemand(config);
  CheckSameSales(demand.full, run, config.data.generate ? "The generated sales" : config.data.path);
  if (!std::filesystem::exists(run.build())) WriteBuildInfo(config, demand.full, {}, run);
  return demand;
}

// What is known before policies are compared.
struct Learned {
  DemandSplit demand;
  std::unique_ptr<Forecaster> forecaster;
  std::shared_ptr<const Network> network;
  std::vector<NamedPolicy> policies;
  size_t best = 0;  // of policies
};

Learned Learn(const ExperimentConfig& config, const RunDirectory& run, const Random& random, Stopwatch& watch) {
  Learned learned;

  // learn the demand
  learned.demand = LoadSameDemand(config, run);
  const DemandHistory& past = learned.demand.past;
  learned.forecaster = FitForecaster(config, past, random, run.forecaster() / "forecaster.bin");
  watch.Lap("forecaster");
  learned.network = MakeNetwork(config, past);
  SaveNetwork(*learned.network, past.series, run.network());
  const TrainingWorld world = MakeWorld(config, *learned.forecaster, past, learned.network, random);
  watch.Lap("scenarios");

  // learn to order
  learned.policies = MakeBaselines(config, world);
  watch.Lap("rules");
  const TrainingPlan plan{config.agents, config.training, config.threads};
  for (NamedPolicy& policy : TrainAgents(plan, world, random, run)) learned.policies.push_back(std::move(policy));
  watch.Lap("training");
  learned.best = ChooseBest(learned.policies, world, config.threads);
  SavePolicies(learned.policies, learned.best, run.policy());
  return learned;
}

// The same from a run that is trained already.
Learned LoadLearned(const ExperimentConfig& config, const RunDirectory& run) {
  SavedRun saved = LoadRun(run.path());
  return {.demand = LoadSameDemand(config, run),
          .forecaster = std::move(saved.forecaster),
          .network = saved.network,
          .policies = std::move(saved.policies),
          .best = saved.best};
}

ServedEpisodes MeanServed(const PolicyOutcome& outcome, int num_periods) {
  ServedEpisodes mean;
  const auto count = static_cast<double>(outcome.scenarios.size());
  for (const ScenarioOutcome& scenario : outcome.scenarios) {
    mean.demand += scenario.demand / count;
    mean.sold += scenario.sold / count;
    mean.cost += scenario.cost * num_periods / count;
  }
  return mean;
}

// What planned promotions ask of the cheapest plan, and of the chosen policy on the same paths with and without them.
nlohmann::ordered_json TellPromotions(const ExperimentConfig& config, const Learned& learned,
                                      const Evaluation& evaluation, const Random& random) {
  const DemandHistory& past = learned.demand.past;
  nlohmann::ordered_json plan = PlanPromotionsOf(config, *learned.forecaster, past, *learned.network);
  if (plan.is_null()) return plan;
  ExperimentConfig usual = config;
  usual.promotions.clear();
  EvaluationSet set = MakeTestSet(usual, *learned.forecaster, past, *learned.network, random);
  set.num_lp_scenarios = 0;
  const NamedPolicy& best = learned.policies.at(learned.best);
  const SetEvaluation without = Evaluate({best}, learned.network, {set}, config.threads).front();
  const PolicyOutcome& with = evaluation.front().policies.at(learned.best);
  plan["simulated"] =
      SimulatedJson(best.name, without.num_scenarios, without.num_periods,
                    MeanServed(without.policies.front(), without.num_periods), MeanServed(with, without.num_periods));
  return plan;
}

Evaluation Judge(const ExperimentConfig& config, const Learned& learned, const RunDirectory& run, const Random& random,
                 Stopwatch& watch) {
  // compare, with the bound beside: on fresh scenarios, and on the demand that really came
  const DemandHistory& past = learned.demand.past;
  std::vector<EvaluationSet> sets = {MakeTestSet(config, *learned.forecaster, past, *learned.network, random)};
  if (config.data.holdout_periods > 0) {
    sets.push_back(MakeHeldOutSet(config, *learned.forecaster, learned.demand, *learned.network));
  }
  const Evaluation evaluation = Evaluate(learned.policies, learned.network, sets, config.threads);
  watch.Lap("comparison");

  // tell what came out
  WriteEvaluation(evaluation, run.evaluation());
  const RunFindings findings{.network = *learned.network,
                             .history = learned.demand.full,
                             .best = learned.policies.at(learned.best),
                             .evaluation = evaluation,
                             .forecast = WriteForecasts(config, *learned.forecaster, learned.demand, random, run),
                             .diverged = ReadDivergences(run),
                             .data = WriteDataFindings(config, learned.demand, run),
                             .service = PriceServiceOf(config, *learned.network, sets.front()),
                             .promotions = TellPromotions(config, learned, evaluation, random)};
  WriteSummary(findings, config.evaluation.comparison, random.Stream("bootstrap"), run.summary());
  WriteTraces(learned.demand.full, past.num_periods(), learned.policies, learned.network, sets.back(), run.traces());
  watch.Lap("forecasts");
  WriteBuildInfo(config, learned.demand.full, watch.seconds(), run);
  WriteReport(run.path());
  return evaluation;
}

}  // namespace

Evaluation RunExperiment(const ExperimentConfig& config, const RunDirectory& run) {
  const Random random(config.seed);
  Stopwatch watch;
  const Learned learned = run.IsTrained() ? LoadLearned(config, run) : Learn(config, run, random, watch);
  run.RemoveCheckpoints();
  return Judge(config, learned, run, random, watch);
}

void TrainPolicies(const ExperimentConfig& config, const RunDirectory& run) {
  if (!run.IsTrained()) {
    Stopwatch watch;
    const Learned learned = Learn(config, run, Random(config.seed), watch);
    WriteBuildInfo(config, learned.demand.full, watch.seconds(), run);
  }
  run.RemoveCheckpoints();
}

Evaluation EvaluatePolicies(const ExperimentConfig& config, const RunDirectory& run) {
  Stopwatch watch;
  return Judge(config, LoadLearned(config, run), run, Random(config.seed), watch);
}

void ForecastDemand(const ExperimentConfig& config, const RunDirectory& run) {
  const Random random(config.seed);
  Stopwatch watch;
  ExperimentConfig of_all_sales = config;
  of_all_sales.data.holdout_periods = 0;
  const DemandSplit demand = LoadSameDemand(of_all_sales, run);
  const auto forecaster = FitForecaster(config, demand.past, random, run.forecaster() / "of_all_sales.bin");
  WriteForecastSummary(demand.full, WriteDataFindings(config, demand, run),
                       WriteForecasts(config, *forecaster, demand, random, run), run.summary());
  WriteDemandTraces(demand.full, run.traces());
  watch.Lap("forecaster");
  WriteBuildInfo(config, demand.full, watch.seconds(), run);
  WriteReport(run.path());
}

}  // namespace restock
