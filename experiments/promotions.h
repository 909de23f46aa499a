#pragma once

#include <string>
#include <vector>

#include <Eigen/Core>
#include <nlohmann/json.hpp>

#include "common/config_node.h"
#include "env/network.h"

namespace restock {

/// A promotion that is planned: so many times as much is expected to be asked for.
struct PlannedPromotion {
  std::string location = "*";  // "*" stands for any
  std::string sku = "*";
  int first_period = 0;  // counted from the start of the plan
  int num_periods = 1;
  double factor = 1.5;  // of expected demand
  std::string where;    // file:line:column, for messages
};

/// Reads `promotions:`, a list of `{location, sku, first_period, periods, factor}`.
std::vector<PlannedPromotion> ReadPromotions(ConfigNode root);

/// Throws ConfigError where a promotion is of nothing that sells, ends after the plan, or no linear program knows the
/// network.
void CheckPromotions(const std::vector<PlannedPromotion>& promotions, const Network& network, int num_periods);

/// Plans with and without all promotions from the network's initial stock, see optimization/promotion_plan.h:
///
///   {"num_periods", "more_demand", "more_short", "more_cost",
///    "promotions": [{"location", "sku", "first_period", "num_periods", "factor"}],
///    "orders": [{"lane", "units", "first_period", "last_period"}],      more of, in sum, and when they are placed
///    "stock": [{"site", "units", "period"}]}                            the largest that is on hand more, and when
///
/// Null where there are none. `expected`: demand without them  [unit] (num_periods, num_sites)
nlohmann::ordered_json PlanPromotions(const std::vector<PlannedPromotion>& promotions, const Network& network,
                                      const Eigen::MatrixXd& expected, int phase);

}  // namespace restock
