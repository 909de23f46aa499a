#include "optimization/divisible_serial.h"

#include <fmt/format.h>

#include "common/error.h"
#include "optimization/serial_system.h"

namespace restock {
namespace {

constexpr double kUnitsPerDeviation = 50;  // of demand in a period
constexpr double kFewDeviations = 4.5;     // what is further from the mean hardly ever comes

}  // namespace

DivisibleSerialSolution SolveDivisibleSerial(const Problem& problem) {
  Network network = *problem.network;
  const auto customer = static_cast<size_t>(network.sites_downstream_first.front());
  const DemandProcess& process = problem.processes[customer];
  if (!process.is_stationary() || process.states.empty() || !process.states[0].is_normal() ||
      !problem.correlation.empty())
    throw ConfigError("the exact solution of goods that can be divided takes normal demand, the same in every period.");
  const DemandDistribution& demand = process.states[0];
  if (demand.kind == DemandKind::kNormal && demand.mean < kFewDeviations * demand.standard_deviation)
    throw ConfigError(
        fmt::format("{}: normal demand that is often below zero has no exact solution: let it be clipped_normal.",
                    network.SiteName(static_cast<int>(customer))));

  // the same network in small units
  const double unit = demand.standard_deviation / kUnitsPerDeviation;
  for (auto* costs : {&network.holding_cost, &network.stockout_cost, &network.unit_cost})
    for (float& cost : *costs) cost *= static_cast<float>(unit);
  network.is_divisible = false;
  if (const std::string feature = network.FirstFeature(); !feature.empty())
    throw ConfigError("no exact method knows networks with " + feature + " yet.");
  const SerialSolution whole =
      SolveSerial(network, RoundedNormalProbabilities(demand.mean / unit, demand.standard_deviation / unit));

  DivisibleSerialSolution solution{whole.cost, {}, unit};
  for (const int level : whole.base_stock_level) solution.base_stock_level.push_back(level * unit);
  return solution;
}

}  // namespace restock
