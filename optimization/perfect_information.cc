#include "optimization/perfect_information.h"

#include <algorithm>
#include <numeric>

#include "common/check.h"
#include "common/parallel.h"
#include "optimization/replenishment_lp.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

/// Sites joined step by step: those of a set have the same root.
class SiteSets {
 public:
  explicit SiteSets(int num_sites) : parent_(Index(num_sites)) { std::iota(parent_.begin(), parent_.end(), 0); }
  int Root(int site) {
    while (parent_[Index(site)] != site) site = parent_[Index(site)] = parent_[Index(parent_[Index(site)])];
    return site;
  }
  void Join(int a, int b) {
    a = Root(a), b = Root(b);
    parent_[Index(std::max(a, b))] = std::min(a, b);
  }

 private:
  std::vector<int> parent_;
};

}  // namespace

std::vector<std::vector<int>> IndependentComponents(const Network& network) {
  SiteSets sets(network.num_sites());
  const auto destination = [&](int lane) { return network.lane_destination[Index(lane)]; };
  const auto join_lanes = [&](const std::vector<int>& lanes) {
    for (const int lane : lanes) sets.Join(destination(lane), destination(lanes.front()));
  };
  for (int lane = 0; lane < network.num_lanes(); ++lane)
    if (const int origin = network.lane_origin[Index(lane)]; origin >= 0) sets.Join(origin, destination(lane));
  for (const Channel& channel : network.channels) sets.Join(channel.site, channel.host);
  for (const JointLimit& limit : network.joint_limits) join_lanes(limit.lanes);
  for (const Vehicles& vehicles : network.vehicles) join_lanes(vehicles.lanes);
  for (int location = 0; location < network.num_locations(); ++location) {
    const bool is_limited =
        network.storage_capacity[Index(location)] < kUnlimited && network.overflow_cost[Index(location)] > 0;
    if (!is_limited) continue;
    for (const int site : network.sites_at[Index(location)]) sets.Join(site, network.sites_at[Index(location)].front());
  }

  std::vector<std::vector<int>> components;
  std::vector<int> component_of_root(Index(network.num_sites()), -1);
  for (int site = 0; site < network.num_sites(); ++site) {
    int& component = component_of_root[Index(sets.Root(site))];
    if (component < 0) {
      component = static_cast<int>(components.size());
      components.emplace_back();
    }
    components[Index(component)].push_back(site);
  }
  return components;
}

double PerfectInformationBound(const Network& network, int phase, const Eigen::MatrixXd& demand,
                               const EpisodeCosts& costs, std::vector<ShadowPrice>* prices) {
  if (!ReplenishmentLp::FirstUnknown(network).empty()) return -kInfinity;
  const auto start = ReplenishmentStart::Initial(network, phase);
  double bound = 0;
  for (const std::vector<int>& sites : IndependentComponents(network)) {
    const Eigen::MatrixXd of_sites = demand(Eigen::all, sites);
    const ReplenishmentLp lp(network, sites,
                             {.num_periods = static_cast<int>(demand.rows()),
                              .is_bound = true,
                              .credit_leftovers = costs.credit_leftovers,
                              .discount = costs.discount,
                              .warm_up = costs.warm_up});
    SimplexSolver solver(lp.model());
    lp.Apply(start, of_sites, {}, solver);
    const LpSolution solution = solver.Solve();
    if (solution.status != LpStatus::kOptimal) return -kInfinity;
    bound += solution.objective + lp.FixedCost(start, of_sites);
    if (prices) AddShadowPrices(network, lp, solution, /*present=*/0, /*weight=*/1, *prices);
  }
  return bound;
}

double PerfectInformationBound(const Network& network, const ScenarioSet& scenarios, int scenario, int num_periods,
                               bool credit_leftovers, std::vector<ShadowPrice>* prices) {
  return PerfectInformationBound(network, PhaseOf(scenarios.calendar, 0),
                                 DemandOfSites(network, scenarios, scenario, num_periods),
                                 {.credit_leftovers = credit_leftovers}, prices);
}

std::vector<double> PerfectInformationBounds(const Network& network, const DemandSource& demand, int num_paths,
                                             const EpisodeCosts& costs, int num_threads,
                                             std::vector<ShadowPrice>* prices) {
  // the demand of all paths, then each by itself
  std::vector<Eigen::MatrixXd> of_path(Index(num_paths), Eigen::MatrixXd(demand.num_periods(), network.num_sites()));
  std::vector<int> scenarios(kBlockSize);
  Eigen::ArrayXXf asked(kBlockSize, network.num_sites());
  for (int first = 0; first < num_paths; first += kBlockSize) {
    std::iota(scenarios.begin(), scenarios.end(), first);
    for (int period = 0; period < demand.num_periods(); ++period) {
      demand.Demand(period, scenarios, network, asked.data());
      for (int path = first; path < std::min(num_paths, first + kBlockSize); ++path)
        of_path[Index(path)].row(period) = asked.row(path - first).cast<double>().matrix();
    }
  }
  std::vector<double> bounds(Index(num_paths));
  std::vector<std::vector<ShadowPrice>> prices_of(Index(prices ? num_paths : 0), ScarceThings(network));
  ParallelFor(num_paths, num_threads, [&](int path) {
    bounds[Index(path)] = PerfectInformationBound(network, demand.first_phase(), of_path[Index(path)], costs,
                                                  prices ? &prices_of[Index(path)] : nullptr);
  });
  if (prices) *prices = MeanOf(prices_of, ScarceThings(network));
  return bounds;
}

Eigen::MatrixXd DemandOfSites(const Network& network, const ScenarioSet& scenarios, int scenario, int num_periods) {
  RESTOCK_CHECK_LE(num_periods, scenarios.num_periods);
  Eigen::MatrixXd demand = Eigen::MatrixXd::Zero(num_periods, network.num_sites());
  for (int site = 0; site < network.num_sites(); ++site) {
    const int series = network.site_series[Index(site)];
    if (series == kNoSeries) continue;
    for (int period = 0; period < num_periods; ++period)
      demand(period, site) = scenarios.Demand(period, series)[scenario];
  }
  return demand;
}

}  // namespace restock
