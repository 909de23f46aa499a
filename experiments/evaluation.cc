#include "experiments/evaluation.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "agents/plan_prices.h"
#include "agents/simulate.h"
#include "common/check.h"
#include "common/parallel.h"
#include "common/progress.h"
#include "experiments/outcome_observer.h"
#include "optimization/perfect_information.h"

namespace restock {
namespace {

// Runs a policy over the first `limit` scenarios of a set. The second outcome leaves out days with estimated demand.
std::pair<PolicyOutcome, PolicyOutcome> RunPolicy(const NamedPolicy& policy,
                                                  const std::shared_ptr<const Network>& network,
                                                  const EvaluationSet& set, int num_threads) {
  PolicyOutcome all{policy.name, policy.seed, policy.is_rule, policy.policy->is_slow(), {}};
  PolicyOutcome uncensored = all;
  const auto priced = PricedPolicy::Of(*policy.policy);
  if (priced) num_threads = 1;
  int left = all.is_slow ? std::min(set.num_lp_scenarios, set.num_scenarios()) : set.num_scenarios();
  for (size_t part = 0; part < set.parts.size() && left > 0; ++part) {
    const std::shared_ptr<const DemandSource> demand = MakeScenarioSource(set.parts[part]);
    const int num_scenarios = std::min(left, demand->num_scenarios());
    OutcomeObserver observer(*network, num_scenarios, set.uncensored.empty() ? nullptr : &set.uncensored[part]);
    const Policy& decides = priced ? *priced : *policy.policy;
    Simulate(decides, network, demand, num_scenarios, num_threads, observer);
    observer.AppendTo(all.scenarios, uncensored.scenarios);
    left -= num_scenarios;
  }
  if (priced) all.shadow_prices = priced->prices();
  return {std::move(all), std::move(uncensored)};
}

// The perfect-information bound of the set's first scenarios, empty where one of them has none, and what one more unit
// of anything scarce would save on them.
void FindBounds(const Network& network, const EvaluationSet& set, int num_threads, SetEvaluation& evaluation) {
  std::vector<std::pair<const ScenarioSet*, int>> paths;
  for (const auto& part : set.parts) {
    for (int scenario = 0; scenario < part->num_scenarios; ++scenario) paths.emplace_back(part.get(), scenario);
  }
  paths.resize(static_cast<size_t>(std::min<int>(set.num_lp_scenarios, static_cast<int>(paths.size()))));

  std::vector<double> bounds(paths.size());
  std::vector<std::vector<ShadowPrice>> prices(paths.size(), ScarceThings(network));
  ParallelFor(static_cast<int>(paths.size()), num_threads, [&](int i) {
    const auto path = static_cast<size_t>(i);
    const auto& [scenarios, scenario] = paths[path];
    const int num_periods = scenarios->num_periods;
    bounds[path] =
        PerfectInformationBound(network, *scenarios, scenario, num_periods, /*credit_leftovers=*/true, &prices[path]) /
        num_periods;
  });
  const bool finite = std::all_of(bounds.begin(), bounds.end(), [](double bound) { return std::isfinite(bound); });
  if (!finite || paths.empty()) return;
  evaluation.bound = bounds;
  evaluation.shadow_prices = MeanOf(prices, ScarceThings(network));
}

SetEvaluation Describe(const EvaluationSet& set) {
  const ScenarioSet& first = *set.parts.front();
  return {.name = set.name,
          .description = set.description,
          .num_scenarios = set.num_scenarios(),
          .num_periods = first.num_periods,
          .num_lp_scenarios = std::min(set.num_lp_scenarios, set.num_scenarios()),
          .days_per_period = first.calendar.days_per_period(),
          .is_one_stretch = set.is_one_stretch};
}

}  // namespace

int EvaluationSet::num_scenarios() const {
  return std::accumulate(parts.begin(), parts.end(), 0,
                         [](int sum, const auto& part) { return sum + part->num_scenarios; });
}

Evaluation Evaluate(const std::vector<NamedPolicy>& policies, const std::shared_ptr<const Network>& network,
                    const std::vector<EvaluationSet>& sets, int num_threads) {
  Progress progress("comparing policies", static_cast<int64_t>(sets.size() * (policies.size() + 1)));
  int64_t done = 0;
  Evaluation evaluation;
  for (const EvaluationSet& set : sets) {
    SetEvaluation all = Describe(set);
    SetEvaluation uncensored = Describe(set);
    uncensored.name += "_uncensored";
    uncensored.description += " Only days without a stock-out count.";
    for (const NamedPolicy& policy : policies) {
      progress.Advance(++done, set.name + " " + policy.name);
      auto [outcome, uncensored_outcome] = RunPolicy(policy, network, set, num_threads);
      all.policies.push_back(std::move(outcome));
      uncensored.policies.push_back(std::move(uncensored_outcome));
    }
    progress.Advance(++done, set.name + " bound");
    FindBounds(*network, set, num_threads, all);
    evaluation.push_back(std::move(all));
    if (!set.uncensored.empty()) evaluation.push_back(std::move(uncensored));
  }
  return evaluation;
}

}  // namespace restock
