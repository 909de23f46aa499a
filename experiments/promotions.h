#pragma once

#include <string>
#include <vector>

#include <Eigen/Core>
#include <nlohmann/json.hpp>

#include "env/network.h"
#include "env/promotion.h"

namespace restock {

/// Throws ConfigError where a promotion ends after the plan, or no linear program knows the network. `key`: that sets
/// how far is planned, such as service.periods
void CheckPromotions(const std::vector<PlannedPromotion>& promotions, const Network& network, int num_periods,
                     const std::string& key);

/// Plans with and without all promotions from the network's initial stock, see optimization/promotion_plan.h:
///
///   {"num_periods", "more_demand", "more_short", "more_cost",
///    "promotions": [{"location", "sku", "first_period", "num_periods", "factor"}],
///    "orders": [{"lane", "units", "first_period", "last_period"}],      more of, in sum, and when they are placed
///    "stock": [{"site", "units", "period"}],                            the largest that is on hand more, and when
///    "simulated": see SimulatedJson()}                                    where policies are judged with them
///
/// Null where there are none. `expected`: demand without them  [unit] (num_periods, num_sites)
nlohmann::ordered_json PlanPromotions(const std::vector<PlannedPromotion>& promotions, const Network& network,
                                      const Eigen::MatrixXd& expected, int phase);

/// What a policy met, served and paid in an episode, the mean over paths.
struct ServedEpisodes {
  double demand = 0, sold = 0;  // [unit]
  double cost = 0;              // [money]
};

///   {"policy", "num_scenarios", "num_periods", "more_demand", "more_sold", "more_cost",
///    "fill_rate_without", "fill_rate_with"}
nlohmann::ordered_json SimulatedJson(const std::string& policy, int num_scenarios, int num_periods,
                                     const ServedEpisodes& without, const ServedEpisodes& with);

}  // namespace restock
