#pragma once

#include <map>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "common/demand.h"
#include "common/random.h"

namespace restock {

/// A series whose demand stands for that of a new one.
struct Analogue {
  int series = 0;
  double scale = 1;  // what its demand is multiplied by
};

/// Finds the series that are most like new ones by their attributes: product, warehouse, category, and the mean of each
/// covariate known ahead, by the mean of their dissimilarities, each between 0 and 1 (Gower 1971).
class AnalogueFinder {
 public:
  /// `is_new`: series that nothing can be learned from  (num_series). `cluster`: of demand shapes (series_clusters.h)
  /// (num_series). Refers to the history.
  AnalogueFinder(const DemandHistory& history, std::vector<bool> is_new, std::vector<int> cluster);

  /// Among the `count` nearest the cluster with most members is taken, and its members are kept, at least one; demand
  /// is scaled from their warehouse to the new one's by the warehouses' mean demand per series. Empty where all are
  /// new.
  std::vector<Analogue> Find(int series, int count) const;

 private:
  std::vector<double> Dissimilarities(int series) const;
  double SizeOf(int series) const;

  const DemandHistory& history_;
  std::vector<bool> is_new_;
  std::vector<int> cluster_;
  std::vector<Eigen::VectorXd> plans_;   // means of a covariate known ahead over their range, 0 to 1  (num_series)
  std::map<std::string, double> sizes_;  // mean demand per series and period of each warehouse
};

}  // namespace restock
