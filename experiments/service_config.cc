#include "experiments/service_config.h"

#include <algorithm>

namespace restock {

ServiceConfig ReadService(ConfigNode node, ServiceConfig config) {
  config.where = node.Where();
  node.Read("fill_rate", config.requirement.fill_rate, Between(0, 1));
  node.Read("within_storage", config.requirement.within_storage);
  config.names_frontier = node.Has("frontier");
  node.Read("frontier", config.frontier, Inside(0, 1));
  if (!std::ranges::is_sorted(config.frontier)) node.Fail("frontier", "must rise, such as [0.8, 0.9, 0.95]");
  node.Read("periods", config.num_periods, Between(0, 365));
  node.Read("paths", config.num_paths, Between(1, 1000));
  node.ExpectNoMoreKeys();
  return config;
}

}  // namespace restock
