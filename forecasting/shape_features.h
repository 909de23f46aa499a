#pragma once

#include <string>
#include <vector>

#include "common/demand.h"

namespace restock {

/// How demand of a series comes, whatever its level: what series are grouped by.
struct ShapeFeatures {
  std::vector<std::string> names;  // `weekday 1`, ..., `trend`, `zeros`, ...  (num_features)
  Eigen::MatrixXd values;          // (num_series, num_features)
  std::vector<bool> is_known;      // false: fewer than a season's periods are known, all features are 0  (num_series)
};

/// Of the demand of all series: share of each weekday in the demand of a week (daily data), trend (second half over the
/// first, as logarithm), share of periods without demand, squared variation of sizes, and correlation with the period
/// and the season before. Weights that few periods tell are drawn to 1, the even one.
ShapeFeatures ShapeOf(const DemandHistory& history);

}  // namespace restock
