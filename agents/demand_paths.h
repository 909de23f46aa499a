#pragma once

#include <span>

#include <Eigen/Core>

#include "agents/policy.h"
#include "common/random.h"

namespace restock {

/// How far demand scatters about its forecast: the variance over the mean of each site's demand, as the forecast's
/// quantiles over its protection periods tell it.  (kBlockSize, num_sites)
Eigen::ArrayXXd ForecastDispersion(const DecisionContext& context);

/// Draws equally likely paths about an expected one: independent gamma numbers with its mean and `dispersion` times as
/// much variance, in each period and at each site one from each of as many equally likely parts of the distribution (a
/// Latin hypercube, McKay, Beckman & Conover 1979). A period's numbers depend on `random` and its index alone.
/// `mean`: (num_periods, num_sites); `num_different`: by period, paths with a demand of their own, which their
/// neighbours share (num_periods); `first_index`: of its first period; `paths`: (num_periods, num_paths * num_sites)
void DrawPaths(const Eigen::MatrixXd& mean, const Eigen::ArrayXd& dispersion, int num_paths,
               std::span<const int> num_different, int first_index, const Random& random, Eigen::MatrixXd& paths);

}  // namespace restock
