#pragma once

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "optimization/lp_model.h"

namespace restock {

/// What a reader accepts must be a model that a writer can hand on: finite, and the same when read again. Names may
/// change, as formats allow other characters.
inline void ExpectSameModel(const LpModel& model, const LpModel& again) {
  const auto expect = [](bool holds) {
    if (!holds) std::abort();
  };
  for (const double cost : model.cost) expect(std::isfinite(cost));
  for (const double value : model.value) expect(std::isfinite(value));
  expect(model.sense == again.sense);
  expect(model.objective_offset == again.objective_offset);
  expect(model.cost == again.cost);
  expect(model.lower == again.lower);
  expect(model.upper == again.upper);
  expect(model.row_lower.size() == again.row_lower.size());
  for (size_t row = 0; row < model.row_lower.size(); ++row) {
    // MPS writes a range as its width, which is rounded
    const double lower = model.row_lower[row], upper = model.row_upper[row];
    const double size =
        std::max(std::isfinite(lower) ? std::abs(lower) : 0, std::isfinite(upper) ? std::abs(upper) : 0);
    const auto is_near = [&](double a, double b) { return a == b || std::abs(a - b) <= 1e-15 * size; };
    expect(is_near(lower, again.row_lower[row]) && is_near(upper, again.row_upper[row]));
  }
  expect(model.start == again.start);
  expect(model.index == again.index);
  expect(model.value == again.value);
}

}  // namespace restock
