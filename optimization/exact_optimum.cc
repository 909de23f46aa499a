#include "optimization/exact_optimum.h"

#include <cmath>
#include <string>

#include <fmt/format.h>

#include "common/error.h"
#include "optimization/divisible_serial.h"
#include "optimization/joint_replenishment.h"
#include "optimization/one_site_problem.h"
#include "optimization/perishable_network.h"
#include "optimization/serial_system.h"

namespace restock {
namespace {

ExactOptimum ByValueIteration(const OptimalPolicy& optimum) {
  return {optimum.cost(), optimum.lower_bound, optimum.upper_bound,
          fmt::format("value iteration, {} states, {} sweeps", optimum.value.size(), optimum.num_sweeps)};
}

constexpr double kMostAfterTheEnd = 0.05;  // share of the cost of all time that the protocol may leave out
constexpr double kNegligible = 1e-5;

// What a policy that is best for all time costs by the periods of the protocol: the optimum where little comes after.
ExactOptimum DiscountedByProtocol(const SmallProblem& small, const OptimalPolicy& optimum, int start,
                                  const EvaluationProtocol& protocol) {
  const double after_the_end = std::pow(protocol.discount, protocol.num_periods);
  if (after_the_end > kMostAfterTheEnd)
    throw ConfigError(fmt::format(
        "the exact solution is that of all time, of which {} periods leave out {:.0f} %: take protocol.periods of at "
        "least {:.0f}.",
        protocol.num_periods, 100 * after_the_end,
        std::ceil(std::log(kMostAfterTheEnd) / std::log(protocol.discount))));
  const std::vector<double> nothing(static_cast<size_t>(small.num_states()));
  const double cost = ExpectedAfter(small, optimum.policy, protocol.warm_up,
                                    FiniteHorizonCost(small, optimum.policy, protocol.num_periods, protocol.discount,
                                                      nothing))[static_cast<size_t>(start)];
  return {cost, after_the_end < kNegligible ? cost : 0, cost,
          fmt::format("value iteration, {} states, {} sweeps; {} periods after {}", small.num_states(),
                      optimum.num_sweeps, protocol.num_periods, protocol.warm_up)};
}

ExactOptimum DiscountedPerishable(const Problem& problem, const DynamicProgramConfig& config) {
  for (const float stock : problem.network->initial_on_hand)
    if (stock > 0)
      throw ConfigError("the exact solution of discounted costs begins without stock: leave out initial_on_hand.");
  const PerishableSolution solution =
      SolvePerishable(*problem.network, problem.demand, problem.protocol.discount, config);
  return DiscountedByProtocol(PerishableProblem(solution.settings), solution.optimum, 0, problem.protocol);
}

ExactOptimum JointOrders(const Problem& problem, const DynamicProgramConfig& config) {
  const Network& network = *problem.network;
  const bool is_discounted = problem.protocol.kind == ProtocolKind::kDiscounted;
  const double discount = is_discounted ? problem.protocol.discount : 1;
  const JointReplenishmentSolution solution = SolveJointReplenishment(network, problem.demand, discount, config);
  if (!is_discounted) return ByValueIteration(solution.optimum);
  const JointReplenishment items(network, problem.demand, solution.levels);
  const std::vector<int> stock(network.initial_on_hand.begin(), network.initial_on_hand.end());
  return DiscountedByProtocol(items, solution.optimum, items.StateOf(stock), problem.protocol);
}

}  // namespace

ExactOptimum SolveExactly(const Problem& problem, const DynamicProgramConfig& config) {
  const Network& network = *problem.network;
  const bool is_discounted = problem.protocol.kind == ProtocolKind::kDiscounted;
  if (problem.protocol.kind == ProtocolKind::kFiniteHorizon)
    throw ConfigError("no exact method knows protocol.kind finite_horizon, only average and discounted.");
  if (problem.MeetsPromotions()) throw ConfigError("no exact method knows promotions.");
  if (network.is_divisible && !is_discounted) {
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
  if (IsJointReplenishment(network) && (is_discounted || network.num_sites() > 1 || !network.vehicles.empty()))
    return JointOrders(problem, config);
  if (is_discounted && !network.perishables.empty()) return DiscountedPerishable(problem, config);
  if (is_discounted)
    throw ConfigError(
        "the exact solution of discounted costs knows only perishable items and orders without lead time.");
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
