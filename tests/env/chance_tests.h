#pragma once

#include <algorithm>
#include <numeric>
#include <vector>

#include <boost/math/distributions/chi_squared.hpp>

#include "env/network_state.h"

namespace restock {

/// The scenarios of a block, one after the other.
inline std::vector<int> BlockOfScenarios(int first) {
  std::vector<int> scenarios(kBlockSize);
  std::iota(scenarios.begin(), scenarios.end(), first);
  return scenarios;
}

/// Probability of a deviation at least as large as the one seen, by Pearson's test: small where the counts do not have
/// the given probabilities. Cells that expect few are put together.
inline double ChiSquaredTest(const std::vector<double>& counts, const std::vector<double>& probabilities) {
  const double total = std::accumulate(counts.begin(), counts.end(), 0.0);
  double statistic = 0, seen = 0, expected = 0;
  int cells = 0;
  for (size_t i = 0; i < std::max(counts.size(), probabilities.size()); ++i) {
    seen += i < counts.size() ? counts[i] : 0;
    expected += i < probabilities.size() ? total * probabilities[i] : 0;
    const bool is_last = i + 1 >= std::max(counts.size(), probabilities.size());
    if (expected < 20 && !is_last) continue;
    if (expected == 0) {
      if (seen > 0) return 0;
      continue;
    }
    statistic += (seen - expected) * (seen - expected) / expected;
    seen = expected = 0;
    ++cells;
  }
  if (cells < 2) return 1;
  return boost::math::cdf(boost::math::complement(boost::math::chi_squared(cells - 1), statistic));
}

}  // namespace restock
