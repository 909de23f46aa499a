#pragma once

#include <vector>

#include <Eigen/Core>

#include "env/network.h"
#include "optimization/replenishment_start.h"

namespace restock {

/// What the cheapest plan orders and keeps more with a promotion than without it.
struct PromotionNeeds {
  double more_demand = 0;       // [unit]
  double more_short = 0;        // of it, not met at once  [unit]
  double more_cost = 0;         // purchases, holding, shortages, less what sales earn  [money]
  Eigen::MatrixXd more_orders;  // [unit] (num_periods, num_lanes)
  Eigen::MatrixXd more_stock;   // on hand at a period's end  [unit] (num_periods, num_sites)
};

/// Plans twice, on the expected demand of both: the difference of two optimal plans of the deterministic program.
/// `demand`, `promoted`: [unit] (num_periods, num_sites)
PromotionNeeds FindPromotionNeeds(const Network& network, const ReplenishmentStart& start,
                                  const Eigen::MatrixXd& demand, const Eigen::MatrixXd& promoted);

}  // namespace restock
