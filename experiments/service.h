#pragma once

#include <Eigen/Core>
#include <nlohmann/json.hpp>

#include "env/demand_source.h"
#include "env/network.h"
#include "experiments/service_config.h"
#include "optimization/service_frontier.h"

namespace restock {

inline constexpr int kServicePeriods = 28;  // planned where a problem has no end of its own

/// Throws ConfigError where no plan from the network's initial stock keeps what is asked for: it names a smallest set
/// of limits and demand that contradict each other, and what would help. Nothing where nothing is asked for.
void CheckService(const ServiceConfig& config, const Network& network, const Eigen::MatrixXd& expected, int phase);

/// The frontier, and the demand behind it.
struct ServiceResult {
  ServiceFrontier frontier;
  int num_paths = 0;
  int num_periods = 0;
};

/// What service costs on the first paths of `demand`, fewer than were asked for where the program would be very large.
ServiceResult PriceService(const ServiceConfig& config, const Network& network, const DemandSource& demand,
                           int num_periods);

///   {"asked", "cheapest", "most", "chosen", "num_paths", "num_periods",     see optimization/service_frontier.h
///    "points": [{"fill_rate", "cost", "marginal_cost"}]}
nlohmann::ordered_json ToJson(const ServiceResult& result);

}  // namespace restock
