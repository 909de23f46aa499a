#include "optimization/exact_optimum.h"

#include <string>

#include <fmt/format.h>

#include "common/error.h"
#include "optimization/one_site_problem.h"
#include "optimization/serial_system.h"

namespace restock {

ExactOptimum SolveExactly(const Problem& problem, const DynamicProgramConfig& config) {
  const Network& network = *problem.network;
  if (const std::string feature = network.FirstFeature(); !feature.empty())
    throw ConfigError("no exact method knows networks with " + feature + " yet.");
  if (problem.protocol.kind != ProtocolKind::kAverage)
    throw ConfigError("the exact solution is that of the average cost per period, but protocol.kind is another.");
  for (int site = 0; site < network.num_sites(); ++site) {
    const auto i = static_cast<size_t>(site);
    if (network.site_series[i] != kNoSeries && problem.demand[i].empty())
      throw ConfigError(fmt::format(
          "{} has no exact solution: that takes demand in whole units, independent and with the same distribution in "
          "every period.",
          network.SiteName(site)));
  }
  if (network.num_sites() == 1) {
    const OptimalPolicy optimum = SolveOneSite(network, problem.demand[0], config).optimum;
    return {optimum.cost(), optimum.lower_bound, optimum.upper_bound,
            fmt::format("value iteration, {} states, {} sweeps", optimum.value.size(), optimum.num_sweeps)};
  }
  const auto customer = static_cast<size_t>(network.sites_downstream_first.front());
  const double cost = SolveSerial(network, problem.demand[customer]).cost;
  return {cost, cost, cost, "the recursion of Clark and Scarf"};
}

}  // namespace restock
