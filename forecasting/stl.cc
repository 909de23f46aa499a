#include "forecasting/stl.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "common/error.h"

namespace restock {
namespace {

constexpr int kInnerLoops = 2, kRobustInnerLoops = 1, kOuterLoops = 15;

int NextOdd(double value) {
  const int whole = static_cast<int>(std::ceil(value));
  return whole % 2 == 0 ? whole + 1 : whole;
}

/// Means over `window` neighbours; shorter by window - 1.
Eigen::VectorXd MovingMean(const Eigen::VectorXd& values, int window) {
  Eigen::VectorXd means(values.size() - window + 1);
  for (Eigen::Index i = 0; i < means.size(); ++i) means[i] = values.segment(i, window).mean();
  return means;
}

Eigen::VectorXd Smooth(const Eigen::VectorXd& values, const Eigen::VectorXd& weights, int window) {
  Eigen::VectorXd smoothed(values.size());
  for (Eigen::Index i = 0; i < values.size(); ++i) {
    smoothed[i] = Loess(values, weights, window, static_cast<double>(i));
  }
  return smoothed;
}

/// Each phase smoothed over the years, one season longer at both ends.  (num_periods + 2 season)
Eigen::VectorXd SmoothPhases(const Eigen::VectorXd& values, const Eigen::VectorXd& weights, int season, int window) {
  Eigen::VectorXd cycle(values.size() + 2 * season);
  for (Eigen::Index phase = 0; phase < season; ++phase) {
    std::vector<double> of_phase, weight;
    for (Eigen::Index i = phase; i < values.size(); i += season) {
      of_phase.push_back(values[i]);
      weight.push_back(weights[i]);
    }
    const auto count = static_cast<Eigen::Index>(of_phase.size());
    const Eigen::Map<const Eigen::VectorXd> y(of_phase.data(), count), w(weight.data(), count);
    for (Eigen::Index year = -1; year <= count; ++year) {
      cycle[phase + (year + 1) * season] = Loess(y, w, window, static_cast<double>(year));
    }
  }
  return cycle;
}

/// Bisquare of the remainder over six times its median size.
Eigen::VectorXd RobustnessWeights(const Eigen::VectorXd& remainder) {
  Eigen::VectorXd sizes = remainder.cwiseAbs();
  std::sort(sizes.begin(), sizes.end());
  const double scale = 6 * sizes[sizes.size() / 2];
  if (scale <= 0) return Eigen::VectorXd::Ones(remainder.size());
  const Eigen::ArrayXd share = (remainder.array().abs() / scale).min(1);
  return (1 - share.square()).square().max(1e-6);
}

}  // namespace

double Loess(const Eigen::VectorXd& values, const Eigen::VectorXd& weights, int window, double at) {
  const Eigen::Index count = values.size();
  const Eigen::Index size = std::min<Eigen::Index>(window, count);
  const Eigen::Index first =
      std::clamp<Eigen::Index>(static_cast<Eigen::Index>(std::floor(at + 0.5)) - size / 2, 0, count - size);
  double bandwidth = std::max(at - static_cast<double>(first), static_cast<double>(first + size - 1) - at);
  if (window > count) bandwidth += static_cast<double>(window - count) / 2;

  double total = 0, sum = 0, times = 0, products = 0, squares = 0;
  for (Eigen::Index i = first; i < first + size; ++i) {
    const double distance = static_cast<double>(i) - at;
    const double share = std::min(1.0, std::abs(distance) / (1.001 * std::max(bandwidth, 1e-9)));
    const double weight = weights[i] * std::pow(1 - share * share * share, 3);
    total += weight;
    sum += weight * values[i];
    times += weight * distance;
    products += weight * distance * values[i];
    squares += weight * distance * distance;
  }
  if (!(total > 0)) return values[std::clamp<Eigen::Index>(static_cast<Eigen::Index>(at), 0, count - 1)];
  const double spread = total * squares - times * times;
  if (spread <= 1e-9 * total * total) return sum / total;
  return (squares * sum - times * products) / spread;
}

Decomposition DecomposeStl(const Eigen::VectorXd& demand, int season, const StlConfig& config) {
  if (season < 2 || demand.size() < 2 * season || !demand.allFinite()) {
    throw DataError(
        fmt::format("a seasonal decomposition needs at least two seasons of known demand, but there are {} "
                    "periods of season {}. Impute what is missing.",
                    demand.size(), season));
  }
  const int trend_window =
      config.trend_window > 0 ? config.trend_window : NextOdd(1.5 * season / (1 - 1.5 / config.seasonal_window));
  const int low_window = NextOdd(season);
  Decomposition parts = {Eigen::VectorXd::Zero(demand.size()), demand, demand};
  Eigen::VectorXd weights = Eigen::VectorXd::Ones(demand.size());
  const Eigen::VectorXd even = weights;
  for (int outer = 0; outer < (config.robust ? kOuterLoops : 1); ++outer) {
    for (int inner = 0; inner < (config.robust ? kRobustInnerLoops : kInnerLoops); ++inner) {
      // the season without its own level
      const Eigen::VectorXd cycle = SmoothPhases(demand - parts.trend, weights, season, config.seasonal_window);
      const Eigen::VectorXd level = MovingMean(MovingMean(MovingMean(cycle, season), season), 3);
      parts.season = cycle.segment(season, demand.size()) - Smooth(level, even, low_window);
      // the trend of what is left
      parts.trend = Smooth(demand - parts.season, weights, trend_window);
    }
    parts.remainder = demand - parts.trend - parts.season;
    if (config.robust) weights = RobustnessWeights(parts.remainder);
  }
  return parts;
}

}  // namespace restock
