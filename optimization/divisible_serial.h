#pragma once

#include <vector>

#include "env/problem_file.h"

namespace restock {

struct DivisibleSerialSolution {
  double cost = 0;                       // average per period
  std::vector<double> base_stock_level;  // S*: echelon levels  [unit] (num_sites)
  double unit = 0;                       // in which goods were counted  [unit]
};

/// SolveSerial() for goods that can be divided and normal demand, clipped or hardly ever below zero: goods are counted
/// in units of a small fraction of demand's standard deviation. Throws ConfigError where the problem is no such chain.
DivisibleSerialSolution SolveDivisibleSerial(const Problem& problem);

}  // namespace restock
