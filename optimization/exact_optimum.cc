#include "optimization/exact_optimum.h"

#include <string>

#include <fmt/format.h>

#include "common/error.h"
#include "optimization/divisible_serial.h"
#include "optimization/one_site_problem.h"
#include "optimization/perishable_network.h"
#include "optimization/serial_system.h"

namespace restock {
namespace {

ExactOptimum ByValueIteration(const OptimalPolicy& optimum) {
  return {optimum.cost(), optimum.lower_bound, optimum.upper_bound,
          fmt::format("value iteration, {} states, {} sweeps", optimum.value.size(), optimum.num_sweeps)};
}

// The policy that is best for all time, and what it costs by the protocol: exact where all time counts.
ExactOptimum DiscountedPerishable(const Problem& problem, const DynamicProgramConfig& config) {
  const EvaluationProtocol& protocol = problem.protocol;
  for (const float stock : problem.network->initial_on_hand)
    if (stock > 0)
      throw ConfigError("the exact solution of discounted costs begins without stock: leave out initial_on_hand.");
  const PerishableSolution solution = SolvePerishable(*problem.network, problem.demand, protocol.discount, config);
  const PerishableProblem item(solution.settings);
  const std::vector<double> nothing(static_cast<size_t>(item.num_states()));
  const StatePolicy& policy = solution.optimum.policy;
  const double cost =
      ExpectedAfter(item, policy, protocol.warm_up,
                    FiniteHorizonCost(item, policy, protocol.num_periods, protocol.discount, nothing))[0];
  return {cost, cost, cost,
          fmt::format("value iteration, {} states, {} sweeps; {} periods after {}", item.num_states(),
                      solution.optimum.num_sweeps, protocol.num_periods, protocol.warm_up)};
}

}  // namespace

ExactOptimum SolveExactly(const Problem& problem, const DynamicProgramConfig& config) {
  const Network& network = *problem.network;
  const bool is_discounted = problem.protocol.kind == ProtocolKind::kDiscounted && !network.perishables.empty();
  if (problem.protocol.kind != ProtocolKind::kAverage && !is_discounted)
    throw ConfigError("the exact solution is that of the average cost per period, but protocol.kind is another.");
  if (network.is_divisible) {
    const DivisibleSerialSolution solution = SolveDivisibleSerial(problem);
    return {solution.cost, solution.cost, solution.cost,
            fmt::format("the recursion of Clark and Scarf in steps of {:.3g} units", solution.unit)};
  }
  for (int site = 0; site < network.num_sites(); ++site) {
    const auto i = static_cast<size_t>(site);
    if (network.site_series[i] != kNoSeries && problem.demand[i].empty())
      throw ConfigError(fmt::format(
          "{} has no exact solution: that takes demand in whole units, independent and with the same distribution in "
          "every period.",
          network.SiteName(site)));
  }
  if (is_discounted) return DiscountedPerishable(problem, config);
  if (!network.perishables.empty())
    return ByValueIteration(SolvePerishable(network, problem.demand, /*discount=*/1, config).optimum);
  if (const std::string feature = network.FirstFeature(); !feature.empty())
    throw ConfigError("no exact method knows networks with " + feature + " yet.");
  if (network.num_sites() == 1) return ByValueIteration(SolveOneSite(network, problem.demand[0], config).optimum);
  const auto customer = static_cast<size_t>(network.sites_downstream_first.front());
  const double cost = SolveSerial(network, problem.demand[customer]).cost;
  return {cost, cost, cost, "the recursion of Clark and Scarf"};
}

}  // namespace restock
