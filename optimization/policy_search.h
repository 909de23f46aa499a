#pragma once

#include <functional>
#include <span>
#include <vector>

namespace restock {

/// What a set of levels costs, by simulation on always the same demand: common random numbers, so that two sets differ
/// by what they do and not by luck.
struct LevelCosts {
  std::vector<double>
      by_level;      // what is charged to each level's site; a site that feeds others may include them  (num_levels)
  double total = 0;  // what counts in the end
};
using LevelObjective = std::function<LevelCosts(std::span<const double> levels)>;

struct LevelSearchConfig {
  double first_step = 0.25;  // as a share of the level; halved whenever no step helps any more
  double last_step = 1;      // no step is smaller  [units]
  int max_evaluations = 80;  // of the objective
};

struct LevelSearchResult {
  std::vector<double> levels;
  LevelCosts cost;
  int num_evaluations = 0;
};

/// Best level per site by coordinate search with shrinking steps. The levels of a group (all stores, then all central
/// sites) move at once, each where its own cost falls, so the number of evaluations does not grow with the sites; a
/// move that raises the total is not kept. Exact in the limit where the cost of each level depends on it alone and has
/// one minimum. Levels never fall below zero. `groups`: indices of levels; empty: all in one.
LevelSearchResult SearchLevels(const LevelObjective& objective, std::vector<double> start,
                               std::vector<std::vector<int>> groups = {}, const LevelSearchConfig& config = {});

struct ScalarSearchResult {
  double value = 0;
  double cost = 0;
};

/// Smallest `objective` on a grid of `num_points` values from `low` to `high`, then refined by golden section between
/// the neighbours of the best point until they are `tolerance` apart (0: the grid alone).
ScalarSearchResult SearchScalar(const std::function<double(double)>& objective, double low, double high, int num_points,
                                double tolerance = 0);

}  // namespace restock
