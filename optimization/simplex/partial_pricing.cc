#include "optimization/simplex/partial_pricing.h"

#include <algorithm>
#include <cmath>

namespace restock::simplex {
namespace {

constexpr int kFewColumns = 2000;    // are not worth a choice
constexpr double kAwakeShare = 0.1;  // of the nonbasic columns
constexpr double kTooMany = 1.5;     // times as many awake: they are chosen anew

/// In every row the column that raises and the one that lowers its activity at the least cost: so that a row in trouble
/// finds help among those that are awake.
void WakeCheapestOfRows(SimplexState& state) {
  struct Cheapest {
    int column = -1;
    double size = kInfinity;
  };
  Array<Cheapest> raising(state.num_rows()), lowering(state.num_rows());
  for (int column = 0; column < state.form.num_columns; ++column) {
    if (state.basic_place[column] >= 0 || state.stand[column] == Stand::kFixed) continue;
    const double size = std::abs(state.reduced_cost[column]);
    const bool rises = state.stand[column] != Stand::kAtUpper;
    for (int k = state.form.start[column]; k < state.form.start[column + 1]; ++k) {
      Cheapest& cheapest = ((state.form.value[k] > 0) == rises ? raising : lowering)[state.form.index[k]];
      if (size < cheapest.size) cheapest = {column, size};
    }
  }
  for (const auto* side : {&raising, &lowering}) {
    for (const Cheapest& cheapest : *side) {
      if (cheapest.column >= 0) state.rests[cheapest.column] = 0;
    }
  }
}

}  // namespace

void RestDearColumns(SimplexState& state) {
  const int num_nonbasic = state.num_nonbasic_columns();
  const bool is_chosen = state.some_rest && state.matrix.num_shown() <= kTooMany * state.num_awake_at_first;
  if (num_nonbasic < kFewColumns || is_chosen) return;

  Array<double> size;  // of the reduced costs
  size.reserve(static_cast<size_t>(num_nonbasic));
  for (int column = 0; column < state.form.num_columns; ++column) {
    if (state.basic_place[column] < 0) size.push_back(std::abs(state.reduced_cost[column]));
  }
  const auto num_awake = static_cast<int>(kAwakeShare * num_nonbasic);
  std::nth_element(size.begin(), size.begin() + num_awake, size.end());
  for (int column = 0; column < state.form.num_columns; ++column) {
    state.rests[column] = state.basic_place[column] < 0 && std::abs(state.reduced_cost[column]) > size[num_awake];
  }
  WakeCheapestOfRows(state);
  state.LoadMatrix();
  state.num_awake_at_first = state.matrix.num_shown();
}

void WakeWrongColumns(double dual_tolerance, SimplexState& state) {
  if (!state.some_rest) return;
  bool some_wake = false;
  for (int column = 0; column < state.form.num_columns; ++column) {
    if (!state.rests[column] || state.DualInfeasibility(column) <= dual_tolerance) continue;
    state.rests[column] = 0;
    some_wake = true;
  }
  if (some_wake) state.LoadMatrix();
}

}  // namespace restock::simplex
