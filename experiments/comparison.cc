#include "experiments/comparison.h"

#include <algorithm>
#include <cmath>

#include "common/check.h"

namespace restock {
namespace {

using Outcomes = std::vector<const PolicyOutcome*>;  // of one policy, one per training seed

// Groups the outcomes by policy, in their order.
std::vector<Outcomes> BySeed(const SetEvaluation& set) {
  std::vector<Outcomes> groups;
  for (const PolicyOutcome& outcome : set.policies) {
    const auto same =
        std::ranges::find_if(groups, [&](const Outcomes& group) { return group[0]->name == outcome.name; });
    if (same == groups.end()) {
      groups.push_back({&outcome});
    } else {
      same->push_back(&outcome);
    }
  }
  return groups;
}

// Mean of `value(scenario outcome)` over seeds and the first `num_scenarios` scenarios.
template <class Value>
double MeanOf(const Outcomes& outcomes, int num_scenarios, Value value) {
  double sum = 0;
  for (const PolicyOutcome* outcome : outcomes) {
    for (int scenario = 0; scenario < num_scenarios; ++scenario)
      sum += value(outcome->scenarios[static_cast<size_t>(scenario)]);
  }
  return sum / (static_cast<double>(outcomes.size()) * num_scenarios);
}

double MeanCost(const Outcomes& outcomes, int num_scenarios) {
  return MeanOf(outcomes, num_scenarios, [](const ScenarioOutcome& outcome) { return outcome.cost; });
}

// The mean cost, split into parts that chance may have made otherwise. Sampled demand: by scenario. Held-out demand is
// one stretch of time however many windows are cut from it: by warehouse and by product, each as if all were like it.
Groupings CostGroupings(const Outcomes& outcomes, int num_scenarios, bool is_one_stretch) {
  if (!is_one_stretch) {
    std::vector<double> costs;
    for (int scenario = 0; scenario < num_scenarios; ++scenario) {
      double sum = 0;
      for (const PolicyOutcome* outcome : outcomes) sum += outcome->scenarios[static_cast<size_t>(scenario)].cost;
      costs.push_back(sum / static_cast<double>(outcomes.size()));
    }
    return {costs};
  }
  const auto split = [&](const std::vector<double> ScenarioOutcome::*parts) {
    std::vector<double> costs((outcomes[0]->scenarios[0].*parts).size());
    for (size_t i = 0; i < costs.size(); ++i) {
      costs[i] = static_cast<double>(costs.size()) *
                 MeanOf(outcomes, num_scenarios, [&](const ScenarioOutcome& outcome) { return (outcome.*parts)[i]; });
    }
    return costs;
  };
  return {split(&ScenarioOutcome::warehouse_cost), split(&ScenarioOutcome::product_cost)};
}

Difference DifferenceTo(const Outcomes& rule, const Outcomes& policy, const SetEvaluation& set,
                        const ComparisonConfig& config, const Random& random) {
  const auto num_scenarios = static_cast<int>(std::min(rule[0]->scenarios.size(), policy[0]->scenarios.size()));
  Groupings differences = CostGroupings(policy, num_scenarios, set.is_one_stretch);
  const Groupings rule_costs = CostGroupings(rule, num_scenarios, set.is_one_stretch);
  for (size_t way = 0; way < differences.size(); ++way) {
    for (size_t i = 0; i < differences[way].size(); ++i) differences[way][i] -= rule_costs[way][i];
  }

  Difference difference;
  difference.mean = MeanCost(policy, num_scenarios) - MeanCost(rule, num_scenarios);
  difference.relative = difference.mean / std::abs(MeanCost(rule, num_scenarios));
  difference.num_scenarios = num_scenarios;
  difference.interval = set.is_one_stretch
                            ? StudentInterval(differences, config.confidence)
                            : MeanInterval(differences[0], config.confidence, config.num_resamples, random);
  return difference;
}

// Costs and service of a policy, without comparisons.
PolicyRow Describe(const Outcomes& outcomes, const SetEvaluation& set) {
  PolicyRow row;
  row.name = outcomes[0]->name;
  row.num_scenarios = static_cast<int>(outcomes[0]->scenarios.size());
  row.mean_cost = MeanCost(outcomes, row.num_scenarios);
  if (!set.is_one_stretch) row.standard_error = StandardError(CostGroupings(outcomes, row.num_scenarios, false));

  std::vector<double> seed_costs;
  for (const PolicyOutcome* outcome : outcomes) {
    seed_costs.push_back(MeanCost({outcome}, row.num_scenarios));
    row.seeds.push_back({outcome->seed, seed_costs.back(), {}});
  }
  if (seed_costs.size() > 1) row.seed_deviation = StandardDeviation(seed_costs);
  row.interquartile_mean = InterquartileMean(seed_costs);

  const auto mean = [&](auto value) { return MeanOf(outcomes, row.num_scenarios, value); };
  for (size_t kind = 0; kind < row.parts.size(); ++kind) {
    row.parts[kind] = mean([&](const ScenarioOutcome& outcome) { return outcome.parts[kind]; });
  }
  // ratios of sums, so that a scenario counts by what happens in it
  ScenarioOutcome sums;
  sums.demand = mean([](const ScenarioOutcome& outcome) { return outcome.demand; });
  sums.sold = mean([](const ScenarioOutcome& outcome) { return outcome.sold; });
  sums.mean_on_hand = mean([](const ScenarioOutcome& outcome) { return outcome.mean_on_hand; });
  sums.num_short = mean([](const ScenarioOutcome& outcome) { return outcome.num_short; });
  sums.num_site_periods = mean([](const ScenarioOutcome& outcome) { return outcome.num_site_periods; });
  row.fill_rate = sums.fill_rate();
  row.stockout_share = sums.stockout_share();
  row.turns = sums.turns(set.num_periods * set.days_per_period);
  return row;
}

// The fast classical rule with the lowest mean cost.
const Outcomes* BestRule(const std::vector<Outcomes>& groups) {
  const Outcomes* best = nullptr;
  double least = 0;
  for (const Outcomes& group : groups) {
    if (!group[0]->is_rule) continue;
    const double cost = MeanCost(group, static_cast<int>(group[0]->scenarios.size()));
    if (best == nullptr || cost < least) {
      best = &group;
      least = cost;
    }
  }
  return best;
}

}  // namespace

ComparisonTable Compare(const SetEvaluation& set, const ComparisonConfig& config, const Random& random) {
  const std::vector<Outcomes> groups = BySeed(set);
  const Outcomes* rule = BestRule(groups);
  ComparisonTable table;
  if (rule != nullptr) table.best_rule = (*rule)[0]->name;
  if (!set.bound.empty()) table.bound = Mean(set.bound);

  for (const Outcomes& group : groups) {
    PolicyRow row = Describe(group, set);
    if (rule != nullptr && &group != rule) {
      row.difference = DifferenceTo(*rule, group, set, config, random);
      for (size_t i = 0; i < group.size(); ++i) {
        row.seeds[i].difference = DifferenceTo(*rule, {group[i]}, set, config, random);
      }
    }
    if (table.bound) {
      row.bound_cost = MeanCost(group, static_cast<int>(set.bound.size()));
      row.gap_to_bound = (*row.bound_cost - *table.bound) / std::abs(*table.bound);
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace restock
