#pragma once

#include <vector>

#include <Eigen/Core>

#include "common/demand.h"
#include "env/demand_source.h"
#include "env/network.h"
#include "optimization/shadow_prices.h"

namespace restock {

/// Sites that have nothing to do with each other: no lane between them, no stock, storage, order limit or vehicle in
/// common. Each set ascending.
std::vector<std::vector<int>> IndependentComponents(const Network& network);

/// What of an episode's costs counts, and how much.
struct EpisodeCosts {
  bool credit_leftovers = true;  // what is left at the end pays back its unit_value
  double discount = 1;           // what is paid a period later counts so many times as much
  int warm_up = 0;               // periods before, which cost nothing
};

/// What an episode from the network's initial stock costs at the least if its demand is known from the start: a lower
/// bound on the simulated cost of every policy on that demand; minus infinity where the linear program does not know
/// the network (ReplenishmentLp::FirstUnknown).  `phase`: of the order calendars in the first period; `demand`: [unit]
/// (num_periods, num_sites); `prices`, where given: what ScarceThings() lists, to which those of this plan are added
/// [money]
double PerfectInformationBound(const Network& network, int phase, const Eigen::MatrixXd& demand,
                               const EpisodeCosts& costs, std::vector<ShadowPrice>* prices = nullptr);

/// The same for the first `num_periods` periods of a path.
double PerfectInformationBound(const Network& network, const ScenarioSet& scenarios, int scenario, int num_periods,
                               bool credit_leftovers, std::vector<ShadowPrice>* prices = nullptr);

/// The same on the first `num_paths` paths of a source, of as many periods as it has; the mean of their shadow prices.
/// (num_paths)
std::vector<double> PerfectInformationBounds(const Network& network, const DemandSource& demand, int num_paths,
                                             const EpisodeCosts& costs, int num_threads,
                                             std::vector<ShadowPrice>* prices = nullptr);

/// What each site is asked for on a path.  (num_periods, num_sites)
Eigen::MatrixXd DemandOfSites(const Network& network, const ScenarioSet& scenarios, int scenario, int num_periods);

}  // namespace restock
