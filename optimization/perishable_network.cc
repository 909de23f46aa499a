#include "optimization/perishable_network.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/error.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

[[noreturn]] void Fail(const char* what) {
  throw ConfigError(fmt::format("the exact solution of a perishable item needs {}.", what));
}

void CheckIsOnePerishable(const Network& network) {
  if (network.perishables.size() != 1 || network.num_sites() != 1 + static_cast<int>(network.channels.size()))
    Fail("one site with a shelf_life, and nothing but channels that sell from it");
  Network rest = network;
  rest.perishables.clear();
  rest.channels.clear();
  if (const std::string feature = rest.FirstFeature(); !feature.empty())
    throw ConfigError("no exact method knows perishable items with " + feature + " yet.");
  if (network.num_lanes() != 1 || network.lane_origin[0] != kOutside) Fail("one lane, from outside supply");
  if (network.order_cost[0] > 0) Fail("a lane without order_cost");
  if (network.CalendarCycle() != 1) Fail("orders in every period: leave out order_days and review_period");
  for (const float share : network.backorder_share)
    if (share > 0) Fail("`shortage: lost_sales`");
  for (const float cost : network.stockout_cost)
    if (cost != network.stockout_cost[0]) Fail("the same stockout_cost at the site and its channels");
  if (*std::ranges::max_element(network.overflow_cost) > 0) Fail("a location without overflow_cost");
}

}  // namespace

PerishableSettings PerishableSettingsOf(const Network& network, std::span<const CountProbabilities> demand) {
  CheckIsOnePerishable(network);
  const Perishable& item = network.perishables[0];
  PerishableSettings settings;
  settings.shelf_life = item.shelf_life;
  settings.lead_time = network.lead_time[0];
  settings.holding_cost = network.holding_cost[Index(item.site)];
  settings.stockout_cost = network.stockout_cost[Index(item.site)];
  settings.unit_cost = network.unit_cost[0];
  settings.waste_cost = item.waste_cost;

  // customers by what they take
  const auto add = [&](bool takes_newest, int site) {
    CountProbabilities& of_kind = takes_newest ? settings.lifo_demand : settings.fifo_demand;
    of_kind = SumOf(of_kind, demand[Index(site)]);
  };
  add(item.sells_newest, item.site);
  for (const Channel& channel : network.channels) {
    if (item.sells_newest && !channel.sells_newest) Fail("customers of the oldest units to come before the others");
    add(channel.sells_newest, channel.site);
  }

  if (network.lane_capacity[0] < kUnlimited) {
    settings.max_order = static_cast<int>(network.lane_capacity[0]);
  } else {
    const CountProbabilities in_a_life = SumOf(settings.shelf_life, SumOf(settings.fifo_demand, settings.lifo_demand));
    const double fractile = settings.stockout_cost / (settings.stockout_cost + std::max(settings.waste_cost, 1e-3));
    settings.max_order = QuantileOf(in_a_life, fractile);
  }
  return settings;
}

PerishableSolution SolvePerishable(const Network& network, std::span<const CountProbabilities> demand, double discount,
                                   const DynamicProgramConfig& config) {
  PerishableSolution solution{{}, PerishableSettingsOf(network, demand)};
  while (true) {
    const PerishableProblem item(solution.settings);
    solution.optimum =
        discount < 1 ? MinimizeDiscountedCost(item, discount, config) : MinimizeAverageCost(item, config);
    const int largest = *std::ranges::max_element(solution.optimum.policy);  // choice q orders q units
    if (network.lane_capacity[0] < kUnlimited || largest < solution.settings.max_order) return solution;
    solution.settings.max_order += 1 + solution.settings.max_order / 4;
  }
}

}  // namespace restock
