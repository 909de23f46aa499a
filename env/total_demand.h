#pragma once

#include <array>
#include <vector>

#include "common/demand.h"
#include "env/demand_process.h"

namespace restock {

/// What is known of the demand of several periods and places together.
struct TotalDemand {
  double certain = 0;  // of given values
  Moments by_chance;   // of the rest
  bool is_whole = true;
  bool may_be_negative = false;

  /// Of independent demands.
  friend TotalDemand operator+(const TotalDemand& a, const TotalDemand& b) {
    return {a.certain + b.certain, a.by_chance + b.by_chance, a.is_whole && b.is_whole,
            a.may_be_negative || b.may_be_negative};
  }
  double mean() const { return certain + by_chance.mean; }
  /// The quantiles of kForecastQuantiles, of a distribution with these moments: of whole units a Poisson or negative
  /// binomial, or where the variance is below the mean a mixture of binomials (TwoMomentProbabilities); else the
  /// normal, clipped at zero where demand is.
  std::array<double, kNumForecastQuantiles> Quantiles() const;
};

/// Demand of `num_periods` periods from `period` on, whose state is `state`.
TotalDemand TotalOver(const DemandProcess& demand, int period, int num_periods, int state);

}  // namespace restock
