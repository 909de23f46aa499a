#pragma once

#include <vector>

#include "common/demand.h"
#include "common/random.h"

namespace restock {

/// A series whose demand stands for that of a new one.
struct Analogue {
  int series = 0;
  double scale = 1;  // what its demand is multiplied by
};

/// Series that are most like a new one by their attributes: product, warehouse, category, and the mean of each
/// covariate known ahead, by the mean of their dissimilarities, each between 0 and 1 (Gower 1971). Among the `count`
/// nearest the cluster of demand shapes (series_clusters.h) with most members is taken, and its members are kept, at
/// least one; demand is scaled from their warehouse to the new one's by the warehouses' mean demand per series.
/// `is_new`: series that nothing can be learned from  (num_series). Empty where all are new.
std::vector<Analogue> FindAnalogues(const DemandHistory& history, int series, const std::vector<bool>& is_new,
                                    const std::vector<int>& cluster, int count);

}  // namespace restock
