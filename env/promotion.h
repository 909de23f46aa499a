#pragma once

#include <memory>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "common/config_node.h"
#include "common/demand.h"
#include "env/demand_source.h"
#include "env/network.h"

namespace restock {

/// A promotion that is planned: so many times as much is expected to be asked for.
struct PlannedPromotion {
  std::string location = "*";  // "*" stands for any
  std::string sku = "*";
  int first_period = 0;  // counted from the start of an episode
  int num_periods = 1;
  double factor = 1.5;  // of demand
  std::string where;    // file:line:column, for messages
};

/// Reads `promotions:`, a list of `{location, sku, first_period, periods, factor}`.
std::vector<PlannedPromotion> ReadPromotions(ConfigNode root);

/// Throws ConfigError where a promotion is of nothing that sells.
void CheckPromotedSites(const std::vector<PlannedPromotion>& promotions, const Network& network);

/// What a site's demand is multiplied with, 1 where nothing is planned.  (num_periods, num_sites)
Eigen::MatrixXd PromotionFactors(const std::vector<PlannedPromotion>& promotions, const Network& network,
                                 int num_periods);

/// `demand` with the promotions: what is asked for in their periods is multiplied, whole units by chance up or down so
/// that the mean is right; forecasts know of them from the start, and grow as their target's expected demand does.
std::unique_ptr<DemandSource> PromoteDemand(std::unique_ptr<DemandSource> demand, const Network& network,
                                            const std::vector<PlannedPromotion>& promotions);

/// The same of paths whose targets are the network's sites.  `random`: for whole units
void PromoteScenarios(const Network& network, const std::vector<PlannedPromotion>& promotions, const Random& random,
                      ScenarioSet& paths);

}  // namespace restock
