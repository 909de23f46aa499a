#pragma once

#include <string>
#include <vector>

#include "common/config_node.h"
#include "optimization/plan_clash.h"

namespace restock {

inline const std::vector<double> kUsualFillRates = {0.5,  0.6,  0.7,  0.8,   0.85, 0.9,   0.925, 0.95,
                                                    0.96, 0.97, 0.98, 0.985, 0.99, 0.995, 0.999};

/// What service a plan must give, and at which fill rates it is priced.
struct ServiceConfig {
  ServiceRequirement requirement = {};
  std::vector<double> frontier = {};  // fill rates, rising; empty: service is not priced
  int num_periods = 0;                // planned from the stock at the start; 0: an episode
  int num_paths = 20;                 // of demand, for which the priced plans are one and the same
  bool names_frontier = false;        // and not by default: then it must be possible
  std::string where = {};             // file:line:column, for messages

  bool IsRequired() const { return requirement.fill_rate > 0 || requirement.within_storage; }
};

/// Reads `service:`, `config` being its defaults. Throws ConfigError with file, line, value and cure.
ServiceConfig ReadService(ConfigNode node, ServiceConfig config);

}  // namespace restock
