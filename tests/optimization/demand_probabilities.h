#pragma once

#include <vector>

#include "common/distributions.h"

namespace restock {

/// P(0), P(1), ... until what is left is negligible.
inline std::vector<double> Probabilities(const CountDistribution& distribution) {
  std::vector<double> probabilities;
  double cumulative = 0;
  for (int64_t count = 0; cumulative < 1 - 1e-13 && count < 100'000; ++count)
    cumulative += probabilities.emplace_back(distribution.Probability(count));
  return probabilities;
}

}  // namespace restock
