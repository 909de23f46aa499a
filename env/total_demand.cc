#include "env/total_demand.h"

#include <algorithm>
#include <cmath>

#include "common/distributions.h"

namespace restock {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

constexpr double kLargestCountMean = 2000;  // beyond it counts are as good as normal

}  // namespace

std::array<double, kNumForecastQuantiles> TotalDemand::Quantiles() const {
  std::array<double, kNumForecastQuantiles> quantiles;
  quantiles.fill(certain + by_chance.mean);
  const auto& [mean, variance] = by_chance;
  if (variance <= 1e-12 || (mean <= 1e-12 && !may_be_negative)) return quantiles;

  // counts
  if (is_whole && !may_be_negative && mean <= kLargestCountMean) {
    const double excess = variance - mean;
    if (excess < -1e-9 * mean) {
      const double fraction = mean - std::floor(mean);
      const CountProbabilities counts = TwoMomentProbabilities(mean, std::max(variance, fraction * (1 - fraction)));
      for (int i = 0; i < kNumForecastQuantiles; ++i)
        quantiles[Index(i)] = certain + QuantileOf(counts, static_cast<double>(kForecastQuantiles[i]));
    } else {
      const CountDistribution counts{mean, excess > 1e-9 * mean ? mean * mean / excess : 0};
      for (int i = 0; i < kNumForecastQuantiles; ++i)
        quantiles[Index(i)] =
            certain + static_cast<double>(counts.Quantile(static_cast<double>(kForecastQuantiles[i])));
    }
    return quantiles;
  }

  // normals
  const auto [middle, deviation] =
      may_be_negative ? std::pair{mean, std::sqrt(variance)} : NormalBeforeClipping(by_chance);
  for (int i = 0; i < kNumForecastQuantiles; ++i) {
    double quantile = middle + deviation * NormalQuantile(static_cast<double>(kForecastQuantiles[i]));
    if (!may_be_negative) quantile = std::max(quantile, 0.0);
    quantiles[Index(i)] = certain + (is_whole ? std::round(quantile) : quantile);
  }
  return quantiles;
}

// Backwards from the last period: of all that follows, the first two moments by state.
TotalDemand TotalOver(const DemandProcess& demand, int period, int num_periods, int state) {
  TotalDemand total{0, {}, demand.is_whole(), demand.may_be_negative()};
  if (!demand.values.empty()) {
    for (int t = period; t < period + num_periods; ++t) total.certain += demand.Value(t);
    return total;
  }
  const auto num_states = Index(demand.num_states());
  std::vector<double> mean(num_states), second(num_states);
  for (int t = period + num_periods; t-- > period;) {
    std::vector<double> mean_now(num_states), second_now(num_states);
    for (size_t now = 0; now < num_states; ++now) {
      double mean_after = demand.transition.empty() ? mean[0] : 0;
      double second_after = demand.transition.empty() ? second[0] : 0;
      for (size_t next = 0; next < demand.transition.size(); ++next) {
        mean_after += demand.transition[now][next] * mean[next];
        second_after += demand.transition[now][next] * second[next];
      }
      const Moments own = demand.At(t, static_cast<int>(now)).moments();
      mean_now[now] = own.mean + mean_after;
      second_now[now] = own.variance + own.mean * own.mean + 2 * own.mean * mean_after + second_after;
    }
    mean = std::move(mean_now);
    second = std::move(second_now);
  }
  if (num_periods > 0)
    total.by_chance = {mean[Index(state)],
                       std::max(second[Index(state)] - mean[Index(state)] * mean[Index(state)], 0.0)};
  return total;
}

}  // namespace restock
