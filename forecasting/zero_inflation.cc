#include "forecasting/zero_inflation.h"

#include <algorithm>
#include <cmath>

namespace restock {

double ExcessOfZeros(const DemandHistory& history) {
  double excess = 0;
  for (const auto& column : history.demand.colwise()) {
    double count = 0, sum = 0, squares = 0, zeros = 0;
    for (const float demand : column) {
      if (std::isnan(demand)) continue;
      ++count;
      sum += demand;
      squares += demand * demand;
      zeros += demand == 0 ? 1 : 0;
    }
    if (count == 0 || sum == 0) continue;
    const double mean = sum / count;
    const double overdispersion = std::max(squares / count - mean * mean - mean, 1e-3 * mean);
    const double r = mean * mean / overdispersion;
    excess += zeros / count - std::exp(-r * std::log1p(mean / r));
  }
  return excess / static_cast<double>(history.num_series());
}

}  // namespace restock
