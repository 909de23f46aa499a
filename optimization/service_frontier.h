#pragma once

#include <span>
#include <vector>

#include <Eigen/Core>

#include "env/network.h"
#include "optimization/replenishment_start.h"

namespace restock {

/// A plan that meets a share of the demand at once, and what it costs.
struct ServicePoint {
  double fill_rate = 0;
  double cost = 0;           // without the penalty for being short at first  [money]
  double marginal_cost = 0;  // of one more unit met at once  [money/unit]
};

struct ServiceFrontier {
  std::vector<ServicePoint> points;  // fill rate and cost rise
  double asked = 0;                  // demand that counts, mean over paths  [unit]
  double cheapest = 0;               // fill rate that a plan has whose service nobody asks for
  double most = 0;                   // fill rate that no plan can exceed
  double chosen = 0;                 // fill rate of the plan that the network's stock-out costs ask for
};

/// What service costs: the program of all paths together, with one plan of orders for all of them, solved for one limit
/// of its shortage row after the other from the last basis (parametric right-hand side, Chvatal 1983, chapter 10); the
/// dual of that row is the marginal cost. The plan is fixed ahead and answers to nothing, so who orders anew in every
/// period pays less for the same service. Service counts from the first period that an order of the plan can reach.
/// `demand`: of each path (num_periods, num_sites); `fill_rates`: rising, those out of reach are left out
ServiceFrontier FindServiceFrontier(const Network& network, const ReplenishmentStart& start,
                                    const std::vector<Eigen::MatrixXd>& demand, std::span<const double> fill_rates,
                                    bool credit_leftovers);

}  // namespace restock
