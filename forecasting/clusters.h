#pragma once

#include <utility>
#include <vector>

#include <Eigen/Core>

#include "common/random.h"

namespace restock {

// Groups of rows that are alike. Labels count from 0 in the order in which groups are first met.  (num_rows)

/// K-means: Lloyd's iterations (1982) from centres drawn by k-means++ (Arthur & Vassilvitskii 2007), the best of ten
/// starts. Fewer groups come out where rows are equal.
std::vector<int> KMeans(const Eigen::MatrixXd& points, int num_clusters, const Random& random);

/// Ward's hierarchical clustering (1963): from single rows on, always the two groups are merged whose union adds least
/// to the sum of squares within groups (nearest-neighbour chains, Murtagh 1983). One tree serves any number of groups.
class WardTree {
 public:
  explicit WardTree(const Eigen::MatrixXd& points);
  /// The groups when `num_clusters` of them are left.
  std::vector<int> Clusters(int num_clusters) const;

 private:
  std::vector<std::pair<int, int>> merges_;  // rows of which one group each are merged, the cheapest first
  size_t num_rows_;
};

/// Mean silhouette (Rousseeuw 1987): near 1 where rows are much nearer to their own group than to the next one, 0 where
/// they might as well belong to that. 0 for one group; rows alone in their group count 0.
double Silhouette(const Eigen::MatrixXd& points, const std::vector<int>& labels);

}  // namespace restock
