#include "optimization/integer_search.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "common/check.h"
#include "common/parallel.h"

namespace restock {
namespace {

constexpr size_t kMostCoordinatesWithPairs = 4;

using Costs = std::map<IntegerPoint, double>;

/// The costs known so far; asks for others, several at a time.
class KnownCosts {
 public:
  KnownCosts(const IntegerObjective& objective, const IntegerSearchConfig& config)
      : objective_(objective), config_(config) {}

  /// Makes sure that the costs of `points` are known; false where the budget does not allow it.
  bool Evaluate(const std::vector<IntegerPoint>& points) {
    std::vector<IntegerPoint> unknown;
    for (const IntegerPoint& point : points)
      if (!costs_.contains(point)) unknown.push_back(point);
    std::ranges::sort(unknown);
    unknown.erase(std::unique(unknown.begin(), unknown.end()), unknown.end());
    if (num_evaluations() + static_cast<int>(unknown.size()) > config_.max_evaluations) return false;
    std::vector<double> costs(unknown.size());
    ParallelFor(static_cast<int>(unknown.size()), config_.num_threads,
                [&](int i) { costs[static_cast<size_t>(i)] = objective_(unknown[static_cast<size_t>(i)]); });
    for (size_t i = 0; i < unknown.size(); ++i) costs_[unknown[i]] = costs[i];
    return true;
  }
  double operator()(const IntegerPoint& point) const { return costs_.at(point); }
  int num_evaluations() const { return static_cast<int>(costs_.size()); }

 private:
  const IntegerObjective& objective_;
  const IntegerSearchConfig& config_;
  Costs costs_;
};

// Neighbours along each coordinate, and along pairs where there are few.
std::vector<IntegerPoint> Neighbours(const IntegerPoint& point, std::span<const IntegerRange> ranges,
                                     const std::vector<int>& step) {
  std::vector<IntegerPoint> neighbours;
  const auto add = [&](IntegerPoint moved) {
    for (size_t i = 0; i < moved.size(); ++i) moved[i] = std::max(moved[i], ranges[i].lowest);
    if (moved != point) neighbours.push_back(std::move(moved));
  };
  for (size_t i = 0; i < point.size(); ++i) {
    for (const int sign : {-1, 1}) {
      IntegerPoint moved = point;
      moved[i] += sign * step[i];
      add(moved);
      if (point.size() > kMostCoordinatesWithPairs) continue;
      for (size_t j = i + 1; j < point.size(); ++j) {
        for (const int other_sign : {-1, 1}) {
          IntegerPoint diagonal = moved;
          diagonal[j] += other_sign * step[j];
          add(diagonal);
        }
      }
    }
  }
  return neighbours;
}

// Down to where no neighbour is better.
IntegerPoint Descend(KnownCosts& costs, IntegerPoint point, std::span<const IntegerRange> ranges,
                     std::vector<int> step) {
  while (true) {
    const std::vector<IntegerPoint> neighbours = Neighbours(point, ranges, step);
    if (!costs.Evaluate(neighbours)) return point;
    const auto best = std::ranges::min_element(neighbours, {}, costs);
    if (best != neighbours.end() && costs(*best) < costs(point)) {
      point = *best;
    } else if (std::ranges::all_of(step, [](int length) { return length == 1; })) {
      return point;
    } else {
      for (int& length : step) length = std::max(1, length / 2);
    }
  }
}

struct Grid {
  std::vector<IntegerPoint> points;
  std::vector<int> spacing;  // by coordinate
};

// Equally many values of each coordinate; where that is one alone, its start.
Grid MakeGrid(std::span<const IntegerRange> ranges, int max_points) {
  const double per_coordinate = std::pow(max_points + 0.5, 1.0 / static_cast<double>(ranges.size()));
  const int num_values = std::max(1, static_cast<int>(per_coordinate));
  Grid grid{{{}}, {}};
  for (const IntegerRange& range : ranges) {
    std::vector<int> values = {range.start};
    const int length = std::max(1, range.high - range.low);
    const int spacing = num_values > 1 ? std::max(1, (length + num_values - 2) / (num_values - 1)) : length / 4;
    for (int value = range.low; num_values > 1 && value < range.high + spacing; value += spacing)
      values.push_back(value);
    if (num_values > 1) values.erase(values.begin());
    grid.spacing.push_back(std::max(1, spacing));

    std::vector<IntegerPoint> longer;
    for (const IntegerPoint& point : grid.points) {
      for (const int value : values) {
        longer.push_back(point);
        longer.back().push_back(value);
      }
    }
    grid.points = std::move(longer);
  }
  return grid;
}

// Points that cost no more than any within one spacing of them, the best first.
std::vector<IntegerPoint> LocalMinima(const Grid& grid, const KnownCosts& costs) {
  const auto are_close = [&](const IntegerPoint& a, const IntegerPoint& b) {
    for (size_t i = 0; i < a.size(); ++i)
      if (std::abs(a[i] - b[i]) > grid.spacing[i]) return false;
    return true;
  };
  std::vector<IntegerPoint> minima;
  for (const IntegerPoint& point : grid.points) {
    const auto beats = [&](const IntegerPoint& other) {
      return are_close(point, other) && costs(other) < costs(point);
    };
    if (std::ranges::none_of(grid.points, beats)) minima.push_back(point);
  }
  std::ranges::sort(minima, {}, costs);
  return minima;
}

IntegerSearchResult DescendFrom(KnownCosts& costs, std::vector<IntegerPoint> starts,
                                std::span<const IntegerRange> ranges, const std::vector<int>& step,
                                const IntegerSearchConfig& config) {
  IntegerSearchResult result;
  starts.resize(std::min(starts.size(), static_cast<size_t>(config.num_starts)));
  for (const IntegerPoint& start : starts) result.minima.push_back(Descend(costs, start, ranges, step));
  std::ranges::sort(result.minima, {}, costs);
  result.minima.erase(std::unique(result.minima.begin(), result.minima.end()), result.minima.end());
  result.best = result.minima.front();
  result.cost = costs(result.best);
  result.num_evaluations = costs.num_evaluations();
  return result;
}

}  // namespace

IntegerSearchResult SearchIntegers(const IntegerObjective& objective, std::span<const IntegerRange> ranges,
                                   const IntegerSearchConfig& config) {
  RESTOCK_CHECK_GT(ranges.size(), 0u);
  KnownCosts costs(objective, config);
  const Grid grid = MakeGrid(ranges, config.max_grid_points);
  RESTOCK_CHECK(costs.Evaluate(grid.points));
  std::vector<int> step;
  for (const int spacing : grid.spacing) step.push_back(std::max(1, spacing / 2));
  return DescendFrom(costs, LocalMinima(grid, costs), ranges, step, config);
}

IntegerSearchResult RefineIntegers(const IntegerObjective& objective, std::span<const IntegerRange> ranges,
                                   std::span<const IntegerPoint> starts, const IntegerSearchConfig& config) {
  RESTOCK_CHECK_GT(starts.size(), 0u);
  KnownCosts costs(objective, config);
  const std::vector<IntegerPoint> points(starts.begin(), starts.end());
  RESTOCK_CHECK(costs.Evaluate(points));
  return DescendFrom(costs, points, ranges, std::vector<int>(ranges.size(), 1), config);
}

}  // namespace restock
