#pragma once

#include <functional>
#include <span>
#include <vector>

#include "agents/single_site.h"

namespace restock {

/// What a policy orders in states, whole units.  (paths, num_columns) to (paths)
using StatePolicyFunction = std::function<Eigen::ArrayXf(const SingleSite::States&)>;

/// Demand of `period` on the paths that begin with `first_path`.  (paths)
using PathDemand = std::function<void(int period, int first_path, std::span<float> demand)>;

/// Compares orders in one state by what they and the policy after them cost on paths of common demand.
///
/// Paths of the same demand that come to the same state cost the same from there on: they are merged, and once all
/// orders of a path have come together nothing is left to compare on it. This is exact, and saves most of the work.
class OrderComparison {
 public:
  OrderComparison(const SingleSite& site, const StatePolicyFunction& policy, int horizon)
      : site_(site), policy_(policy), horizon_(horizon) {}

  /// The order among `orders` that costs least, by sequential halving (Karnin, Koren & Somekh 2013): all are simulated
  /// on `num_paths` paths, the better half goes on with twice as many new ones, and so on until one is left.
  int BestOrder(std::span<const float> state, std::vector<int> orders, int num_paths, const PathDemand& demand) const;

  /// Cost of each order over the horizon, summed over paths, up to a number that is the same for all.  (orders)
  std::vector<double> Costs(std::span<const float> state, std::span<const int> orders, int first_path, int num_paths,
                            const PathDemand& demand) const;

 private:
  const SingleSite& site_;
  const StatePolicyFunction& policy_;
  int horizon_;
};

}  // namespace restock
