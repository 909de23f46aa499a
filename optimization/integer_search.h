#pragma once

#include <functional>
#include <span>
#include <vector>

namespace restock {

/// Whole numbers to be chosen, a rule's levels say.
using IntegerPoint = std::vector<int>;

/// What a point costs. The same point must cost the same each time, so simulate always the same demand (common random
/// numbers); several threads may ask at once.
using IntegerObjective = std::function<double(std::span<const int> point)>;

/// A whole number that is searched.
struct IntegerRange {
  int lowest = 0;  // no value is below; above there is no limit
  int low = 0;     // where the minimum is expected: the grid's ends, and where to begin without a grid
  int start = 0;
  int high = 0;
};

struct IntegerSearchConfig {
  int max_grid_points = 400;   // of all coordinates together
  int num_starts = 3;          // local minima of the grid that are followed
  int max_evaluations = 3000;  // of the objective
  int num_threads = 1;         // 0: one per core
};

struct IntegerSearchResult {
  IntegerPoint best;
  double cost = 0;
  std::vector<IntegerPoint> minima;  // where the starts led to, the best first
  int num_evaluations = 0;
};

/// Least cost by a grid as fine as its number of points allows, then a compass search from the best of its local minima
/// (Kolda, Lewis & Torczon 2003, section 3, on whole numbers): steps along each coordinate and, for up to four of them,
/// along each pair are tried, all by the same length; the best one is taken, and where none is better the length is
/// halved. It ends where no neighbour at distance 1 is better.
IntegerSearchResult SearchIntegers(const IntegerObjective& objective, std::span<const IntegerRange> ranges,
                                   const IntegerSearchConfig& config = {});

/// The compass search alone with steps of 1, from each of `starts`: to look again where another objective, of less
/// demand say, had its minima.
IntegerSearchResult RefineIntegers(const IntegerObjective& objective, std::span<const IntegerRange> ranges,
                                   std::span<const IntegerPoint> starts, const IntegerSearchConfig& config = {});

}  // namespace restock
