#pragma once

#include <string>
#include <vector>

#include "common/config_node.h"
#include "common/demand.h"
#include "common/random.h"

namespace restock {

enum class ClusterMethod { kNone, kKMeans, kWard };

/// `data.structure.clusters`.
struct ClusterConfig {
  ClusterMethod method = ClusterMethod::kKMeans;
  int count = 0;          // groups; 0: the number from 2 to 8 with the largest silhouette
  double variance = 0.9;  // share of the variance of features that their principal components keep
};
ClusterConfig ReadClusterConfig(ConfigNode clusters);

/// Series whose demand comes alike.
struct SeriesClusters {
  std::vector<int> label;             // from 0; -1: too little demand is known  (num_series)
  int count = 0;                      // of groups
  double silhouette = 0;              // see clusters.h
  int num_components = 0;             // of the features
  Eigen::VectorXd explained;          // share of the variance that each explains  (num_components)
  std::vector<std::string> features;  // names  (num_features)
  Eigen::MatrixXd mean_features;      // of each group  (count, num_features)
};

/// Groups series by the principal components of their shape (shape_features.h, pca.h, clusters.h). Fewer groups than
/// asked for come out where series are alike or few.
SeriesClusters ClusterSeries(const ClusterConfig& config, const DemandHistory& history, const Random& random);

}  // namespace restock
