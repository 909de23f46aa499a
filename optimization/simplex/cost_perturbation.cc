#include "optimization/simplex/cost_perturbation.h"

#include <algorithm>
#include <cmath>

namespace restock::simplex {
namespace {

constexpr double kBase = 5e-6;
constexpr double kFewBoxed = 0.01;  // share of boxed variables below which perturbations stay smaller

/// Size of a perturbation relative to |c| + 1, from the largest cost and the share of boxed variables.
double RelativeSize(const SimplexState& state) {
  double largest = 0;
  int num_boxed = 0;
  for (int variable = 0; variable < state.num_variables(); ++variable) {
    largest = std::max(largest, std::abs(state.cost[variable]));
    if (state.upper[variable] - state.lower[variable] < kInfinity) ++num_boxed;
  }
  if (largest == 0) largest = 1;
  if (largest > 100) largest = std::sqrt(std::sqrt(largest));
  if (num_boxed < kFewBoxed * state.num_variables()) largest = std::min(largest, 1.0);
  return kBase * largest;
}

}  // namespace

void PerturbCosts(const RandomStream& random, SimplexState& state) {
  const double size = RelativeSize(state);
  RandomStream stream = random;
  for (int column = 0; column < state.form.num_columns; ++column) {
    // every column draws, so that its perturbation does not depend on the basis
    const double perturbation = (std::abs(state.cost[column]) + 1) * size * (1 + stream.Uniform());
    if (state.stand[column] == Stand::kAtLower) {
      state.cost[column] += perturbation;
      state.reduced_cost[column] += perturbation;
    } else if (state.stand[column] == Stand::kAtUpper) {
      state.cost[column] -= perturbation;
      state.reduced_cost[column] -= perturbation;
    }
  }
  state.costs_differ = true;
}

}  // namespace restock::simplex
