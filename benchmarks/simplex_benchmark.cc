#include <cmath>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "common/random.h"
#include "env/network.h"
#include "optimization/replenishment_lp.h"
#include "optimization/simplex/simplex_solver.h"

// The simplex on replenishment programs of a network: cold, and again after the next period's demand revision. Beside
// other solvers, on MPS files: peers/simplex_peers.py.

namespace restock {
namespace {

/// A distribution centre that feeds `num_stores` stores with limited storage, `num_skus` products each.
Network DistributionNetwork(int num_stores, int num_skus) {
  Network network;
  network.location_name = {"centre"};
  network.storage_capacity = {kUnlimited};
  network.overflow_cost = {0};
  for (int store = 0; store < num_stores; ++store) {
    network.location_name.push_back("store " + std::to_string(store));
    network.storage_capacity.push_back(static_cast<float>(30 * num_skus));
    network.overflow_cost.push_back(0.05f);
  }
  network.calendars = {OrderCalendar{}};
  const auto add_site = [&](int location, int sku, int origin, int lead_time) {
    const bool is_centre = location == 0;
    network.site_sku.push_back(std::to_string(sku));
    network.site_location.push_back(location);
    network.site_series.push_back(is_centre ? kNoSeries : (location - 1) * num_skus + sku);
    network.holding_cost.push_back(is_centre ? 0.004f : 0.02f);
    network.stockout_cost.push_back(is_centre ? 0 : 1.6f);
    network.backorder_share.push_back(0);
    network.volume.push_back(1);
    network.unit_value.push_back(1);
    network.initial_on_hand.push_back(is_centre ? 15.f * static_cast<float>(num_stores) : 12);
    network.lane_origin.push_back(origin);
    network.lane_destination.push_back(network.num_sites() - 1);
    network.lead_time.push_back(lead_time);
    network.unit_cost.push_back(is_centre ? 1 : 0);
    network.order_cost.push_back(0);
    network.lane_capacity.push_back(kUnlimited);
    network.lane_calendar.push_back(0);
  };
  for (int sku = 0; sku < num_skus; ++sku) add_site(0, sku, kOutside, 3);
  for (int store = 1; store <= num_stores; ++store) {
    for (int sku = 0; sku < num_skus; ++sku) add_site(store, sku, sku, 2);
  }
  network.Validate();
  return network;
}

/// Expected demand per site and period: a level per site, a season of seven periods, a revision of 5 %.
Eigen::MatrixXd ExpectedDemand(const Network& network, int num_periods, uint64_t revision) {
  RandomStream level(1, 0), noise(1, 1 + revision);
  Eigen::MatrixXd demand = Eigen::MatrixXd::Zero(num_periods, network.num_sites());
  for (int site = 0; site < network.num_sites(); ++site) {
    const double mean = std::exp(1 + level.Normal());
    for (int period = 0; period < num_periods; ++period) {
      const double season = 1 + 0.3 * std::sin(2 * M_PI * (period + static_cast<double>(revision)) / 7);
      const bool sells = network.site_series[static_cast<size_t>(site)] != kNoSeries;
      demand(period, site) = sells ? mean * season * (0.95 + 0.1 * noise.Uniform()) : 0;
    }
  }
  return demand;
}

struct ReplenishmentCase {
  explicit ReplenishmentCase(const benchmark::State& state)
      : network(DistributionNetwork(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)))),
        num_periods(static_cast<int>(state.range(2))),
        lp(network, AllSites(), {.num_periods = num_periods, .safety_stock = true}),
        safety_stock(static_cast<size_t>(network.num_sites()), 4) {}

  std::vector<int> AllSites() const {
    std::vector<int> sites;
    for (int site = 0; site < network.num_sites(); ++site) sites.push_back(site);
    return sites;
  }
  void Apply(uint64_t revision, SimplexSolver& solver) const {
    lp.Apply(ReplenishmentStart::Initial(network, 0), ExpectedDemand(network, num_periods, revision), safety_stock,
             solver);
  }

  Network network;
  int num_periods;
  ReplenishmentLp lp;
  std::vector<double> safety_stock;
};

void Report(benchmark::State& state, const LpModel& model, const LpSolution& solution) {
  if (solution.status != LpStatus::kOptimal) state.SkipWithError("not optimal");
  state.counters["rows"] = model.num_rows();
  state.counters["columns"] = model.num_columns();
  state.counters["iterations"] = static_cast<double>(solution.iterations);
  state.counters["us/iteration"] =
      solution.seconds * 1e6 / std::max<double>(1, static_cast<double>(solution.iterations));
}

void ReplenishmentCold(benchmark::State& state) {
  const ReplenishmentCase replenishment(state);
  LpSolution solution;
  for (auto unused : state) {
    SimplexSolver solver(replenishment.lp.model());
    replenishment.Apply(0, solver);
    solution = solver.Solve();
  }
  Report(state, replenishment.lp.model(), solution);
}

void ReplenishmentWarm(benchmark::State& state) {
  const ReplenishmentCase replenishment(state);
  SimplexSolver solver(replenishment.lp.model());
  replenishment.Apply(0, solver);
  solver.Solve();
  LpSolution solution;
  uint64_t revision = 0;
  for (auto unused : state) {
    replenishment.Apply(++revision, solver);
    solution = solver.Solve();
  }
  Report(state, replenishment.lp.model(), solution);
}

// stores, products, periods: freshretail_small, and the full panel
BENCHMARK(ReplenishmentCold)
    ->Args({4, 20, 14})
    ->Args({4, 20, 28})
    ->Args({24, 72, 14})
    ->Args({24, 80, 28})
    ->Unit(benchmark::kMillisecond);
BENCHMARK(ReplenishmentWarm)
    ->Args({4, 20, 14})
    ->Args({4, 20, 28})
    ->Args({24, 72, 14})
    ->Args({24, 80, 28})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace restock

BENCHMARK_MAIN();
