#include "optimization/policy_search.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>

#include "common/check.h"

namespace restock {
namespace {

/// One search: the best levels so far and the steps that are tried around them.
class LevelSearch {
 public:
  LevelSearch(const LevelObjective& objective, std::vector<double> start, const LevelSearchConfig& config)
      : objective_(objective), config_(config), share_(config.first_step) {
    best_ = Try(std::move(start));
  }

  bool HasTimeFor(size_t num_groups) const {
    return num_evaluations_ + 3 * static_cast<int>(num_groups) <= config_.max_evaluations;
  }
  bool StepsAreSmallest() const {
    return std::ranges::all_of(best_.levels, [&](double level) { return Step(level) <= config_.last_step; });
  }
  void HalveSteps() { share_ /= 2; }

  /// Moves the levels of one group; true when the total fell.
  bool MoveGroup(const std::vector<int>& group) {
    // all of them one step up, and all one step down
    std::vector<double> up = best_.levels, down = best_.levels;
    for (int index : group) {
      const auto i = static_cast<size_t>(index);
      up[i] += Step(up[i]);
      down[i] = std::max(0.0, down[i] - Step(down[i]));
    }
    std::array<Trial, 3> trials = {Try(std::move(up)), Try(std::move(down)), Trial{}};

    // each goes where its own cost is least
    std::vector<double> chosen = best_.levels;
    for (int index : group) {
      const auto i = static_cast<size_t>(index);
      double least = best_.cost.by_level[i];
      for (const Trial& trial : {std::cref(trials[0]), std::cref(trials[1])}) {
        if (trial.cost.by_level[i] >= least) continue;
        least = trial.cost.by_level[i];
        chosen[i] = trial.levels[i];
      }
    }
    trials[2] = Try(std::move(chosen));

    // keep the best in total: levels may have got into each other's way
    const double before = best_.cost.total;
    for (Trial& trial : trials) {
      if (trial.cost.total < best_.cost.total) best_ = std::move(trial);
    }
    return best_.cost.total < before;
  }

  LevelSearchResult Finish() { return {std::move(best_.levels), std::move(best_.cost), num_evaluations_}; }

 private:
  struct Trial {
    std::vector<double> levels;
    LevelCosts cost;
  };

  double Step(double level) const { return std::max(config_.last_step, std::round(share_ * level)); }

  Trial Try(std::vector<double> levels) {
    ++num_evaluations_;
    LevelCosts cost = objective_(levels);
    RESTOCK_CHECK_EQ(cost.by_level.size(), levels.size());
    return {std::move(levels), std::move(cost)};
  }

  const LevelObjective& objective_;
  const LevelSearchConfig& config_;
  double share_;
  Trial best_;
  int num_evaluations_ = 0;
};

}  // namespace

LevelSearchResult SearchLevels(const LevelObjective& objective, std::vector<double> start,
                               std::vector<std::vector<int>> groups, const LevelSearchConfig& config) {
  if (groups.empty()) {
    groups.emplace_back(start.size());
    std::iota(groups[0].begin(), groups[0].end(), 0);
  }
  LevelSearch search(objective, std::move(start), config);
  while (search.HasTimeFor(groups.size())) {
    bool improved = false;
    for (const std::vector<int>& group : groups) improved = search.MoveGroup(group) || improved;
    if (improved) continue;
    if (search.StepsAreSmallest()) break;
    search.HalveSteps();
  }
  return search.Finish();
}

ScalarSearchResult SearchScalar(const std::function<double(double)>& objective, double low, double high, int num_points,
                                double tolerance) {
  RESTOCK_CHECK_GE(num_points, 2);
  const double spacing = (high - low) / (num_points - 1);
  ScalarSearchResult best{low, objective(low)};
  const auto try_value = [&](double value) {
    const double cost = objective(value);
    if (cost < best.cost) best = {value, cost};
    return cost;
  };
  for (int point = 1; point < num_points; ++point) try_value(low + point * spacing);
  if (tolerance <= 0) return best;

  // golden section between the neighbours of the best point (Kiefer 1953)
  const double ratio = (std::sqrt(5.0) - 1) / 2;
  double left = std::max(low, best.value - spacing), right = std::min(high, best.value + spacing);
  double inner_left = right - ratio * (right - left), inner_right = left + ratio * (right - left);
  double cost_left = try_value(inner_left), cost_right = try_value(inner_right);
  while (right - left > tolerance) {
    if (cost_left <= cost_right) {
      right = inner_right;
      inner_right = inner_left;
      cost_right = cost_left;
      inner_left = right - ratio * (right - left);
      cost_left = try_value(inner_left);
    } else {
      left = inner_left;
      inner_left = inner_right;
      cost_left = cost_right;
      inner_right = left + ratio * (right - left);
      cost_right = try_value(inner_right);
    }
  }
  return best;
}

}  // namespace restock
