#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "forecasting/abc_xyz.h"
#include "forecasting/association_rules.h"
#include "forecasting/demand_class.h"
#include "forecasting/series_clusters.h"

namespace restock {

/// `data.structure`: what is told of the assortment.
struct StructureConfig {
  std::string value;  // covariate that values a unit (a price) for classes A, B and C; empty: units count alike
  AbcXyzLimits limits;
  ClusterConfig clusters;
  AssociationConfig together;
};
StructureConfig ReadStructureConfig(ConfigNode structure);

/// What an assortment is made of.
struct DemandStructure {
  std::vector<std::string> demand_class;  // smooth, erratic, intermittent, lumpy; empty: no demand  (num_series)
  std::vector<std::string> abc_xyz;       // AX ... CZ; empty: nothing is known  (num_series)
  std::vector<double> share;              // of all sales, by value  (num_series)
  SeriesClusters clusters;
  std::vector<std::string> skus;               // what rules speak of
  std::vector<AssociationRule> sold_together;  // of `skus`
};

DemandStructure StructureOf(const StructureConfig& config, const DemandHistory& history, const Random& random);

/// What was sold more than usual on the same day in the same warehouse: products above the median of their sales there,
/// so that of what sells daily only good days count. A day without any is no basket. At most the 300 products that sell
/// most; numbers of `skus`.
std::vector<std::vector<int>> BasketsOf(const DemandHistory& history, std::vector<std::string>& skus);

}  // namespace restock
