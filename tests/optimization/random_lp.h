#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "common/random.h"
#include "optimization/lp_model.h"

namespace restock {

/// Bounds of one of the kinds there are, near `point`, or (far from it) anywhere.
inline void DrawBounds(RandomStream& random, bool near, double point, double& lower, double& upper) {
  const double anchor = near ? point : random.UniformInt(21) - 10;
  const double below = anchor - random.UniformInt(4), above = anchor + random.UniformInt(4);
  const int kind = random.UniformInt(10);
  lower = kind == 0 || kind == 1 ? -kInfinity : below;                // free, upper bound alone
  upper = kind == 0 || (kind >= 2 && kind <= 6) ? kInfinity : above;  // free, lower bound alone; else boxed
  if (kind == 9) lower = upper = anchor;                              // fixed
}

/// Small programs with small whole coefficients, so that ties and degenerate vertices are common: half are feasible by
/// construction, others rarely so; with empty and duplicate rows and columns, free rows, every kind of bounds, and
/// costs that may be zero or lead to infinity.
inline LpModel RandomLp(uint64_t seed, int most_rows, int most_columns) {
  RandomStream random(seed, 0);
  const int num_rows = random.UniformInt(most_rows + 1);
  const int num_columns = 1 + random.UniformInt(most_columns);
  const bool feasible = random.UniformInt(2) == 0;
  const bool bounded_costs = random.UniformInt(3) > 0;
  const double density = 0.1 + 0.7 * random.Uniform();

  // columns, and a point that feasible programs contain
  LpModel lp;
  std::vector<std::vector<LpEntry>> columns(static_cast<size_t>(num_columns));
  std::vector<double> point(columns.size()), lower(columns.size()), upper(columns.size()),
      activity(static_cast<size_t>(num_rows));
  for (size_t j = 0; j < columns.size(); ++j) {
    point[j] = random.UniformInt(11) - 5;
    DrawBounds(random, feasible || random.UniformInt(2) == 0, point[j], lower[j], upper[j]);
    for (int row = 0; row < num_rows; ++row) {
      if (random.Uniform() > density) continue;
      const double value = random.UniformInt(4) == 0 ? random.UniformInt(19) - 9 : 2 * random.UniformInt(2) - 1;
      columns[j].push_back({row, value});
    }
    if (j > 0 && random.UniformInt(12) == 0) columns[j] = columns[j - 1];
    for (const LpEntry& entry : columns[j]) activity[static_cast<size_t>(entry.row)] += entry.value * point[j];
  }
  for (const double through : activity) {
    double row_lower = 0, row_upper = 0;
    DrawBounds(random, feasible || random.UniformInt(3) > 0, through, row_lower, row_upper);
    lp.AddRow(row_lower, row_upper);
  }
  for (size_t j = 0; j < columns.size(); ++j) {
    double cost = random.UniformInt(13) - 6;
    // costs that push towards a finite bound keep the program from being unbounded
    if (bounded_costs) {
      if (upper[j] == kInfinity) cost = lower[j] == -kInfinity ? 0 : std::abs(cost);
      if (lower[j] == -kInfinity) cost = std::min(cost, 0.0);
    }
    lp.AddColumn(cost, lower[j], upper[j], columns[j]);
  }
  if (random.UniformInt(4) == 0) {
    lp.sense = LpSense::kMaximize;
    for (double& cost : lp.cost) cost = -cost;
  }
  lp.objective_offset = random.UniformInt(5);
  return lp;
}

/// The same program on other scales: rows and columns multiplied by powers of two, which are exact, so the optimum
/// stays.
inline LpModel BadlyScaled(LpModel lp, uint64_t seed, int most_powers) {
  RandomStream random(seed, 9);
  const auto draw = [&] { return std::ldexp(1.0, random.UniformInt(2 * most_powers + 1) - most_powers); };
  std::vector<double> row_factor(lp.row_lower.size());
  for (size_t i = 0; i < row_factor.size(); ++i) {
    row_factor[i] = draw();
    lp.row_lower[i] *= row_factor[i];
    lp.row_upper[i] *= row_factor[i];
  }
  for (size_t j = 0; j < lp.cost.size(); ++j) {
    const double factor = draw();
    lp.cost[j] *= factor;
    lp.lower[j] /= factor;
    lp.upper[j] /= factor;
    for (auto k = static_cast<size_t>(lp.start[j]); k < static_cast<size_t>(lp.start[j + 1]); ++k) {
      lp.value[k] *= factor * row_factor[static_cast<size_t>(lp.index[k])];
    }
  }
  return lp;
}

/// Duplicates of rows, and of columns with another bound or cost; a third of the bounds made equal.
inline LpModel Degenerate(LpModel lp, uint64_t seed) {
  RandomStream random(seed, 10);
  LpModel twice = lp;
  twice.start = {0};
  twice.index.clear();
  twice.value.clear();
  twice.cost.clear();
  twice.lower.clear();
  twice.upper.clear();
  twice.column_name.clear();
  const int num_rows = lp.num_rows();
  std::vector<int> copy_of;  // rows that stand there again
  for (int row = 0; row < num_rows; ++row) {
    if (random.UniformInt(3) > 0) continue;
    copy_of.push_back(row);
    twice.AddRow(lp.row_lower[static_cast<size_t>(row)], lp.row_upper[static_cast<size_t>(row)]);
  }
  for (size_t j = 0; j < lp.cost.size(); ++j) {
    std::vector<LpEntry> entries;
    for (auto k = static_cast<size_t>(lp.start[j]); k < static_cast<size_t>(lp.start[j + 1]); ++k) {
      entries.push_back({lp.index[k], lp.value[k]});
      for (size_t copy = 0; copy < copy_of.size(); ++copy) {
        if (copy_of[copy] == lp.index[k]) entries.push_back({num_rows + static_cast<int>(copy), lp.value[k]});
      }
    }
    for (int times = random.UniformInt(4) == 0 ? 2 : 1; times > 0; --times) {
      const double lower = random.UniformInt(3) == 0 && lp.upper[j] > 0 ? std::min(0.0, lp.upper[j]) : lp.lower[j];
      twice.AddColumn(lp.cost[j], lower, lp.upper[j], entries);
    }
  }
  return twice;
}

}  // namespace restock
