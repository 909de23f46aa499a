#pragma once

#include <optional>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "env/network.h"
#include "optimization/replenishment_start.h"

namespace restock {

/// What a plan has to keep, whatever it costs.
struct ServiceRequirement {
  double fill_rate = 0;         // of each site: demand met at once, from the first period that an order can reach
  bool within_storage = false;  // storage is never exceeded
};

/// Why no plan keeps it: a smallest set of limits that contradict each other, and the demand between them.
struct PlanClash {
  std::vector<std::string> limits;  // `at most 6 in each of the periods 0 to 9: limit of dock`
  std::vector<std::string> flows;   // `demand and stock of milk at north in periods 3 to 9`
  double most_met = 0;              // of the demand of all sites that have to do with each other, by any plan
  bool is_smallest = true;          // false: some of it may not be needed
};

/// Looks for a plan of as many periods as `demand` has that meets `requirement`, with everything that the linear
/// program knows of the network; none where there is one. The clash is that of the first part of the network that has
/// one, see IndependentComponents().  `demand`: expected  [unit] (num_periods, num_sites)
std::optional<PlanClash> FindPlanClash(const Network& network, const ReplenishmentStart& start,
                                       const Eigen::MatrixXd& demand, const ServiceRequirement& requirement);

}  // namespace restock
